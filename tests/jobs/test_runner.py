"""A job runs at least once, its effect happens once, and a dead holder's job is taken over."""

import asyncio

import pytest
from conftest import NOW
from sqlalchemy import select

from segue import jobs
from segue.errors import Invalid, Unavailable
from segue.jobs import Runner, store
from segue.jobs.runner import ATTEMPTS_MAX, LEASE_S
from segue.jobs.tables import jobs as table


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class Work:
    """Counts how often it ran and how often its effect came about; `do` may be replaced."""

    def __init__(self):
        self.ran = self.took_effect = 0

    async def do(self):
        pass

    async def __call__(self, payload):
        self.ran += 1
        await self.do()

        async def effect(_tx):
            self.took_effect += 1

        return effect


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work():
    return Work()


@pytest.fixture
def runner(database, work, clock):
    return Runner(database, {"work": work}, clock)


async def queue(database):
    async with database.transaction() as tx:
        return await jobs.enqueue(tx, "work", {"track_id": "mtrack_000000000001"}, now=NOW)


async def row(database):
    async with database.reading() as tx:
        return (await tx.execute(select(table))).one()


async def test_a_job_is_done_once(database, runner, work):
    await queue(database)
    assert await runner.run_one()
    assert not await runner.run_one()
    assert (work.ran, work.took_effect) == (1, 1)
    assert (await row(database)).state == "done"


async def test_a_job_exists_only_if_its_transaction_commits(database, runner):
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await jobs.enqueue(tx, "work", {}, now=NOW)
            raise RuntimeError
    assert not await runner.run_one()


async def test_a_dead_holders_job_is_taken_over_when_its_lease_has_run_out(database, work, clock):
    await queue(database)
    dead, living = (Runner(database, {"work": work}, clock) for _ in range(2))

    await _abandon(dead)
    assert not await living.run_one(), "the lease is still the dead one's"
    clock.now += LEASE_S
    assert await living.run_one()
    assert work.took_effect == 1


async def _abandon(runner):
    """Claim a job and say nothing more of it, as a killed process does."""
    async with runner._database.transaction() as tx:
        assert await store.claim(tx, runner._holder, now=NOW, until=NOW + LEASE_S)


async def test_who_lost_a_job_changes_nothing(database, work, clock):
    await queue(database)
    slow, other = (Runner(database, {"work": work}, clock) for _ in range(2))
    started, go_on = asyncio.Event(), asyncio.Event()

    async def wait_once():
        if work.ran == 1:
            started.set()
            await go_on.wait()

    work.do = wait_once
    running = asyncio.create_task(slow.run_one())
    await started.wait()
    clock.now += LEASE_S
    assert await other.run_one()
    go_on.set()
    await running
    assert (work.ran, work.took_effect) == (2, 1)


async def test_what_cannot_get_better_ends_with_its_sentence(database, runner, work):
    async def refuse():
        raise Invalid("That file is a video.")

    work.do = refuse
    await queue(database)
    assert await runner.run_one()
    ended = await row(database)
    assert (ended.state, ended.fault, ended.attempts) == ("failed", "That file is a video.", 1)


@pytest.mark.parametrize("error", [OSError("disk"), Unavailable("Try again.")])
async def test_what_may_get_better_is_tried_again_ever_later_and_not_for_ever(database, runner, work, clock, error):
    async def fail():
        raise error

    work.do = fail
    await queue(database)
    waits = []
    for _ in range(ATTEMPTS_MAX):
        assert await runner.run_one()
        waits.append((await row(database)).due_at - clock.now)
        clock.now += max(waits[-1], 0)
    assert waits[:-1] == sorted(waits[:-1])
    assert (await row(database)).state == "failed"
    assert not await runner.run_one()


async def test_a_runner_that_is_stopped_gives_its_job_back(database, work, clock):
    await queue(database)
    started = asyncio.Event()

    async def long():
        started.set()
        await asyncio.Event().wait()

    work.do = long
    running = asyncio.create_task(Runner(database, {"work": work}, clock).run())
    await started.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    work.do = Work().do
    assert await Runner(database, {"work": work}, clock).run_one()
    assert work.took_effect == 1


async def test_many_runners_never_hold_one_job(database, work, clock):
    for _ in range(12):
        await queue(database)
    runners = [Runner(database, {"work": work}, clock) for _ in range(4)]

    async def all_of_it(runner):
        while await runner.run_one():
            pass

    await asyncio.gather(*(all_of_it(runner) for runner in runners))
    assert (work.ran, work.took_effect) == (12, 12)


async def test_an_effect_that_fails_takes_the_end_of_the_job_back(database, clock):
    """Effect and end are one transaction, so a job is never done without its effect."""
    tries = []

    async def work(_payload):
        async def effect(tx):
            tries.append(1)
            await jobs.enqueue(tx, "work", {"from": "effect"}, now=clock.now)
            if len(tries) == 1:
                raise OSError("disk")

        return effect

    first = await queue(database)
    runner = Runner(database, {"work": work}, clock)
    assert await runner.run_one()
    kept = await row(database)
    assert (kept.id, kept.state) == (first, "open"), "and nothing else was queued"
    clock.now = kept.due_at
    assert await runner.run_one()
    async with database.reading() as tx:
        states = dict((await tx.execute(select(table.c.id, table.c.state))).all())
    assert (len(states), states[first]) == (2, "done")


async def test_a_job_of_a_kind_that_nobody_knows_fails_in_the_end_and_holds_nobody_up(database, runner, work, clock):
    async with database.transaction() as tx:
        await jobs.enqueue(tx, "from a newer version", {}, now=NOW)
    await queue(database)
    while await runner.run_one():
        clock.now += 60
    assert work.took_effect == 1
    async with database.reading() as tx:
        ended = (await tx.execute(select(table).where(table.c.kind != "work"))).one()
    assert (ended.state, ended.attempts) == ("failed", ATTEMPTS_MAX)


async def test_the_first_due_is_the_first_done_and_none_before_its_time(database, clock):
    done = []

    async def work(payload):
        done.append(payload["n"])

        async def effect(_tx):
            pass

        return effect

    async with database.transaction() as tx:
        for number, due in enumerate((30, 10, 20)):
            await jobs.enqueue(tx, "work", {"n": str(number)}, now=NOW + due)
    runner = Runner(database, {"work": work}, clock)
    for seconds in (9, 10, 35):
        clock.now = NOW + seconds
        while await runner.run_one():
            pass
        done.append("|")
    assert done == ["|", "1", "|", "2", "0", "|"]
