"""What is counted, given back and capped, on both databases."""

import asyncio
from datetime import UTC, datetime

import pytest
from conftest import NOW, someone
from sqlalchemy import select

from segue.access import Caller
from segue.accounts.store import add_organization
from segue.errors import TooMany
from segue.ids import new_organization_id
from segue.spending import Window, check, give_back, record, set_caps, spend_days
from segue.spending.store import caps, spent, total
from segue.spending.usage import SpendDay
from segue.spending.windows import day_of

TODAY = day_of(NOW)
DAY_S = 86_400


def second(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


async def rows(database, who):
    async with database.reading() as tx:
        return sorted(await spent(tx, who, first=0, last=10**6), key=lambda each: (each.day, each.engine))


async def spend(database, who, cost_chf_e4, *, now=NOW):
    """Ask and count in one transaction, as whoever spends does."""
    async with database.transaction() as tx:
        await check(tx, who, cost_chf_e4, now=now)
        await record(tx, who, "studio", cost_chf_e4, 1, now=now)


async def cap(database, who, **limits):
    async with database.transaction() as tx:
        return await set_caps(tx, who.organization_id, {Window(name): limit for name, limit in limits.items()})


async def test_a_day_is_one_row_for_each_user_and_engine(database, ada):
    bob = (await someone(database, "bob@example.org", "Acme")).who
    async with database.transaction() as tx:
        await record(tx, ada.who, "studio", 4_000, 1, now=NOW)
        await record(tx, ada.who, "studio", 8_001, 2, now=NOW + 1)
        await record(tx, ada.who, "choir", 0, 1, now=NOW)
        await record(tx, ada.who, "studio", 1, 1, now=NOW + DAY_S)
        await record(tx, bob, "studio", 7, 1, now=NOW)
    assert await rows(database, ada.who) == [
        SpendDay(TODAY, "choir", 1, 0),
        SpendDay(TODAY, "studio", 3, 12_001),
        SpendDay(TODAY + 1, "studio", 1, 1),
    ]
    assert await rows(database, bob) == [SpendDay(TODAY, "studio", 1, 7)]


async def test_what_is_counted_stands_or_falls_with_its_transaction(database, ada):
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await record(tx, ada.who, "studio", 4_000, 1, now=NOW)
            raise RuntimeError
    assert await rows(database, ada.who) == []


async def test_many_at_once_are_all_counted(database, ada):
    async def one(number):
        async with database.transaction() as tx:
            await record(tx, ada.who, "studio", number, 1, now=NOW)

    await asyncio.gather(*(one(number) for number in range(40)))
    assert await rows(database, ada.who) == [SpendDay(TODAY, "studio", 40, sum(range(40)))]


async def test_what_came_to_nothing_is_given_back_on_its_day_and_never_below_nothing(database, ada):
    bob = (await someone(database, "bob@example.org", "Acme")).who
    async with database.transaction() as tx:
        for who in (ada.who, bob):
            await record(tx, who, "studio", 8_000, 2, now=NOW)
            await record(tx, who, "studio", 8_000, 2, now=NOW + DAY_S)
        await give_back(tx, ada.who, "studio", 3_000, 1, spent_at=NOW)
    assert await rows(database, ada.who) == [
        SpendDay(TODAY, "studio", 1, 5_000),
        SpendDay(TODAY + 1, "studio", 2, 8_000),
    ]
    async with database.transaction() as tx:
        await give_back(tx, ada.who, "studio", 5_001, 2, spent_at=NOW)
        await give_back(tx, ada.who, "organ", 5, 1, spent_at=NOW)
        await give_back(tx, ada.who, "studio", 5, 1, spent_at=NOW - DAY_S)
    assert await rows(database, ada.who) == [SpendDay(TODAY, "studio", 0, 0), SpendDay(TODAY + 1, "studio", 2, 8_000)]
    assert await rows(database, bob) == [SpendDay(TODAY, "studio", 2, 8_000), SpendDay(TODAY + 1, "studio", 2, 8_000)]


@pytest.mark.parametrize(("cost_chf_e4", "tracks"), [(-1, 1), (1, -1)])
async def test_an_amount_has_no_sign(database, ada, cost_chf_e4, tracks):
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="without a sign"):
            await record(tx, ada.who, "studio", cost_chf_e4, tracks, now=NOW)
        with pytest.raises(ValueError, match="without a sign"):
            await give_back(tx, ada.who, "studio", cost_chf_e4, tracks, spent_at=NOW)


async def test_caps_are_set_left_and_taken_away_by_window(database, ada):
    async with database.transaction() as tx:
        other = new_organization_id()
        await add_organization(tx, other, "Other", now=NOW)
    assert await cap(database, ada.who) == {}
    assert await cap(database, ada.who, day=100_000, week=500_000) == {Window.DAY: 100_000, Window.WEEK: 500_000}
    assert await cap(database, ada.who, week=0, month=1) == {Window.DAY: 100_000, Window.WEEK: 0, Window.MONTH: 1}
    assert await cap(database, ada.who, day=None, week=None) == {Window.MONTH: 1}
    async with database.reading() as tx:
        assert await caps(tx, other) == {}


