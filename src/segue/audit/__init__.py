"""The audit: one durable row for every open, granted or refused, and for every change to what is shared."""

from segue.audit.addresses import AddressKeeper
from segue.audit.agents import agent_class
from segue.audit.log import AuditLog, Entry, open_audit
from segue.audit.reading import Filter, entries
from segue.audit.trail import Trail

__all__ = ["AddressKeeper", "AuditLog", "Entry", "Filter", "Trail", "agent_class", "entries", "open_audit"]
