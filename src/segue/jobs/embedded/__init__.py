"""The queue inside the database of one machine: a table of leases, and lanes that look at it."""

from segue.jobs.embedded.lanes import Embedded

__all__ = ["Embedded"]
