"""Focus sessions over HTTP: start, get, end."""

import secrets
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.changes import Change
from segue.database import Database, Tx
from segue.engines import Registry
from segue.errors import Conflict, Invalid, NotFound, TooMany
from segue.focus import store
from segue.focus.advance import advance, is_behind, next_ready_at, pace_of
from segue.focus.end import end
from segue.focus.plan import Goal, Plan, cut
from segue.focus.start import TOO_MANY_ACTIVE, start
from segue.focus.store import SegmentRow, Session
from segue.generations import Policy, Wake
from segue.http import Reply, get, post
from segue.limits import PROMPT_CHARS_MAX, SEED_MAX
from segue.playback import STREAM, Signer

NO_SESSION = NotFound("There is no such session.")
MINUTES_MAX = 480

GoalWord = Literal["focus", "relax", "sleep", "energize", "custom_prompt"]
_NEEDS_PROMPT = "With this goal, a custom_prompt says what is to be heard."


class NewSession(msgspec.Struct, forbid_unknown_fields=True):
    """A session to be started. `divergence` is from 0, where all segments are alike, to 1."""

    goal: GoalWord
    target_minutes: Annotated[int, Meta(ge=1, le=MINUTES_MAX)]
    custom_prompt: (
        Annotated[str, Meta(max_length=PROMPT_CHARS_MAX, description="What the goal is named for.")] | None
    ) = None
    intensity: Literal["low", "medium", "high"] = "medium"
    divergence: Annotated[float, Meta(ge=0, le=1)] = 0.0
    engine: Annotated[str, Meta(description="The key of an engine. Nothing: a suitable one.")] | None = None


class SegmentView(msgspec.Struct):
    """A segment that is ready. It begins to fade `fade_out_ms` before its end, and there the next one begins."""

    segment_index: int
    playback_url: str
    measured_duration_seconds: float
    target_lufs: float
    fade_in_ms: int
    fade_out_ms: int


class SessionView(msgspec.Struct):
    """A session. `next_ready_at` is when the next segment is expected, to ask again then."""

    session_id: str
    status: Literal["active", "ended", "stopped_cap"]
    goal: GoalWord
    engine: str
    target_minutes: int
    total_segments: int
    ready_count: int
    segments: list[SegmentView]
    more_pending: bool
    next_ready_at: str | None


_EXAMPLE = SessionView(
    session_id="mfocus_7c2a9f4e1b8d",
    status="active",
    goal="focus",
    engine="studio",
    target_minutes=60,
    total_segments=30,
    ready_count=1,
    segments=[
        SegmentView(
            segment_index=0,
            playback_url="https://music.example/media/mtrack_7c1a9e2f4b8d/master?grant=…",
            measured_duration_seconds=126.316,
            target_lufs=-18.0,
            fade_in_ms=0,
            fade_out_ms=6316,
        )
    ],
    more_pending=True,
    next_ready_at="2026-06-28T10:30:12Z",
)
_STARTED = msgspec.structs.replace(_EXAMPLE, ready_count=0, segments=[])
_ENDED = msgspec.structs.replace(
    _EXAMPLE, status="ended", ready_count=5, segments=[], more_pending=False, next_ready_at=None
)


@post(
    "/v1/music/{organization_id}/focus/sessions",
    status=202,
    errors=(
        Conflict(TOO_MANY_ACTIVE, code="OPERATION_NOT_ALLOWED"),
        TooMany(
            "This would exceed what your organization may spend in a day: 10.00 CHF.",
            code="SPEND_LIMIT_EXCEEDED",
            retry_after_s=60,
        ),
    ),
    asks=NewSession("focus", 60),
    example=_STARTED,
)
async def start_session(
    who: Caller, body: NewSession, change: Change, engines: Registry, policy: Policy, wake: Wake, now: int
) -> Reply[SessionView]:
    """Start a session. Its first segments are made at once, and further ones as it is listened to."""
    plan = _plan(body, secrets.randbelow(SEED_MAX + 1))
    async with change as tx:
        session = await start(tx, who, plan, engines, policy, now=now)
        found = await store.segments(tx, session.id)
        seen = _view(session, found, [], await _next_at(tx, session, found, now=now))
        done = await change.done(seen, "focus.start", subject_id=session.id)
    wake()
    return done


