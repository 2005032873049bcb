"""Rows of jobs. A claim is one statement under the write lock, so two runners never hold one job."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from segue.database import Query, Reader, Tx
from segue.ids import JobId
from segue.jobs.tables import jobs


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in the hands of one holder. The holder's name is the fence: whoever lost it changes nothing any more."""

    job_id: JobId
    kind: str
    payload: str
    attempts: int
    holder: str


_DUE = Query(
    select(jobs.c.id).where(jobs.c.state == "open", jobs.c.due_at <= bindparam("now")).limit(1),
    ("now",),
)


_OLDEST_DUE = Query(
    select(jobs.c.due_at)
    .where(jobs.c.state == "open", jobs.c.due_at <= bindparam("now"))
    .order_by(jobs.c.due_at)
    .limit(1),
    ("now",),
)


async def waiting_s(reader: Reader, *, now: int) -> int:
    """How long the oldest job that is due has been waiting; 0 when none is."""
    return now - await reader.find(_OLDEST_DUE, lambda rows: int(rows[0][0]) if rows else now, now)


async def any_due(reader: Reader, *, now: int) -> bool:
    return await reader.find(_DUE, bool, now)


async def add(tx: Tx, job_id: JobId, kind: str, payload: str, *, due_at: int, now: int) -> None:
    await tx.execute(
        insert(jobs).values(
            id=job_id, kind=kind, payload=payload, state="open", attempts=0, due_at=due_at, created_at=now
        )
    )


async def claim(tx: Tx, holder: str, *, now: int, until: int) -> Claimed | None:
    due = (
        select(jobs.c.id)
        .where(jobs.c.state == "open", jobs.c.due_at <= now)
        .order_by(jobs.c.due_at, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (
        await tx.execute(
            update(jobs)
            .where(jobs.c.id == due.scalar_subquery())
            .values(holder=holder, due_at=until, attempts=jobs.c.attempts + 1)
            .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
        )
    ).first()
    return None if row is None else Claimed(JobId(row.id), row.kind, row.payload, row.attempts, holder)


async def postpone(tx: Tx, job: Claimed, *, due_at: int) -> bool:
    """Move the moment at which somebody else may take the job. False when somebody else has."""
    return await _change(tx, job, due_at=due_at)


async def end(tx: Tx, job: Claimed, state: str, *, now: int, fault: str | None = None) -> bool:
    """`done` or `failed`, for good. False when the job is no longer this holder's."""
    return await _change(tx, job, state=state, ended_at=now, fault=fault)


async def _change(tx: Tx, job: Claimed, **values: int | str | None) -> bool:
    held = (jobs.c.id == job.job_id) & (jobs.c.holder == job.holder) & (jobs.c.state == "open")
    return (await tx.execute(update(jobs).where(held).values(**values))).rowcount == 1
