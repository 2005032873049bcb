"""From the queue to the track: what is kept, what goes wrong, what is cancelled, and that twice is once."""

import asyncio
import json

import pytest
from conftest import someone
from factories.music import keep, track
from sqlalchemy import func, select

from segue import library, licences, spending, tracks
from segue.engines import RUBBISH, RenderLimits
from segue.engines.run import CRASHED, MEMORY, TOO_SLOW
from segue.errors import Conflict, Invalid, NotFound, TooMany
from segue.generations import Policy, Status, generations
from segue.generations.rules import INTERRUPTED
from segue.generations.work import GONE, SEED_GONE
from segue.library.store import newest
from segue.licences import LicenceClass
from segue.spending import Window, spend_days
from segue.tracks import Making


async def spent(atelier):
    async with atelier.parts.database.reading() as tx:
        rows = await tx.execute(select(spend_days.c.engine, spend_days.c.track_count, spend_days.c.cost_chf_e4))
        return [tuple(row) for row in rows]


async def test_a_piece_becomes_a_track_of_its_makers_library(atelier):
    asked = await atelier.ask("hum", title="My hum")
    assert asked.status == "queued"
    await atelier.work()
    made = await atelier.made(asked)
    assert (made.status, made.progress, made.error_message) == ("succeeded", 100, None)
    async with atelier.parts.database.reading() as tx:
        found = await tracks.find(tx, made.track_id)
        (listed,) = await newest(tx, atelier.ada, {}, None, limit=10, offset=0)
        making = await tracks.find_making(tx, made.track_id)
    assert (found.title, found.engine, found.mode, found.instrumental) == ("My hum", "hum", "creation", True)
    assert found.duration_s == pytest.approx(2)
    assert (found.licence_class, found.requires_attribution, found.shareable) == ("commercial_cleared", False, True)
    assert (listed.id, found.playback) == (found.id, "original")
    assert making == Making(
        found.id, "1.0", "hum/1", "algorithmicMedia", 7, json.dumps({"voice": "hum"}, separators=(",", ":")), None
    )
    assert {path.name.split("-")[0] for path in atelier.blobs()} == {"original", "stem_drums", "stem_lead", "waveform"}
    assert await spent(atelier) == [("hum", 1, 0)]


async def test_its_creation_is_in_the_audit(atelier):
    asked = await atelier.ask("hum")
    await atelier.work()
    found = await atelier.audited("track.create")
    assert [(entry.subject_id, entry.actor_id, entry.client) for entry in found] == [
        (asked.track_id, atelier.ada.user_id, "worker")
    ]


@pytest.mark.parametrize(
    ("engine", "sentence"),
    [
        ("failing", "The service is closed today. Try again tomorrow."),
        ("raising", CRASHED),
        ("dying", CRASHED),
        ("leaving", CRASHED),
        ("greedy", MEMORY),
        ("climbing", CRASHED),
        ("pointing", RUBBISH),
        ("nothing", RUBBISH),
        ("rubbish", RUBBISH),
        ("silent", RUBBISH),
        ("short", "The engine made 1 seconds of music and not 2. Try again, or ask for another length."),
    ],
)
async def test_what_goes_wrong_is_told_and_paid_back_and_the_worker_lives(atelier, engine, sentence):
    atelier.policy = Policy({engine: 4_000}, ())
    asked = await atelier.ask(engine)
    assert (await spent(atelier))[0][1:] == (1, 134)
    await atelier.work()
    made = await atelier.made(asked)
    assert (made.status, made.error_message, made.ended_at) == ("failed", sentence, atelier.now)
    assert await spent(atelier) == [(engine, 0, 0)]
    assert atelier.blobs() == []
    following = await atelier.ask("hum")
    await atelier.work()
    assert await atelier.status(following) is Status.SUCCEEDED


async def test_an_engine_that_hangs_fails_in_time(atelier):
    atelier.limits = RenderLimits(seconds_max=0.5)
    asked = await atelier.ask("stubborn")
    await atelier.work()
    assert (await atelier.made(asked)).error_message == TOO_SLOW


async def test_a_refusal_by_the_engine_is_no_failure(atelier):
    asked = await atelier.ask("refusing")
    await atelier.work()
    made = await atelier.made(asked)
    assert (made.status, made.error_message) == ("refused", None)
    assert made.refusal_reason == "The service does not imitate living artists."
    assert await spent(atelier) == [("refusing", 0, 0)]


async def test_an_engine_that_has_gone_meanwhile(atelier):
    asked = await atelier.ask("hum")
    workers = atelier.workers({"engine.hum": 1})
    atelier.engines._usable.clear()
    await workers.catch_up()
    assert (await atelier.made(asked)).error_message == GONE


