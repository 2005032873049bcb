"""Takes a wish for a piece: checked, paid for and queued in one transaction, or refused with its reason.

Guarantee: under one key of a client there is one generation, also when both calls come at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from segue import jobs, library, licences, spending
from segue.access import Caller
from segue.database import Tx
from segue.engines import Offer
from segue.errors import Conflict, NotFound
from segue.generations import store
from segue.generations.rules import Status, cost_chf_e4, refused_word
from segue.generations.store import Generation
from segue.generations.wishes import Wish, brief_of, check_wish, title_of
from segue.ids import new_generation_id, new_track_id
from segue.tracks import Track

RENDER_JOB = "generations.render"
LANE_PREFIX = "engine."


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator asks for a minute of an engine's music, in ten-thousandths of a franc, and which words are not
    to be asked for.
    """

    prices_chf_e4: Mapping[str, int]
    refused_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Once:
    """What a client calls this request by, and what has to be the same for it to be the same."""

    key_digest: bytes | None
    fingerprint: bytes


async def request(
    tx: Tx, who: Caller, wish: Wish, offer: Offer, policy: Policy, once: Once, *, seed: int, now: int
) -> tuple[Generation, bool]:
    """The generation, queued or refused, and whether it is new: the same key again gives the one that there is.

    Raises `Invalid` with every fault, `NotFound` for a seed that the caller cannot read, `TooMany` for a spend cap that
    would be exceeded, and `Conflict` for a key that was used for something else.
    """
    if once.key_digest is not None and (found := await store.of_key(tx, who, once.key_digest)) is not None:
        return _again(found, once), False
    check_wish(wish, offer.facts)
    seed_track = None if wish.seed_track_id is None else await readable(tx, who, wish.seed_track_id)
    reason = _reason(wish, seed_track, who, policy)
    cost = 0 if reason else cost_chf_e4(policy.prices_chf_e4, wish.engine, wish.duration_s)
    made = _generation(who, wish, offer, seed_track, reason, cost, once, seed=seed, now=now)
    if not await store.add(tx, made):
        found = await store.of_key(tx, who, once.key_digest or b"")
        if found is None:
            raise RuntimeError("a generation is in nobody's way and could not be written")
        return _again(found, once), False
    if reason is None:
        await _queue(tx, made, now=now)
    return made, True


async def afford(tx: Tx, who: Caller, wish: Wish, policy: Policy, *, now: int) -> None:
    """Raises `TooMany` when the piece would exceed a spend cap. Nothing is written."""
    await spending.check(tx, who, cost_chf_e4(policy.prices_chf_e4, wish.engine, wish.duration_s), now=now)


async def _queue(tx: Tx, made: Generation, *, now: int) -> None:
    """Pay for it and put it into its engine's lane, behind those of people who have fewer waiting there."""
    await spending.spend(tx, made.who, made.engine, made.cost_chf_e4, 1, now=now)
    await jobs.enqueue(
        tx,
        RENDER_JOB,
        {"generation_id": made.id},
        now=now,
        queue=LANE_PREFIX + made.engine,
        rank=await store.open_count(tx, made.who),
    )


def _again(found: Generation, once: Once) -> Generation:
    if found.fingerprint != once.fingerprint:
        raise Conflict("This idempotency key was used for another request.", code="IDEMPOTENCY_KEY_REUSED")
    return found


async def readable(tx: Tx, who: Caller, track_id: str) -> Track:
    """A track that the caller may read. Raises `NotFound`."""
    track = await library.find_readable(tx, who, track_id)
    if track is None:
        raise NotFound("There is no such track.")
    return track


def _reason(wish: Wish, seed_track: Track | None, who: Caller, policy: Policy) -> str | None:
    """Why this is not made, or None."""
    word = refused_word(policy.refused_words, (wish.prompt, wish.lyrics, wish.title, *wish.style_tags))
    if word is not None:
        return f"The operator of this server does not allow music for “{word}”."
    if seed_track is None:
        return None
    barrier = licences.seed_barrier(licences.from_json(seed_track.licence), owned=seed_track.creator_id == who.user_id)
    return None if barrier is None else licences.barrier_line(barrier)


def _generation(
    who: Caller,
    wish: Wish,
    offer: Offer,
    seed_track: Track | None,
    reason: str | None,
    cost: int,
    once: Once,
    *,
    seed: int,
    now: int,
) -> Generation:
    return Generation(
        id=new_generation_id(),
        organization_id=who.organization_id,
        user_id=who.user_id,
        status=(Status.QUEUED if reason is None else Status.REFUSED).value,
        progress=0,
        engine=wish.engine,
        mode=wish.mode,
        title=title_of(wish),
        brief=msgspec.json.encode(brief_of(wish, offer.facts, seed)).decode(),
        seed_track_id=None if seed_track is None else seed_track.id,
        track_id=new_track_id(),
        cost_chf_e4=cost,
        error_message=None,
        refusal_reason=reason,
        key_digest=once.key_digest,
        fingerprint=once.fingerprint,
        created_at=now,
        ended_at=None if reason is None else now,
    )
