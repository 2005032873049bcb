"""A change over the API: one transaction, one row of the audit, and one effect for one `Idempotency-Key`."""

from segue.changes.change import Change
from segue.changes.seal import Seal

__all__ = ["Change", "Seal"]
