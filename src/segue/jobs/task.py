"""What a kind of job is: its work, and what is written down when the work is given up. It runs nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from segue.database import Tx

Payload = dict[str, str]

# Runs in the transaction that ends the job, and only for whoever still holds the job.
Effect = Callable[[Tx], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class JobCall:
    """One attempt at a job: the how-manieth it is, counted from 1, and whether somebody still waits for it.

    `lost` is set when the job is this worker's no longer: its lease ran out, or it was cancelled. The work is then
    cancelled as well; what cannot be cancelled (a thread) may look here. Its effect would be refused.
    """

    attempt: int
    lost: asyncio.Event = field(default_factory=asyncio.Event)


async def _nothing(_tx: Tx) -> None:
    pass


def nothing_more(_payload: Payload, _sentence: str) -> Effect:
    """For a kind of job whose failure nobody has to be told of: it stays in the log and among the failed jobs."""
    return _nothing


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job.

    `work` may be called again for the same job, also while an earlier call still goes on somewhere, so it must not
    mind; its effect comes once. It is cancelled when its process stops or the job is lost. It may raise a `Failure`,
    whose sentence is kept: `Unavailable` is tried again, every other kind is for good, and any other exception is
    tried again. `give_up` is asked for the effect that comes instead when the job fails for good; it gets the sentence.
    """

    work: Callable[[Payload, JobCall], Awaitable[Effect]]
    give_up: Callable[[Payload, str], Effect] = nothing_more
