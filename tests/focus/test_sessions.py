"""Sessions that go on as they are listened to: what is asked for when, what goes wrong, and what is left at the end."""

import asyncio
from dataclasses import replace

import pytest
from factories import making
from factories.making import offered
from sqlalchemy import func, select, update

from segue import spending, tracks
from segue.engines import Registry
from segue.errors import Conflict, Invalid, NotFound, TooMany
from segue.focus import focus_sessions
from segue.focus.advance import advance, is_behind, next_ready_at, pace_of
from segue.focus.end import end
from segue.focus.plan import TRIES_MAX, Goal, Plan, cut
from segue.focus.start import NO_ENGINE, TOO_SLOW, start
from segue.focus.store import find_own, segments
from segue.generations import Policy, generations
from segue.spending import Window

PLAN = Plan(Goal.FOCUS, "hum", 20, None, "medium", 0.0, 7)


async def begun(atelier, plan=PLAN):
    async with atelier.parts.database.transaction() as tx:
        return await start(tx, atelier.ada, plan, atelier.engines, atelier.policy, now=atelier.now)


async def polled(atelier, session):
    """As the API does it: the session and its segments after what was due is asked for."""
    async with atelier.parts.database.transaction() as tx:
        now = await advance(tx, atelier.ada, session.id, atelier.engines, atelier.policy, now=atelier.now)
        return now, await segments(tx, session.id)


def indexes(found):
    return [each.index for each in found]


async def count(atelier, table):
    async with atelier.parts.database.reading() as tx:
        return (await tx.execute(select(func.count()).select_from(table))).scalar_one()


async def test_three_segments_are_asked_for_at_once_and_the_next_as_it_is_listened_to(atelier):
    session = await begun(atelier)
    _, found = await polled(atelier, session)
    assert indexes(found) == [0, 1, 2]
    await atelier.work()
    _, found = await polled(atelier, session)
    assert [each.ready for each in found] == [True] * 3
    atelier.now += int(cut(PLAN, 0).stride_s) + 1
    _, found = await polled(atelier, session)
    assert indexes(found) == [0, 1, 2, 3]
    assert not is_behind(session, found, now=atelier.now)


async def test_many_who_ask_at_once_ask_for_a_segment_once(atelier):
    session = await begun(atelier)
    atelier.now += 3 * 121
    await asyncio.gather(*(polled(atelier, session) for _ in range(8)))
    _, found = await polled(atelier, session)
    assert indexes(found) == list(range(6))
    assert await count(atelier, generations) == 6


async def test_a_session_is_played_to_its_end(atelier):
    session = await begun(atelier, PLAN._replace(target_minutes=7))
    for _ in range(6):
        await atelier.work()
        now, found = await polled(atelier, session)
        atelier.now += 121
    assert now.status == "ended"
    assert [each.ready for each in found] == [True] * 4
    lengths = [each.duration_s for each in found]
    assert lengths == pytest.approx([cut(PLAN, index).duration_s for index in range(4)], abs=0.01)
    async with atelier.parts.database.reading() as tx:
        track = await tracks.find(tx, found[0].track_id)
    assert (track.mode, track.title, track.licence_class) == ("focus", "Focus 1 of 4", "commercial_cleared")


async def test_a_segment_that_fails_is_asked_for_again_three_times_at_most(atelier):
    session = await begun(atelier, PLAN._replace(engine="failing"))
    for tries in range(1, TRIES_MAX + 1):
        await atelier.work()
        now, found = await polled(atelier, session)
        assert now.status == ("active" if tries < TRIES_MAX else "ended")
    assert {each.tries for each in found} == {TRIES_MAX}
    assert await count(atelier, generations) == 3 * TRIES_MAX


async def test_a_cap_in_the_middle_stops_it_and_leaves_what_is_ready(atelier):
    atelier.policy = Policy({"hum": 10_000}, ())
    async with atelier.parts.database.transaction() as tx:
        await spending.set_caps(tx, atelier.ada.organization_id, {Window.DAY: 70_000})
    session = await begun(atelier)
    await atelier.work()
    atelier.now += 121
    now, found = await polled(atelier, session)
    assert now.status == "stopped_cap"
    assert [each.ready for each in found] == [True] * 3
    assert (await polled(atelier, session))[0].status == "stopped_cap"


async def test_a_cap_at_the_beginning_refuses_and_writes_nothing(atelier):
    atelier.policy = Policy({"hum": 10_000}, ())
    async with atelier.parts.database.transaction() as tx:
        await spending.set_caps(tx, atelier.ada.organization_id, {Window.DAY: 50_000})
    with pytest.raises(TooMany) as refused:
        await begun(atelier)
    assert refused.value.code == "SPEND_LIMIT_EXCEEDED"
    assert await count(atelier, generations) == 0
    assert await count(atelier, focus_sessions) == 0


