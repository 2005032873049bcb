"""Rows of procrastinate's tables, read and changed inside our own transactions.

The schema is procrastinate's (migration 0004 installs it), and so are fetching and heartbeats. What stands here is what
it has no function for: everything that has to come about together with rows of ours, or only for whoever holds the job.
A claim is told from every other by its worker and the attempts before it: taking a job away from a living worker, or
from one that may live, counts as an attempt.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from segue.database import Query, Reader, Tx
from segue.ids import JobId
from segue.jobs.counts import Count
from segue.jobs.task import Payload

_STATUS = ENUM("todo", "doing", "succeeded", "failed", name="procrastinate_job_status", create_type=False)

_jobs = table(
    "procrastinate_jobs",
    column("id", BigInteger),
    column("queue_name", String),
    column("status", _STATUS),
    column("args", JSONB),
    column("scheduled_at", DateTime(timezone=True)),
    column("attempts", Integer),
    column("worker_id", BigInteger),
)
_workers = table("procrastinate_workers", column("id", BigInteger), column("last_heartbeat", DateTime(timezone=True)))

# A worker that has been silent for so long is dead, whatever its lease.
_SILENT = timedelta(minutes=1)

_TODO, _DOING = _jobs.c.status == "todo", _jobs.c.status == "doing"

# Since when a job waits: its time, or, for one that was left to whoever knows its kind, the time that it had first.
_WAITS_SINCE = cast(
    func.coalesce(
        cast(_jobs.c.args["waits_since"].astext, BigInteger), func.floor(func.extract("epoch", _jobs.c.scheduled_at))
    ),
    BigInteger,
)

_RUNNING = _jobs.alias("running")

_OLDEST_LEFT = Query(
    select(func.min(_WAITS_SINCE)).where(
        _TODO,
        bindparam("now", type_=BigInteger) >= _WAITS_SINCE,
        ~exists().where(
            _RUNNING.c.queue_name == _jobs.c.queue_name,
            _RUNNING.c.status == "doing",
            _RUNNING.c.worker_id == _workers.c.id,
            _workers.c.last_heartbeat >= func.now() - _SILENT,
        ),
    ),
    ("now",),
)

_ADD = text("""
    SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS varchar), CAST(:kind AS varchar), CAST(:priority AS integer), NULL, NULL,
        CAST(:args AS jsonb), to_timestamp(CAST(:due_at AS float8))
    )::procrastinate_job_to_defer_v1]))[1]