def _plan(body: NewSession, seed: int) -> Plan:
    if body.goal == Goal.CUSTOM_PROMPT.value and not _plain(body.custom_prompt).strip():
        raise Invalid(_NEEDS_PROMPT, faults={"custom_prompt": _NEEDS_PROMPT})
    return Plan(
        goal=Goal(body.goal),
        engine=body.engine or "",
        target_minutes=body.target_minutes,
        custom_prompt=_plain(body.custom_prompt) if body.goal == Goal.CUSTOM_PROMPT.value else None,
        intensity=body.intensity,
        divergence=body.divergence,
        seed=seed,
    )


def _plain(text: str | None) -> str:
    """Without the one character that no column of text can hold."""
    return (text or "").replace("\0", " ")


@get("/v1/music/{organization_id}/focus/sessions/{session_id}", errors=(NO_SESSION,), example=_EXAMPLE)
async def get_session(
    session_id: str,
    who: Caller,
    database: Database,
    engines: Registry,
    policy: Policy,
    signer: Signer,
    wake: Wake,
    now: int,
) -> SessionView:
    """Get a session with its segments, each with a fresh playback address. Whoever listens asks again from time to
    time: that is what keeps it going.
    """
    async with database.reading() as tx:
        session, found = await _read(tx, who, session_id)
        following = await _next_at(tx, session, found, now=now)
    if is_behind(session, found, now=now):
        async with database.transaction() as tx:
            await advance(tx, who, session_id, engines, policy, now=now)
            session, found = await _read(tx, who, session_id)
            following = await _next_at(tx, session, found, now=now)
        wake()
    return _view(session, found, _segments(session, found, signer, now=now), following)


@post(
    "/v1/music/{organization_id}/focus/sessions/{session_id}/end",
    status=200,
    errors=(NO_SESSION,),
    example=_ENDED,
)
async def end_session(session_id: str, who: Caller, change: Change, now: int) -> Reply[SessionView]:
    """End a session: no further segments are made, and those that are ready stay. Twice is once."""
    async with change as tx:
        session, ended = await end(tx, who, session_id, now=now)
        seen = _view(session, await store.segments(tx, session.id), [], None)
        outcome = "done" if ended else "unchanged"
        return await change.done(seen, "focus.end", outcome=outcome, subject_id=session.id)


async def _read(tx: Tx, who: Caller, session_id: str) -> tuple[Session, list[SegmentRow]]:
    session = await store.find_own(tx, who, session_id)
    if session is None:
        raise NotFound(NO_SESSION.message)
    return session, await store.segments(tx, session.id)


async def _next_at(tx: Tx, session: Session, found: list[SegmentRow], *, now: int) -> str | None:
    if not session.active:
        return None
    return next_ready_at(session, found, await pace_of(tx, session.engine), now=now)


def _segments(session: Session, found: list[SegmentRow], signer: Signer, *, now: int) -> list[SegmentView]:
    plan, url = session.plan, signer.minter(session.user_id, now=now)
    return [
        SegmentView(
            segment_index=each.index,
            playback_url=url(each.track_id, each.playback, STREAM),
            measured_duration_seconds=round(each.duration_s or 0.0, 3),
            target_lufs=plan.target_lufs,
            fade_in_ms=round(1_000 * cut(plan, each.index - 1).fade_s) if each.index else 0,
            fade_out_ms=round(1_000 * cut(plan, each.index).fade_s),
        )
        for each in found
        if each.track_id is not None and each.playback is not None
    ]


def _view(session: Session, found: list[SegmentRow], segments: list[SegmentView], following: str | None) -> SessionView:
    plan, ready = session.plan, sum(each.ready for each in found)
    return SessionView(
        session_id=session.id,
        status=session.status,  # type: ignore[arg-type]
        goal=session.goal,  # type: ignore[arg-type]
        engine=session.engine,
        target_minutes=session.target_minutes,
        total_segments=plan.total_segments,
        ready_count=ready,
        segments=segments,
        more_pending=session.active and ready < plan.total_segments,
        next_ready_at=following,
    )


ENDPOINTS = (start_session, get_session, end_session)
