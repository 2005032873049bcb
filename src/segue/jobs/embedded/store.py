"""Rows of jobs. A claim is one statement under the write lock, so two workers never hold one job.

Whoever holds a job has a name for that in the row, a new one at each claim; `due_at` is then the end of the lease.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, false, func, insert, or_, select, update

from segue.database import Query, Reader, Tx
from segue.ids import JobId
from segue.jobs.attempt import Job
from segue.jobs.counts import Count
from segue.jobs.embedded.tables import jobs
from segue.jobs.task import Payload

_OPEN = jobs.c.state == "open"

_RUNNING = jobs.alias("running")

_OLDEST_LEFT = Query(
    select(jobs.c.due_at)
    .where(
        _OPEN,
        jobs.c.due_at <= bindparam("now"),
        ~exists().where(
            _RUNNING.c.queue == jobs.c.queue,
            _RUNNING.c.state == "open",
            _RUNNING.c.due_at > bindparam("now"),
            _RUNNING.c.holder.is_not(None),
        ),
    )
    .order_by(jobs.c.due_at)
    .limit(1),
    ("now",),
)

_HELD = Query(
    select(jobs.c.id).where(jobs.c.id == bindparam("job"), jobs.c.holder == bindparam("holder"), _OPEN),
    ("job", "holder"),
)


def due_in(lane: str, kinds: Collection[str]) -> tuple[Query, Query]:
    """Whether a lane has a job that is due, of one of these kinds and of any other. Parameter: the present second."""
    due = select(jobs.c.kind).where(jobs.c.queue == lane, _OPEN, jobs.c.due_at <= bindparam("now")).limit(1)
    known = or_(false(), *(jobs.c.kind == kind for kind in kinds))
    return Query(due.where(known), ("now",)), Query(due.where(~known), ("now",))


async def first_kind(reader: Reader, query: Query, *, now: int) -> str | None:
    return await reader.find(query, lambda rows: str(rows[0][0]) if rows else None, now)


async def waiting_s(reader: Reader, *, now: int) -> int:
    return now - await reader.find(_OLDEST_LEFT, lambda rows: int(rows[0][0]) if rows else now, now)


async def counts(tx: Tx, *, now: int) -> list[Count]:
    state = case(
        (jobs.c.state == "failed", "failed"),
        (jobs.c.due_at <= now, "waiting"),
        (jobs.c.holder.is_not(None), "running"),
        else_="later",
    ).label("now_state")
    found = await tx.execute(select(jobs.c.queue, state, func.count()).group_by(jobs.c.queue, "now_state"))
    return [Count(*row) for row in found]


async def add(tx: Tx, kind: str, payload: Payload, *, queue: str, rank: int, due_at: int, now: int) -> JobId:
    added = await tx.execute(
        insert(jobs)
        .values(
            queue=queue,
            kind=kind,
            payload=msgspec.json.encode(payload).decode(),
            rank=rank,
            state="open",
            attempts=0,
            due_at=due_at,
            created_at=now,
        )
        .returning(jobs.c.id)
    )
    return JobId(str(added.scalar_one()))


async def remove(tx: Tx, job_id: JobId) -> bool:
    return (await tx.execute(delete(jobs).where(jobs.c.id == int(job_id), _OPEN))).rowcount == 1


async def forget_failed(tx: Tx, *, before: int) -> None:
    await tx.execute(delete(jobs).where(jobs.c.state == "failed", jobs.c.ended_at < before))


async def claim(tx: Tx, lane: str, kinds: Collection[str], *, now: int, until: int) -> "tuple[Job, Claim] | None":
    holder = secrets.token_hex(8)
    first = (
        select(jobs.c.id)
        .where(jobs.c.queue == lane, jobs.c.kind.in_(kinds), _OPEN, jobs.c.due_at <= now)
        .order_by(jobs.c.rank, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (
        await tx.execute(
            update(jobs)
            .where(jobs.c.id == first.scalar_subquery())
            .values(holder=holder, due_at=until, attempts=jobs.c.attempts + 1)
            .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
        )
    ).first()
    if row is None:
        return None
    job = Job(JobId(str(row.id)), row.kind, msgspec.json.decode(row.payload), row.attempts)
    return job, Claim(row.id, holder)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one holder (see `attempt.Hold`). Whoever has lost it changes nothing any more."""

    number: int
    holder: str

    async def stands(self, reader: Reader) -> bool:
        return await reader.find(_HELD, bool, self.number, self.holder)

    async def renew(self, tx: Tx, *, until: int) -> bool:
        return await self._change(tx, due_at=until)

    async def end(self, tx: Tx) -> bool:
        return (await tx.execute(delete(jobs).where(self._mine()))).rowcount == 1

    async def fail(self, tx: Tx, sentence: str, *, now: int) -> bool:
        return await self._change(tx, state="failed", ended_at=now, fault=sentence, holder=None)

    async def put_off(self, tx: Tx, *, due_at: int) -> bool:
        return await self._change(tx, due_at=due_at, holder=None)

    async def give_back(self, tx: Tx, *, now: int) -> bool:
        return await self._change(tx, due_at=now, holder=None, attempts=jobs.c.attempts - 1)

    async def _change(self, tx: Tx, **values: object) -> bool:
        return (await tx.execute(update(jobs).where(self._mine()).values(**values))).rowcount == 1

    def _mine(self) -> ColumnElement[bool]:
        return and_(jobs.c.id == self.number, jobs.c.holder == self.holder, _OPEN)
