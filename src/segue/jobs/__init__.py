"""One queue for work that outlives a request: put in inside a transaction, done at least once, its effect once."""

from segue.jobs.queue import enqueue
from segue.jobs.runner import Effect, Handler, Runner

__all__ = ["Effect", "Handler", "Runner", "enqueue"]
