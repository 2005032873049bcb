"""Rows of focus sessions and of their segments. Whose they are stands in every statement of a caller's."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, select, update

from segue.access import Caller
from segue.database import Query, Tx
from segue.focus.plan import Goal, Made, Plan, SessionStatus
from segue.focus.tables import focus_segments, focus_sessions
from segue.generations import Status, generations
from segue.ids import FocusId, GenerationId, OrganizationId, TrackId, UserId, has_prefix
from segue.tracks import tracks


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its row has it. Times are unix seconds."""

    id: FocusId
    organization_id: OrganizationId
    user_id: UserId
    status: str
    goal: str
    engine: str
    target_minutes: int
    custom_prompt: str | None
    intensity: str
    divergence: float
    seed: int
    created_at: int
    ended_at: int | None = None

    @property
    def who(self) -> Caller:
        return Caller(self.user_id, self.organization_id)

    @property
    def active(self) -> bool:
        return self.status == SessionStatus.ACTIVE.value

    @property
    def plan(self) -> Plan:
        return Plan(
            Goal(self.goal),
            self.engine,
            self.target_minutes,
            self.custom_prompt,
            self.intensity,
            self.divergence,
            self.seed,
        )


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment with its generation, and with its track once that is there and for as long as it is."""

    index: int
    tries: int
    generation_id: GenerationId
    status: str
    started_at: int | None
    track_id: TrackId | None
    playback: str | None
    duration_s: float | None

    @property
    def made(self) -> Made:
        return Made(self.index, Status(self.status), self.tries)

    @property
    def ready(self) -> bool:
        return self.track_id is not None


_SESSION = [focus_sessions.c[name] for name in Session.__slots__]

_SEGMENTS = Query(
    select(
        focus_segments.c.segment_index,
        focus_segments.c.tries,
        generations.c.id,
        generations.c.status,
        generations.c.started_at,
        tracks.c.id,
        tracks.c.playback,
        tracks.c.duration_s,
    )
    .join(generations, generations.c.id == focus_segments.c.generation_id)
    .outerjoin(tracks, and_(tracks.c.id == generations.c.track_id, tracks.c.removed_at.is_(None)))
    .where(focus_segments.c.session_id == bindparam("session_id"))
    .order_by(focus_segments.c.segment_index),
    ("session_id",),
)


def _own(who: Caller) -> ColumnElement[bool]:
    return and_(focus_sessions.c.organization_id == who.organization_id, focus_sessions.c.user_id == who.user_id)


async def add(tx: Tx, session: Session) -> None:
    await tx.execute(insert(focus_sessions).values({name: getattr(session, name) for name in Session.__slots__}))


async def find_own(tx: Tx, who: Caller, session_id: str) -> Session | None:
    if not has_prefix(session_id, "mfocus"):
        return None
    row = (await tx.execute(select(*_SESSION).where(focus_sessions.c.id == session_id, _own(who)))).first()
    return None if row is None else Session(*row)


async def take(tx: Tx, who: Caller, session_id: str) -> Session | None:
    """The caller's session, held until the transaction ends."""
    if not has_prefix(session_id, "mfocus"):
        return None
    own = and_(focus_sessions.c.id == session_id, _own(who))
    statement = update(focus_sessions).where(own).values(status=focus_sessions.c.status).returning(*_SESSION)
    row = (await tx.execute(statement)).first()
    return None if row is None else Session(*row)


async def active_count(tx: Tx, who: Caller) -> int:
    active = focus_sessions.c.status == SessionStatus.ACTIVE.value
    statement = select(func.count()).select_from(focus_sessions).where(_own(who), active)
    return int((await tx.execute(statement)).scalar_one())


async def close(tx: Tx, session_id: FocusId, status: SessionStatus, *, now: int) -> None:
    """End an active session; another one stays as it is."""
    there = and_(focus_sessions.c.id == session_id, focus_sessions.c.status == SessionStatus.ACTIVE.value)
    await tx.execute(update(focus_sessions).where(there).values(status=status.value, ended_at=now))


async def segments(tx: Tx, session_id: FocusId) -> list[SegmentRow]:
    """In their order."""
    return [SegmentRow(*row) for row in await tx.execute(_SEGMENTS.select, {"session_id": session_id})]


async def put_segment(
    tx: Tx, session_id: FocusId, index: int, generation_id: GenerationId, before: SegmentRow | None
) -> None:
    """The generation of a segment; `before` is the one in whose place it comes."""
    if before is None:
        await tx.execute(
            insert(focus_segments).values(
                session_id=session_id, segment_index=index, generation_id=generation_id, tries=1
            )
        )
        return
    there = and_(focus_segments.c.session_id == session_id, focus_segments.c.segment_index == index)
    await tx.execute(update(focus_segments).where(there).values(generation_id=generation_id, tries=before.tries + 1))
