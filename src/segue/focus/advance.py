"""Keeps a session going: asks for the segments that are due, and notices when it is over.

Guarantee: however many ask at once, a segment is asked for once. Nothing is made for somebody who has stopped asking.
"""

import msgspec

from segue import generations
from segue.access import Caller
from segue.clock import utc_text
from segue.database import Tx
from segue.engines import Brief, Offer, Registry
from segue.errors import TooMany
from segue.focus import store
from segue.focus.plan import SessionStatus, due, over, real_time_factor, wish_of
from segue.focus.store import SegmentRow, Session
from segue.generations import Once, Policy


async def advance(
    tx: Tx, who: Caller, session_id: str, engines: Registry, policy: Policy, *, now: int
) -> Session | None:
    """The caller's session as it stands afterwards."""
    session = await store.take(tx, who, session_id)
    if session is None or not session.active:
        return session
    found = await store.segments(tx, session.id)
    offer = engines.find(session.engine)
    if offer is None or over(session.plan, [each.made for each in found]):
        await store.close(tx, session.id, SessionStatus.ENDED, now=now)
    else:
        try:
            await ask(tx, session, found, offer, policy, now=now)
        except TooMany:
            await store.close(tx, session.id, SessionStatus.STOPPED_CAP, now=now)
    return await store.find_own(tx, who, session_id)


async def ask(tx: Tx, session: Session, found: list[SegmentRow], offer: Offer, policy: Policy, *, now: int) -> None:
    """Ask for what is due. Raises `TooMany` when a spend cap stands in the way; those before it are asked for."""
    plan, there = session.plan, {each.index: each for each in found}
    for index in due(plan, [each.made for each in found], session.created_at, now=now):
        wish = wish_of(plan, index, keeps_tempo=offer.facts.supports_tempo_and_key)
        await generations.afford(tx, session.who, wish, policy, now=now)
        made, _ = await generations.request(
            tx, session.who, wish, offer, policy, Once(None, b""), seed=plan.seed, now=now
        )
        await store.put_segment(tx, session.id, index, made.id, there.get(index))


def is_behind(session: Session, found: list[SegmentRow], *, now: int) -> bool:
    """Whether `advance` has anything to do."""
    made = [each.made for each in found]
    return session.active and (over(session.plan, made) or bool(due(session.plan, made, session.created_at, now=now)))


async def pace_of(tx: Tx, engine: str) -> float | None:
    """Seconds of work that the engine takes for a second of music, by its last pieces here; None before the first."""
    last = await generations.last_ended(tx, engine)
    lengths = [(began, ended, msgspec.json.decode(brief, type=Brief).duration_s) for began, ended, brief in last]
    return real_time_factor(lengths)


def next_ready_at(session: Session, found: list[SegmentRow], pace: float | None, *, now: int) -> str | None:
    """When the first segment that is not there yet is expected; None when none is being made."""
    waiting = next((each for each in found if each.made.status.active), None)
    if waiting is None or pace is None:
        return None
    wish = wish_of(session.plan, waiting.index, keeps_tempo=True)
    return utc_text(max(now, round((waiting.started_at or now) + pace * wish.duration_s)))
