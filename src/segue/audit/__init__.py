"""The audit: one durable row for every open, granted or refused, and for every change to what is shared."""

from segue.audit.addresses import AddressKeeper
from segue.audit.agents import agent_class
from segue.audit.history import Count, History, open_history
from segue.audit.log import AuditLog, Entry, open_audit
from segue.audit.reading import Filter, entries
from segue.audit.trail import Trail

__all__ = [
    "AddressKeeper",
    "AuditLog",
    "Count",
    "Entry",
    "Filter",
    "History",
    "Trail",
    "agent_class",
    "entries",
    "open_audit",
    "open_history",
]
