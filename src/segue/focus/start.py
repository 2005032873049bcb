"""Starts a session and asks for its first segments, in one transaction."""

from segue.access import Caller
from segue.database import Tx
from segue.engines import EngineFacts, Offer, Registry
from segue.errors import Conflict, Invalid
from segue.focus import store
from segue.focus.advance import ask, pace_of
from segue.focus.plan import STRIDE_S, Plan, SessionStatus, cut
from segue.focus.store import Session
from segue.generations import Policy, engine_of
from segue.ids import new_focus_id

ACTIVE_MAX = 2
# An engine has to be faster than the listener, and by a little more.
_PACE_MAX = 0.8
_FAVOURITE = "studio"

TOO_MANY_ACTIVE = f"You have {ACTIVE_MAX} sessions going already. End one of them first."
TOO_SLOW = "This engine makes music more slowly than it is listened to here. Choose another one."
NO_ENGINE = "No engine here can play on and on. Choose one by its key."


async def start(tx: Tx, who: Caller, plan: Plan, engines: Registry, policy: Policy, *, now: int) -> Session:
    """Raises `Invalid` for an engine that there is not, `Conflict` when the caller has too many sessions or the engine
    is too slow, and `TooMany` for a spend cap.
    """
    offer = _engine(engines, plan)
    pace = await pace_of(tx, offer.facts.engine_key)
    if pace is not None and pace > _PACE_MAX:
        raise Conflict(TOO_SLOW, code="OPERATION_NOT_ALLOWED")
    if await store.active_count(tx, who) >= ACTIVE_MAX:
        raise Conflict(TOO_MANY_ACTIVE, code="OPERATION_NOT_ALLOWED")
    session = Session(
        id=new_focus_id(),
        organization_id=who.organization_id,
        user_id=who.user_id,
        status=SessionStatus.ACTIVE.value,
        goal=plan.goal.value,
        engine=offer.facts.engine_key,
        target_minutes=plan.target_minutes,
        custom_prompt=plan.custom_prompt,
        intensity=plan.intensity,
        divergence=plan.divergence,
        seed=plan.seed,
        created_at=now,
    )
    await store.add(tx, session)
    await ask(tx, session, [], offer, policy, now=now)
    return session


def _engine(engines: Registry, plan: Plan) -> Offer:
    """The engine of the plan, or else a suitable one: Segue's own before others, and no other that costs a service."""
    if plan.engine:
        offer = engine_of(engines, plan.engine)
        if not suits(offer.facts, plan):
            sentence = f"{offer.facts.name} cannot play segments of {STRIDE_S} seconds without vocals."
            raise Invalid(sentence, faults={"engine": sentence})
        return offer
    keys = sorted((facts.engine_key for facts in engines.facts if suits(facts, plan)), key=_last_unless_favourite)
    if not keys:
        raise Invalid(NO_ENGINE, faults={"engine": NO_ENGINE})
    return engine_of(engines, keys[0])


def suits(facts: EngineFacts, plan: Plan) -> bool:
    longest_s = max(cut(plan, index).duration_s for index in range(plan.total_segments))
    return facts.supports_instrumental and longest_s <= facts.max_duration_seconds


def _last_unless_favourite(engine_key: str) -> tuple[bool, str]:
    return engine_key != _FAVOURITE, engine_key
