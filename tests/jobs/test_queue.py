"""The contract of the queue, on both databases: what is done, in which order, and how often."""

import asyncio
from collections import Counter

import pytest
from conftest import NOW
from factories.working import PATIENT, QUICK, WAIT_S, running
from structlog.testing import capture_logs

from segue import jobs
from segue.clock import now_s
from segue.errors import Invalid, TooMany, Unavailable
from segue.jobs import UPKEEP, Pace, Task, Workers


async def test_a_job_is_done_once_and_leaves_nothing(workers, queue, diary, counts):
    await queue(1)
    assert await counts() == {(UPKEEP, "waiting"): 1}
    for _ in range(2):
        await workers().catch_up()
    assert (diary.begun, diary.took_effect, diary.attempts) == (["1"], ["1"], [1])
    assert await counts() == {}


async def test_a_job_exists_only_if_its_transaction_commits(database, workers, diary, counts):
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await jobs.enqueue(tx, "work", {"n": "1"}, now=now_s())
            raise RuntimeError
    await workers().catch_up()
    assert (diary.begun, await counts()) == ([], {})


async def test_none_is_done_before_its_time(workers, queue, diary, counts):
    await queue("due", now=now_s() - 100, after_s=100)
    await queue("later", after_s=1_000)
    await workers().catch_up()
    assert diary.begun == ["due"]
    assert await counts() == {(UPKEEP, "later"): 1}


async def test_the_smallest_rank_is_first_and_then_the_oldest(workers, queue, diary):
    for number, rank in enumerate((2, 0, 1, 0, 2, -1)):
        await queue(number, rank=rank)
    await workers().catch_up()
    assert diary.begun == ["5", "1", "3", "2", "0", "4"]


async def test_whoever_has_one_job_is_not_behind_whoever_has_twenty(workers, queue, diary):
    for rank in range(20):
        await queue(f"a{rank}", rank=rank)
    await queue("b0", rank=0)
    await workers().catch_up()
    assert diary.begun == ["a0", "b0", *(f"a{rank}" for rank in range(1, 20))]


async def test_lanes_run_beside_each_other_and_none_beyond_its_room(workers, queue, diary):
    room = {"one": 1, "two": 2, "three": 3}
    at_once, most, may_end = Counter(), Counter(), asyncio.Event()

    async def do(payload, _call):
        lane = payload["n"]
        at_once[lane] += 1
        most[lane] = max(most[lane], at_once[lane])
        await may_end.wait()
        at_once[lane] -= 1

    diary.do = do
    for lane in room:
        await queue(*[lane] * 7, queue=lane)
    async with running(workers(room)):
        await diary.until(lambda diary: len(diary.begun) == 6)
        assert at_once == room, "all of them at the same time"
        may_end.set()
        await diary.until(lambda diary: len(diary.took_effect) == 21)
    assert most == room


async def test_a_lane_that_is_nobodys_waits_for_somebody(workers, queue, diary, counts):
    await queue(1, queue="engine.far")
    await workers({"engine.near": 2}).catch_up()
    assert await counts() == {("engine.far", "waiting"): 1}
    await workers({"engine.far": 1}).catch_up()
    assert diary.took_effect == ["1"]


async def test_an_effect_that_fails_takes_the_end_of_the_job_back(workers, queue, counts):
    """Effect and end are one transaction, so a job is never done without its effect, nor it without the end."""
    tries = []

    async def work(_payload, _call):
        async def effect(tx):
            tries.append(1)
            await jobs.enqueue(tx, "work", {}, now=now_s(), queue="next")
            if len(tries) == 1:
                raise OSError("disk")

        return effect

    await queue(1)
    await workers(work=work).catch_up()
    assert len(tries) == 2
    assert await counts() == {("next", "waiting"): 1}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError("disk"), "Something went wrong that Segue did not expect (OSError)."),
        (Unavailable("Try again."), "Try again."),
    ],
)
async def test_what_may_get_better_is_tried_again_and_not_for_ever(workers, queue, diary, counts, error, sentence):
    async def do(_payload, _call):
        raise error

    diary.do = do
    await queue(1)
    await workers().catch_up()
    assert (diary.attempts, diary.given_up, diary.took_effect) == ([1, 2, 3, 4, 5], [("1", sentence)], [])
    assert await counts() == {(UPKEEP, "failed"): 1}