async def test_up_to_its_cap_an_organization_may_spend(database, ada):
    await cap(database, ada.who, day=10_000)
    await spend(database, ada.who, 4_000)
    await spend(database, ada.who, 6_000)
    for cost_chf_e4 in (1, 6_000):
        with pytest.raises(TooMany) as refused:
            await spend(database, ada.who, cost_chf_e4)
    failure = refused.value
    assert failure.code == "SPEND_LIMIT_EXCEEDED"
    assert failure.message == "This would exceed what your organization may spend in a day: 1.00 CHF."
    assert failure.details == {"window": "day", "limit_chf": 1.0}
    assert failure.retry_after_s == (TODAY + 1) * DAY_S - NOW
    assert await rows(database, ada.who) == [SpendDay(TODAY, "studio", 2, 10_000)], "nothing was counted"
    await spend(database, ada.who, 10_000, now=NOW + failure.retry_after_s)


async def test_a_cap_counts_everybody_of_the_organization_and_nobody_else(database, ada):
    bob = (await someone(database, "bob@example.org", "Acme")).who
    async with database.transaction() as tx:
        other = new_organization_id()
        await add_organization(tx, other, "Other", now=NOW)
    await cap(database, ada.who, month=10_000)
    elsewhere = Caller(ada.who.user_id, other)
    await spend(database, elsewhere, 9_000_000)
    await spend(database, bob, 9_000)
    with pytest.raises(TooMany):
        await spend(database, ada.who, 1_001)
    await spend(database, ada.who, 1_000)
    await spend(database, elsewhere, 1)


@pytest.mark.parametrize(
    ("now", "window", "wait_s"),
    [
        ("2026-06-28T10:30:00", "day", 13.5 * 3_600),
        ("2026-06-28T23:59:59", "day", 1),
        ("2026-06-28T10:30:00", "week", 13.5 * 3_600),
        ("2026-06-29T00:00:00", "week", 7 * DAY_S),
        ("2026-06-28T10:30:00", "month", 2.5625 * DAY_S),
        ("2026-12-31T23:59:00", "month", 60),
    ],
)
async def test_a_refusal_says_when_the_window_ends(database, ada, now, window, wait_s):
    await cap(database, ada.who, **{window: 0})
    with pytest.raises(TooMany) as refused:
        await spend(database, ada.who, 1, now=second(now))
    assert refused.value.retry_after_s == wait_s
    assert refused.value.details["window"] == window


async def test_of_several_caps_the_one_that_lasts_longest_is_told(database, ada):
    await cap(database, ada.who, day=0, week=0, month=10)
    with pytest.raises(TooMany) as refused:
        await spend(database, ada.who, 11)
    assert refused.value.details["window"] == "month"
    with pytest.raises(TooMany) as refused:
        await spend(database, ada.who, 10, now=second("2026-06-25T00:00:00"))
    assert refused.value.details["window"] == "week"


async def test_each_window_counts_its_own_days(database, ada):
    await spend(database, ada.who, 1, now=second("2026-05-31T23:59:59"))  # no window of the 28th of June
    await spend(database, ada.who, 10, now=second("2026-06-21T23:59:59"))  # the month's
    await spend(database, ada.who, 100, now=second("2026-06-22T00:00:00"))  # the week's too
    await spend(database, ada.who, 1_000, now=second("2026-06-28T00:00:00"))  # the day's too
    await spend(database, ada.who, 10_000, now=second("2026-06-29T00:00:00"))  # not yet
    for window, counted in {"day": 1_000, "week": 1_100, "month": 1_110}.items():
        await cap(database, ada.who, **{"day": None, "week": None, "month": None} | {window: counted + 5})
        async with database.transaction() as tx:
            await check(tx, ada.who, 5, now=NOW)
            with pytest.raises(TooMany):
                await check(tx, ada.who, 6, now=NOW)


async def test_what_is_given_back_may_be_spent_again(database, ada):
    await cap(database, ada.who, day=10_000)
    await spend(database, ada.who, 10_000)
    async with database.transaction() as tx:
        await give_back(tx, ada.who, "studio", 10_000, 1, spent_at=NOW)
    await spend(database, ada.who, 10_000)


async def test_what_costs_nothing_exceeds_nothing(database, ada):
    await spend(database, ada.who, 10_000)
    await cap(database, ada.who, day=5_000, month=0)
    await spend(database, ada.who, 0)


async def test_of_those_who_ask_at_once_no_more_pass_than_the_cap_allows(database, ada):
    """Each in a transaction of its own, with a moment between asking and counting in which the others run."""
    bob = (await someone(database, "bob@example.org", "Acme")).who
    await cap(database, ada.who, day=30_000, week=50_000, month=70_000)

    async def one(who):
        async with database.transaction() as tx:
            await check(tx, who, 10_000, now=NOW)
            await tx.execute(select(1))
            await record(tx, who, "studio", 10_000, 1, now=NOW)

    done = await asyncio.gather(*(one(who) for who in (ada.who, bob) * 10), return_exceptions=True)
    assert sum(each is None for each in done) == 3
    assert all(each is None or isinstance(each, TooMany) for each in done)
    async with database.reading() as tx:
        assert await total(tx, ada.who.organization_id, first=TODAY, last=TODAY) == 30_000


async def test_an_amount_in_a_row_is_a_whole_number(database, ada):
    await spend(database, ada.who, 9_999_999_999_999)
    async with database.reading() as tx:
        (found,) = (await tx.execute(select(spend_days.c.cost_chf_e4))).scalars()
    assert (type(found), found) == (int, 9_999_999_999_999)