async def test_ending_cancels_what_is_under_way_and_keeps_what_is_ready(atelier):
    session = await begun(atelier)
    await atelier.work()
    atelier.now += 121
    await polled(atelier, session)
    for was in (True, False):
        async with atelier.parts.database.transaction() as tx:
            ended, until_now = await end(tx, atelier.ada, session.id, now=atelier.now)
        assert (ended.status, until_now) == ("ended", was)
    now, found = await polled(atelier, session)
    assert now.status == "ended"
    assert [each.status for each in found] == ["succeeded"] * 3 + ["cancelled"]


async def test_it_is_nobody_elses(atelier):
    session = await begun(atelier)
    stranger = replace(atelier.ada, user_id="usr_000000000000")
    async with atelier.parts.database.transaction() as tx:
        assert await find_own(tx, stranger, session.id) is None
        assert await advance(tx, stranger, session.id, atelier.engines, atelier.policy, now=atelier.now) is None
        with pytest.raises(NotFound):
            await end(tx, stranger, session.id, now=atelier.now)


async def test_a_session_goes_on_after_a_restart(atelier):
    """What was asked for waits in the queue, and all else is in the database."""
    session = await begun(atelier)
    fresh = replace(atelier, engines=Registry([offered(making.Hum)]))
    await fresh.work()
    fresh.now += 250
    _, found = await polled(fresh, session)
    assert [each.ready for each in found] == [True, True, True, False, False]


async def test_a_deleted_segment_is_gone_and_is_not_made_again(atelier):
    session = await begun(atelier)
    await atelier.work()
    _, found = await polled(atelier, session)
    async with atelier.parts.database.transaction() as tx:
        await tracks.remove(tx, atelier.ada, found[1].track_id, grace_s=0, now=atelier.now)
    _, found = await polled(atelier, session)
    assert [each.ready for each in found] == [True, False, True]
    assert await count(atelier, generations) == 3


async def test_an_engine_that_has_gone_ends_it(atelier):
    session = await begun(atelier)
    atelier.engines = Registry()
    assert (await polled(atelier, session))[0].status == "ended"


async def test_when_the_next_is_ready_is_told_by_how_long_the_last_ones_took(atelier):
    session = await begun(atelier)
    async with atelier.parts.database.reading() as tx:
        assert await pace_of(tx, "hum") is None
        assert next_ready_at(session, await segments(tx, session.id), None, now=atelier.now) is None
    await atelier.work()
    async with atelier.parts.database.transaction() as tx:
        await tx.execute(update(generations).values(started_at=atelier.now, ended_at=atelier.now + 12))
    atelier.now += 121
    _, found = await polled(atelier, session)
    async with atelier.parts.database.reading() as tx:
        pace = await pace_of(tx, "hum")
    length_s = cut(PLAN, 3).duration_s
    assert pace == pytest.approx(12 / length_s)
    expected = next_ready_at(session, found, pace, now=atelier.now)
    assert expected is not None
    waits_s = [each for each in range(60) if next_ready_at(session, found, pace, now=atelier.now + each) != expected]
    assert waits_s[0] == 1, "a segment that nobody has begun is so much later"


async def test_an_engine_that_is_slower_than_its_listener_is_refused(atelier):
    await begun(atelier)
    await atelier.work()
    async with atelier.parts.database.transaction() as tx:
        await tx.execute(update(generations).values(started_at=0, ended_at=110))
    with pytest.raises(Conflict) as refused:
        await begun(atelier)
    assert (refused.value.message, refused.value.code) == (TOO_SLOW, "OPERATION_NOT_ALLOWED")


async def test_without_a_wish_the_studio_plays_and_else_the_first_that_can(atelier):
    assert (await begun(atelier, PLAN._replace(engine=""))).engine == "studio"
    atelier.engines = Registry([offered(making.Plain), offered(making.Hum)])
    assert (await begun(atelier, PLAN._replace(engine=""))).engine == "hum"
    atelier.engines = Registry()
    with pytest.raises(Invalid, match=NO_ENGINE):
        await begun(atelier, PLAN._replace(engine=""))


async def test_what_is_asked_for_carries_the_sessions_loudness_and_its_place(atelier):
    session = await begun(atelier, PLAN._replace(goal=Goal.SLEEP, intensity="low", divergence=0.25))
    async with atelier.parts.database.reading() as tx:
        briefs = (await tx.execute(select(generations.c.brief).order_by(generations.c.nth))).scalars().all()
    assert all('"target_lufs":-23.0' in brief for brief in briefs)
    assert all(f'"session_seed":{session.seed},"divergence":0.25,"intensity":0.0' in brief for brief in briefs)
    assert ['"index":0' in briefs[0], '"index":1' in briefs[1], '"index":2' in briefs[2]] == [True] * 3