async def test_what_waits_is_cancelled_at_once(atelier):
    atelier.policy = Policy({"hum": 4_000}, ())
    asked = await atelier.ask("hum")
    assert (await atelier.cancel(asked)).status == "cancelled"
    assert (await atelier.cancel(asked)).status == "cancelled"
    assert await spent(atelier) == [("hum", 0, 0)]
    await atelier.work()
    assert await atelier.status(asked) is Status.CANCELLED
    assert atelier.blobs() == []


@pytest.mark.parametrize("engine", ["waiting", "stubborn"])
async def test_what_is_being_made_stops_when_it_is_cancelled(atelier, engine):
    asked = await atelier.ask(engine)
    working = asyncio.create_task(atelier.work())
    await atelier.begun(asked)
    assert (await atelier.cancel(asked)).status == "running"
    await working
    made = await atelier.made(asked)
    assert (made.status, made.error_message, made.progress) == ("cancelled", None, 25)
    assert await spent(atelier) == [(engine, 0, 0)]


async def test_what_has_ended_stays_as_it_is(atelier):
    asked = await atelier.ask("hum")
    await atelier.work()
    assert (await atelier.cancel(asked)).status == "succeeded"
    assert await spent(atelier) == [("hum", 1, 0)]


async def test_a_worker_that_stops_hands_the_piece_to_the_next(atelier, tmp_path):
    asked = await atelier.ask("gated")
    first = asyncio.create_task(atelier.workers().run())
    await atelier.begun(asked)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert await atelier.status(asked) is Status.RUNNING
    (tmp_path / "gate").touch()
    await atelier.work()
    assert await atelier.status(asked) is Status.SUCCEEDED
    async with atelier.parts.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(tracks.tracks))).scalar_one() == 1
    assert await spent(atelier) == [("gated", 1, 0)]


async def test_what_is_interrupted_again_and_again_is_given_up(atelier):
    """A database that fails at the end of each attempt: here, because the track is there already."""
    asked = await atelier.ask("hum")
    await keep(atelier.parts, track(atelier.ada, id=asked.track_id))
    for _ in range(12):
        await atelier.workers().catch_up()
        atelier.now += 10_000
    made = await atelier.made(asked)
    assert (made.status, made.error_message) == ("failed", INTERRUPTED)
    assert await spent(atelier) == [("hum", 0, 0)]


async def test_one_users_many_do_not_keep_another_waiting(atelier):
    eve = (await someone(atelier.parts.database, "eve@example.org", "Acme")).who
    asked = [await atelier.ask("plain", title=f"ada {n}") for n in range(4)] + [
        await atelier.ask("plain", eve, title="eve")
    ]
    await atelier.work()
    order = [entry.subject_id for entry in await atelier.audited("track.create")]
    assert len(order) == len(asked)
    assert order.index(asked[-1].track_id) == 1


async def test_one_key_is_one_piece(atelier):
    first = await atelier.ask("hum", key=b"key")
    assert (await atelier.ask("hum", key=b"key")).id == first.id
    assert (await atelier.ask("hum", key=b"another")).id != first.id
    with pytest.raises(Conflict) as refused:
        await atelier.ask("hum", key=b"key", duration_s=3)
    assert refused.value.code == "IDEMPOTENCY_KEY_REUSED"
    await atelier.work()
    assert (await atelier.ask("hum", key=b"key")).status == "succeeded"
    assert (await spent(atelier))[0][1] == 2


async def test_many_at_once_under_one_key_are_one_piece(atelier):
    found = await asyncio.gather(*(atelier.ask("hum", key=b"key") for _ in range(8)))
    assert len({each.id for each in found}) == 1
    assert (await spent(atelier))[0][1] == 1


@pytest.mark.parametrize("wish", [{"duration_s": 301}, {"lyrics": "la la"}, {"prompt": " "}])
async def test_what_could_not_be_made_is_not_queued(atelier, wish):
    with pytest.raises(Invalid):
        await atelier.ask("hum", **wish)
    async with atelier.parts.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(generations))).scalar_one() == 0
    assert await spent(atelier) == []


async def test_a_cap_stands_before_the_queue(atelier):
    atelier.policy = Policy({"hum": 30_000}, ())
    async with atelier.parts.database.transaction() as tx:
        await spending.set_caps(tx, atelier.ada.organization_id, {Window.DAY: 1_500})
    await atelier.ask("hum")
    with pytest.raises(TooMany) as refused:
        await atelier.ask("hum")
    assert refused.value.code == "SPEND_LIMIT_EXCEEDED"
    async with atelier.parts.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(generations))).scalar_one() == 1