""")


async def add(tx: Tx, kind: str, payload: Payload, *, queue: str, rank: int, due_at: int, now: int) -> JobId:
    del now  # the database writes down itself when it was
    args = msgspec.json.encode({"payload": payload}).decode()
    values = {"queue": queue, "kind": kind, "priority": -rank, "args": args, "due_at": due_at}
    return JobId(str((await tx.execute(_ADD, values)).scalar_one()))


async def remove(tx: Tx, job_id: JobId) -> bool:
    gone = delete(_jobs).where(_jobs.c.id == int(job_id), _jobs.c.status.in_(("todo", "doing")))
    removed = gone.returning(_jobs.c.id, _jobs.c.queue_name).cte("changed")
    return (await tx.execute(_said(removed, "abort_job_requested"))).first() is not None


async def waiting_s(reader: Reader, *, now: int) -> int:
    since: int | None = await reader.find(_OLDEST_LEFT, lambda rows: rows[0][0], now)
    return 0 if since is None else now - since


async def counts(tx: Tx, *, now: int) -> list[Count]:
    state = case((_DOING, "running"), (~_TODO, "failed"), (now >= _WAITS_SINCE, "waiting"), else_="later")
    found = await tx.execute(
        select(_jobs.c.queue_name, state.label("state"), func.count()).group_by(_jobs.c.queue_name, text("state"))
    )
    return [Count(*row) for row in found]


async def forget_failed(tx: Tx, *, before: int) -> None:
    failed_at = cast(_jobs.c.args["failed_at"].astext, BigInteger)
    await tx.execute(delete(_jobs).where(_jobs.c.status == "failed", failed_at < before))


async def adopt(tx: Tx, *, lease_s: float) -> list[JobId]:
    """Let others have the jobs of workers that have been silent for the lease. Returns which.

    procrastinate can list such jobs and then release each; two who did so at the same time would also release one that
    somebody had taken in between.
    """
    alive = exists().where(
        _workers.c.id == _jobs.c.worker_id, _workers.c.last_heartbeat >= func.now() - timedelta(seconds=lease_s)
    )
    released = _released(_DOING, ~alive).values(attempts=_jobs.c.attempts + 1)
    return [JobId(str(row[0])) for row in await tx.execute(_told(released))]


async def give_all_back(tx: Tx, worker_id: int) -> None:
    """Let others have at once whatever a worker still has; those attempts do not count."""
    await tx.execute(_told(_released(_DOING, _jobs.c.worker_id == worker_id)))


def _released(*which: ColumnElement[bool]) -> Update:
    return update(_jobs).where(*which).values(status="todo", worker_id=None, scheduled_at=func.now())


def _told(released: Update) -> Select[Any]:
    """The same, and the lanes hear of it: procrastinate itself tells them of new jobs only."""
    return _said(released.returning(_jobs.c.id, _jobs.c.queue_name).cte("changed"), "job_inserted")


def _said(changed: Any, what: str) -> Select[Any]:
    channel = func.concat("procrastinate_queue_v1#", changed.c.queue_name)
    notice = func.json_build_object(cast("type", Text), cast(what, Text), cast("job_id", Text), changed.c.id)
    return select(changed.c.id, func.pg_notify(channel, cast(notice, Text)))


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker (see `attempt.Hold`). Whoever has lost it changes nothing any more."""

    number: int
    worker_id: int
    attempts: int

    async def end(self, tx: Tx) -> bool:
        return (await tx.execute(delete(_jobs).where(self._mine()))).rowcount == 1

    async def fail(self, tx: Tx, sentence: str, *, now: int) -> bool:
        told = _with(fault=sentence, failed_at=str(now))
        return await self._change(tx, status="failed", attempts=self.attempts + 1, args=told)

    async def put_off(self, tx: Tx, *, due_at: int) -> bool:
        return await self._change(
            tx,
            status="todo",
            worker_id=None,
            attempts=self.attempts + 1,
            scheduled_at=func.to_timestamp(due_at),
            args=_jobs.c.args.op("-")(cast("waits_since", Text)),
        )

    async def leave(self, tx: Tx, *, seconds: float) -> bool:
        """Nobody here knows what it is, and somebody else may: later, and the attempt does not count."""
        return await self._change(
            tx,
            status="todo",
            worker_id=None,
            scheduled_at=func.now() + timedelta(seconds=seconds),
            args=_with(waits_since=_WAITS_SINCE),
        )

    async def give_back(self, tx: Tx, *, now: int) -> bool:
        del now
        return (await tx.execute(_told(_released(self._mine())))).first() is not None

    async def _change(self, tx: Tx, **values: object) -> bool:
        return (await tx.execute(update(_jobs).where(self._mine()).values(**values))).rowcount == 1

    def _mine(self) -> ColumnElement[bool]:
        return and_(
            _jobs.c.id == self.number,
            _DOING,
            _jobs.c.worker_id == self.worker_id,
            _jobs.c.attempts == self.attempts,
        )


def _with(**more: str | ColumnElement[Any]) -> ColumnElement[Any]:
    """The arguments with more of them."""
    pairs = [cast(each, Text) for name, value in more.items() for each in (name, value)]
    return _jobs.c.args.op("||")(func.jsonb_build_object(*pairs))


async def standing(tx: Tx, claims: Collection[Claim]) -> set[Claim]:
    """Those of the claims that still hold their jobs."""
    held = select(_jobs.c.id, _jobs.c.worker_id, _jobs.c.attempts)
    rows = await tx.execute(held.where(_DOING, _jobs.c.id.in_([claim.number for claim in claims])))
    return {Claim(*row) for row in rows} & set(claims)