async def test_it_is_not_tried_again_at_once(workers, queue, diary, counts):
    async def do(_payload, _call):
        raise Unavailable("Try again.")

    diary.do = do
    await queue(1)
    await workers(pace=Pace(pause_s=600)).catch_up()
    assert (diary.attempts, await counts()) == ([1], {(UPKEEP, "later"): 1})


def test_the_pauses_grow_and_end_at_an_hour():
    assert [Pace().pause_after_s(attempt) for attempt in (1, 2, 3, 4, 20, 1_000)] == [2, 4, 8, 16, 3_600, 3_600]


@pytest.mark.parametrize("error", [Invalid("That file is a video."), TooMany("Enough.", retry_after_s=9)])
async def test_what_cannot_get_better_ends_with_its_sentence(workers, queue, diary, counts, error):
    async def do(_payload, _call):
        raise error

    diary.do = do
    await queue(1)
    await workers().catch_up()
    assert (diary.attempts, diary.given_up) == ([1], [("1", error.message)])
    assert await counts() == {(UPKEEP, "failed"): 1}


async def test_what_failed_is_forgotten_after_thirty_days(database, workers, queue, diary, counts):
    async def do(_payload, _call):
        raise Invalid("No.")

    diary.do = do
    ages = {"old": 31, "young": 29}
    for number, days in ages.items():
        await queue(number, now=now_s() - 100 * 86_400)
        then = now_s() - days * 86_400
        await Workers(database, {"work": Task(diary.work, diary.give_up)}, {UPKEEP: 1}, lambda at=then: at).catch_up()
    assert await counts() == {(UPKEEP, "failed"): 2}
    async with running(workers()), asyncio.timeout(WAIT_S):
        while await counts() != {(UPKEEP, "failed"): 1}:
            pass


async def test_a_failure_that_cannot_be_recorded_is_recorded_later(database, queue, counts):
    tries = []

    async def work(_payload, call):
        raise Invalid(f"No, {call.attempt}.")

    def give_up(_payload, sentence):
        async def effect(tx):
            tries.append(sentence)
            await jobs.enqueue(tx, "work", {}, now=now_s(), queue="next")
            if len(tries) == 1:
                raise OSError("disk")

        return effect

    await queue(1)
    await Workers(database, {"work": Task(work, give_up)}, {UPKEEP: 1}, now_s, pace=QUICK).catch_up()
    assert tries == ["No, 1.", "No, 2."]
    assert await counts() == {(UPKEEP, "failed"): 1, ("next", "waiting"): 1}


async def test_a_job_of_a_kind_that_is_not_known_is_told_and_left_for_whoever_knows_it(workers, queue, diary, counts):
    await queue("new", kind="newer", rank=-1)
    await queue("old")
    with capture_logs() as log:
        async with running(workers()):
            await diary.until(lambda diary: diary.took_effect == ["old"])
            await queue("older")
            await diary.until(lambda diary: diary.took_effect == ["old", "older"])
    assert [entry["kind"] for entry in log if "knows" in entry["event"]] == ["newer"]
    assert sum((await counts()).values()) == 1
    async with running(workers(kinds=("work", "newer"))):
        await diary.until(lambda diary: diary.took_effect == ["old", "older", "new"])
    assert diary.attempts == [1, 1, 1]


async def test_what_is_queued_is_begun_by_an_event_and_not_by_a_look_at_the_clock(workers, queue, diary):
    at_work = workers({UPKEEP: 2, "other": 1}, PATIENT)
    async with running(at_work):
        for number in range(20):
            await queue(number, queue=(UPKEEP, "other")[number % 2])
            at_work.wake()
            await diary.until(lambda diary, done=number + 1: len(diary.took_effect) == done)