async def test_a_word_of_the_operators_list_is_refused_with_its_reason_and_costs_nothing(atelier):
    atelier.policy = Policy({"hum": 4_000}, ("Ada Lovelace",))
    asked = await atelier.ask("hum", prompt="like ADA LOVELACE would hum")
    assert (asked.status, asked.cost_chf_e4) == ("refused", 0)
    assert asked.refusal_reason == "The operator of this server does not allow music for “ada lovelace”."
    await atelier.work()
    assert await atelier.status(asked) is Status.REFUSED
    assert await spent(atelier) == []


async def seed_of(atelier, who, licence):
    """A real sound file of somebody's, in ada's library."""
    from factories.making import hum  # noqa: PLC0415 - it is only this helper's

    with atelier.parts.intake.quarantine.folder() as folder:
        hum(folder / "seed.wav", 1.0, 330)
        wish = tracks.Wish(title="Seed", licence=licence, credits="Eve")
        prepared = await atelier.parts.intake.prepare(folder / "seed.wav", folder, who, wish, now=atelier.now)
    async with atelier.parts.database.transaction() as tx:
        await library.bring(tx, who, prepared, now=atelier.now)
        await library.add(tx, atelier.ada, prepared.track, "saved", now=atelier.now)
    return prepared.track


@pytest.mark.parametrize(
    ("licence", "owned", "status", "shown"),
    [
        ("CC-BY-SA-4.0", False, "succeeded", (LicenceClass.COMMERCIAL_CLEARED, True)),
        ("CC-BY-NC-4.0", False, "succeeded", (LicenceClass.PERSONAL_ONLY, True)),
        ("CC0-1.0", False, "succeeded", (LicenceClass.COMMERCIAL_CLEARED, False)),
        ("CC-BY-ND-4.0", False, "refused", None),
        (None, False, "refused", None),
        ("own", False, "refused", None),
        ("own", True, "succeeded", (LicenceClass.PERSONAL_ONLY, True)),
        ("CC-BY-ND-4.0", True, "succeeded", (LicenceClass.PERSONAL_ONLY, True)),
        (None, True, "succeeded", (LicenceClass.UNCLEAR, True)),
    ],
)
async def test_a_seed_gives_its_terms_or_stands_in_the_way(atelier, licence, owned, status, shown):
    eve = (await someone(atelier.parts.database, "eve@example.org", "Acme")).who
    seed = await seed_of(atelier, atelier.ada if owned else eve, licence)
    asked = await atelier.ask("hum", seed_track_id=seed.id)
    await atelier.work()
    made = await atelier.made(asked)
    assert made.status == status
    if status == "refused":
        assert made.refusal_reason
        return
    async with atelier.parts.database.reading() as tx:
        found = await tracks.find(tx, made.track_id)
        making = await tracks.find_making(tx, made.track_id)
    facts = licences.from_json(found.licence)
    assert (licences.shown(facts).licence_class, licences.shown(facts).requires_attribution) == shown
    assert facts.adapted
    assert "Eve" in facts.credits
    assert making.seed_track_id == seed.id


async def test_a_seed_that_is_not_there_for_the_caller(atelier):
    eve = (await someone(atelier.parts.database, "eve@example.org", "Acme")).who
    hers = await keep(atelier.parts, track(eve))
    for track_id in (hers.id, "mtrack_000000000000", "/etc/passwd", ""):
        with pytest.raises(NotFound):
            await atelier.ask("hum", seed_track_id=track_id)


async def test_a_seed_that_is_deleted_meanwhile(atelier):
    seed = await seed_of(atelier, atelier.ada, "own")
    asked = await atelier.ask("hum", seed_track_id=seed.id)
    async with atelier.parts.database.transaction() as tx:
        await tracks.remove(tx, atelier.ada, seed.id, grace_s=0, now=atelier.now)
    await atelier.work()
    assert (await atelier.made(asked)).error_message == SEED_GONE


async def test_what_was_really_used_can_only_take_from_the_terms(atelier):
    asked = await atelier.ask("humble")
    await atelier.work()
    async with atelier.parts.database.reading() as tx:
        found = await tracks.find(tx, asked.track_id)
    assert (found.licence_class, found.requires_attribution) == ("personal_only", True)
    assert not licences.from_json(found.licence).adapted


async def test_a_prompt_that_is_a_path_is_a_title_and_no_file(atelier):
    asked = await atelier.ask("hum", prompt="/etc/passwd")
    await atelier.work()
    async with atelier.parts.database.reading() as tx:
        assert (await tracks.find(tx, asked.track_id)).title == "/etc/passwd"
