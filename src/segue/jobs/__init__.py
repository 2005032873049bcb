"""One queue for work that outlives a request: put in inside a transaction, done at least once, its effect once."""

from segue.jobs.queue import enqueue
from segue.jobs.runner import Effect, Handler, Runner
from segue.jobs.store import waiting_s

__all__ = ["Effect", "Handler", "Runner", "enqueue", "waiting_s"]
