"""One queue for work that outlives a request: put in inside a transaction, done at least once, its effect once.

What it owns: when a job is done and by whom, also when a process or a machine dies. What a job does it does not know.
"""

from segue.jobs.counts import Count
from segue.jobs.pace import Pace
from segue.jobs.queue import UPKEEP, cancel, counts, enqueue, waiting_s
from segue.jobs.task import Effect, JobCall, Payload, Task, nothing_more
from segue.jobs.workers import Workers

__all__ = [
    "UPKEEP",
    "Count",
    "Effect",
    "JobCall",
    "Pace",
    "Payload",
    "Task",
    "Workers",
    "cancel",
    "counts",
    "enqueue",
    "nothing_more",
    "waiting_s",
]
