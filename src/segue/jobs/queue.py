"""Puts jobs in, takes them out, and says how many wait. Which engine keeps them is the database's own matter."""

from typing import Protocol

from segue.database import Reader, Tx
from segue.ids import JobId
from segue.jobs.counts import Count
from segue.jobs.distributed import store as distributed
from segue.jobs.embedded import store as embedded
from segue.jobs.pace import check_lane
from segue.jobs.task import Payload

UPKEEP = "upkeep"


class _Store(Protocol):
    """What each engine's store has for this."""

    async def add(
        self, tx: Tx, kind: str, payload: Payload, *, queue: str, rank: int, due_at: int, now: int
    ) -> JobId: ...

    async def remove(self, tx: Tx, job_id: JobId) -> bool: ...

    async def waiting_s(self, reader: Reader, *, now: int) -> int: ...

    async def counts(self, tx: Tx, *, now: int) -> list[Count]: ...

    async def forget_failed(self, tx: Tx, *, before: int) -> None: ...


_STORES: dict[str, _Store] = {"sqlite": embedded, "postgresql": distributed}


async def enqueue(
    tx: Tx,
    kind: str,
    payload: Payload,
    *,
    now: int,
    after_s: int = 0,
    queue: str = UPKEEP,
    rank: int = 0,
) -> JobId:
    """The job exists if and only if the transaction commits. It is due in `after_s` seconds.

    `queue` names the lane that it waits in. Within a lane the smallest `rank` is first, then the oldest; whoever
    passes the number of jobs that the same person has open already makes the lane fair.
    """
    check_lane(queue)
    return await _STORES[tx.dialect.name].add(tx, kind, payload, queue=queue, rank=rank, due_at=now + after_s, now=now)


async def cancel(tx: Tx, job_id: JobId) -> bool:
    """The job is over once the transaction commits: it is not begun any more, and an effect of it is refused.

    Work under way is told and cancelled. False when it had ended already. Call it before writing the rows that the
    job's effect writes too: the effect locks the job first, and two who lock in another order wait for each other.
    """
    return await _STORES[tx.dialect.name].remove(tx, job_id)


async def waiting_s(reader: Reader, *, now: int) -> int:
    """How long the oldest job that is due has been waiting in a lane where nothing is under way; 0 when none does.

    What waits behind others is being done. What waits alone for long has no worker, or none that knows its kind.
    """
    return await _STORES[reader.DIALECT.name].waiting_s(reader, now=now)


async def counts(tx: Tx, *, now: int) -> list[Count]:
    """How many jobs each lane has in which state."""
    return await _STORES[tx.dialect.name].counts(tx, now=now)


async def forget_failed(tx: Tx, *, before: int) -> None:
    """Remove what was given up before a moment. What was done has left nothing."""
    await _STORES[tx.dialect.name].forget_failed(tx, before=before)