async def test_a_worker_that_is_stopped_gives_its_job_back_and_another_has_it_at_once(workers, queue, diary):
    async def wait_the_first_time(_payload, _call):
        if len(diary.begun) == 1:
            await asyncio.Event().wait()

    diary.do = wait_the_first_time
    await queue(1)
    async with running(workers(pace=PATIENT)):
        await diary.until(lambda diary: diary.begun)
    await workers(pace=PATIENT).catch_up()
    assert (diary.attempts, diary.took_effect) == ([1, 1], ["1"]), "an attempt that was broken off does not count"


async def test_a_job_that_is_cancelled_before_it_begins_never_does(database, workers, queue, diary, counts):
    (job_id,) = await queue(1)
    async with database.transaction() as tx:
        assert await jobs.cancel(tx, job_id)
        assert not await jobs.cancel(tx, job_id)
    await workers().catch_up()
    assert (diary.begun, await counts()) == ([], {})


async def test_a_cancellation_that_is_taken_back_cancels_nothing(database, workers, queue, diary):
    (job_id,) = await queue(1)
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await jobs.cancel(tx, job_id)
            raise RuntimeError
    await workers().catch_up()
    assert diary.took_effect == ["1"]


@pytest.mark.parametrize("stubborn", [False, True])
async def test_work_that_is_cancelled_is_told_and_has_no_effect(database, workers, queue, diary, counts, stubborn):
    told = asyncio.Event()

    async def do(payload, call):
        if payload["n"] == "1":
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                assert call.lost.is_set()
                told.set()
                if not stubborn:
                    raise

    diary.do = do
    (job_id,) = await queue(1)
    at_work = workers(pace=PATIENT)
    with capture_logs() as log:
        await _cancel_under_way(database, at_work, queue, diary, job_id, told)
    assert (await counts(), diary.given_up, diary.attempts, log) == ({}, [], [1, 1], []), "and it is no failure"


async def _cancel_under_way(database, at_work, queue, diary, job_id, told):
    async with running(at_work):
        await diary.until(lambda diary: diary.begun)
        async with database.transaction() as tx:
            assert await jobs.cancel(tx, job_id)
        at_work.wake()
        await asyncio.wait_for(told.wait(), WAIT_S)
        await queue(2)
        at_work.wake()
        await diary.until(lambda diary: diary.took_effect == ["2"])


async def test_what_has_ended_cannot_be_cancelled(database, workers, queue):
    (job_id,) = await queue(1)
    await workers().catch_up()
    async with database.transaction() as tx:
        assert not await jobs.cancel(tx, job_id)


async def test_a_lane_has_a_name_that_every_engine_can_carry(workers, queue, diary):
    longest = "é" * 20
    await queue(1, queue=longest)
    await workers({longest: 1}).catch_up()
    assert diary.took_effect == ["1"]
    with pytest.raises(ValueError, match="40 bytes"):
        await queue(2, queue=longest + "x")
    with pytest.raises(ValueError, match="40 bytes"):
        workers({longest + "x": 1})


async def test_what_waits_behind_others_is_not_left_alone(database, workers, queue, diary):
    may_end = asyncio.Event()

    async def do(_payload, _call):
        await may_end.wait()

    diary.do = do
    now = now_s()
    await queue("under way", "behind", now=now - 100)
    await queue("alone", now=now - 70, queue="other")
    async with running(workers()):
        await diary.until(lambda diary: diary.begun)
        assert await jobs.waiting_s(database.reader, now=now) == 70
        may_end.set()
        await diary.until(lambda diary: len(diary.took_effect) == 2)


async def test_how_long_the_oldest_has_waited(database, queue):
    assert await jobs.waiting_s(database.reader, now=NOW) == 0
    await queue("later", now=NOW, after_s=500)
    await queue("due", now=NOW, after_s=60)
    assert [await jobs.waiting_s(database.reader, now=NOW + s) for s in (0, 60, 100, 700)] == [0, 0, 40, 640]
