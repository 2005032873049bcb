"""Rows of generations. Whose they are stands in every statement of a caller's; a state changes only by a move."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from segue.access import Caller
from segue.database import Query, Tx, insert_new, next_in, paged
from segue.generations.rules import ACTIVE, Status, before
from segue.generations.tables import generations
from segue.ids import GenerationId, OrganizationId, TrackId, UserId, has_prefix
from segue.tracks import renditions, tracks


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation as its row has it. Times are unix seconds, `brief` is JSON."""

    id: GenerationId
    organization_id: OrganizationId
    user_id: UserId
    status: str
    progress: int
    engine: str
    mode: str
    title: str | None
    brief: str
    seed_track_id: TrackId | None
    track_id: TrackId
    cost_chf_e4: int
    error_message: str | None
    refusal_reason: str | None
    key_digest: bytes | None
    fingerprint: bytes
    created_at: int
    cancel_at: int | None = None
    started_at: int | None = None
    ended_at: int | None = None

    @property
    def who(self) -> Caller:
        return Caller(self.user_id, self.organization_id)


@dataclass(frozen=True, slots=True)
class Result:
    """The track that came of a generation, as far as its job shows it."""

    id: TrackId
    title: str | None
    engine: str
    mode: str
    instrumental: bool
    duration_s: float
    licence_class: str
    playback: str
    mime_type: str


_GENERATION = [generations.c[name] for name in Generation.__slots__]
_FIRST = ("organization_id", "user_id")


def _page(*filters: str) -> Query:
    whose = [generations.c[name] == bindparam(name) for name in (*_FIRST, *filters)]
    page = paged(select(*_GENERATION).where(*whose).order_by(generations.c.nth.desc()))
    return Query(page, (*_FIRST, *filters, "limit", "offset"))


_ALL, _OF_STATUS = _page(), _page("status")

_RESULT = Query(
    select(
        tracks.c.id,
        tracks.c.title,
        tracks.c.engine,
        tracks.c.mode,
        tracks.c.instrumental,
        tracks.c.duration_s,
        tracks.c.licence_class,
        tracks.c.playback,
        renditions.c.mime_type,
    )
    .join(renditions, and_(renditions.c.track_id == tracks.c.id, renditions.c.name == tracks.c.playback))
    .where(tracks.c.id == bindparam("track_id"), tracks.c.removed_at.is_(None)),
    ("track_id",),
)

# Of the last ones of an engine, what their makers had to wait, and the brief that says how long they are.
_LAST_ENDED = Query(
    select(generations.c.started_at, generations.c.ended_at, generations.c.brief)
    .where(generations.c.engine == bindparam("engine"), generations.c.status == Status.SUCCEEDED.value)
    .order_by(generations.c.ended_at.desc())
    .limit(8),
    ("engine",),
)


def _own(who: Caller) -> ColumnElement[bool]:
    return and_(generations.c.organization_id == who.organization_id, generations.c.user_id == who.user_id)


async def add(tx: Tx, made: Generation) -> bool:
    """False when the caller's key has been used for another one before."""
    values = {name: getattr(made, name) for name in Generation.__slots__}
    return await insert_new(tx, generations, **values, nth=next_in(generations.c.nth, _own(made.who)))


async def of_key(tx: Tx, who: Caller, key_digest: bytes) -> Generation | None:
    statement = select(*_GENERATION).where(_own(who), generations.c.key_digest == key_digest)
    row = (await tx.execute(statement)).first()
    return None if row is None else Generation(*row)


async def find_own(tx: Tx, who: Caller, generation_id: str) -> Generation | None:
    if not has_prefix(generation_id, "mgen"):
        return None
    row = (await tx.execute(select(*_GENERATION).where(generations.c.id == generation_id, _own(who)))).first()
    return None if row is None else Generation(*row)


async def find(tx: Tx, generation_id: GenerationId) -> Generation | None:
    row = (await tx.execute(select(*_GENERATION).where(generations.c.id == generation_id))).first()
    return None if row is None else Generation(*row)


async def newest(tx: Tx, who: Caller, status: str | None, *, limit: int, offset: int) -> list[Generation]:
    values = {"organization_id": who.organization_id, "user_id": who.user_id, "limit": limit, "offset": offset}
    if status is None:
        rows = await tx.execute(_ALL.select, values)
    else:
        rows = await tx.execute(_OF_STATUS.select, values | {"status": status})
    return [Generation(*row) for row in rows]


async def open_count(tx: Tx, who: Caller) -> int:
    """How many of the caller's are not at their end."""
    active = generations.c.status.in_([status.value for status in ACTIVE])
    return int((await tx.execute(select(func.count()).select_from(generations).where(_own(who), active))).scalar_one())


async def result(tx: Tx, track_id: TrackId) -> Result | None:
    """The track, unless it has been removed."""
    row = (await tx.execute(_RESULT.select, {"track_id": track_id})).first()
    return None if row is None else Result(*row)


async def last_ended(tx: Tx, engine: str) -> list[tuple[int, int, str]]:
    """When the last ones of an engine began and ended, and their briefs."""
    return [
        (row.started_at, row.ended_at, row.brief) for row in await tx.execute(_LAST_ENDED.select, {"engine": engine})
    ]


async def move(
    tx: Tx, generation_id: GenerationId, status: Status, out_of: AbstractSet[Status], **values: int | str | None
) -> Generation | None:
    """The generation in its new state; None when there is no way there out of one of these, or it stands in another."""
    ways = sorted(each.value for each in before(status) & out_of)
    there = and_(generations.c.id == generation_id, generations.c.status.in_(ways))
    statement = update(generations).where(there).values(status=status.value, **values).returning(*_GENERATION)
    row = (await tx.execute(statement)).first()
    return None if row is None else Generation(*row)


async def reach(tx: Tx, generation_id: GenerationId, progress: int) -> None:
    running = and_(generations.c.id == generation_id, generations.c.status == Status.RUNNING.value)
    await tx.execute(update(generations).where(running).values(progress=progress))


async def ask_to_stop(tx: Tx, who: Caller, generation_id: str, *, now: int) -> None:
    """Note that an active one is not wanted any more."""
    active = generations.c.status.in_([status.value for status in ACTIVE])
    there = and_(generations.c.id == generation_id, _own(who), active, generations.c.cancel_at.is_(None))
    await tx.execute(update(generations).where(there).values(cancel_at=now))
