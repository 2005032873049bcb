"""Long work that asks whether it is still wanted."""

import asyncio
import threading

import pytest

from segue.engines import Stopped
from segue.engines.adapters.watch import Work, conversed, in_time


def never():
    return False


def test_a_conversation_gives_what_it_has_and_what_went_wrong():
    async def good():
        return 7

    async def bad():
        raise ValueError("so")

    assert conversed(good(), never) == 7
    with pytest.raises(ValueError, match="so"):
        conversed(bad(), never)


def test_a_conversation_that_is_cancelled_is_cleared_up():
    begun, cleared = threading.Event(), threading.Event()

    async def long():
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleared.set()

    with pytest.raises(Stopped):
        conversed(long(), begun.is_set, tick_s=0.001)
    assert cleared.is_set()


def test_one_that_is_cancelled_before_it_begins_does_not_begin():
    begun = threading.Event()

    async def long():
        begun.set()

    with pytest.raises(Stopped):
        conversed(long(), lambda: True)
    assert not begun.is_set()


async def test_time_runs_out_for_one_and_not_for_the_other():
    async def quick():
        return 7

    assert await in_time(quick(), 60) == 7
    assert await in_time(asyncio.Event().wait(), 0.001) is None


def test_work_is_told_of_from_one_thread():
    seen, threads = [], set()
    step = threading.Event()

    def work(it):
        for share in (0.25, 0.5):
            it.advance(share)
            step.wait(10)
            step.clear()
        return 7

    def progress(share):
        seen.append(share)
        threads.add(threading.get_ident())
        if share in (0.25, 0.5):
            step.set()

    assert Work(work).wait(progress, never, tick_s=10) == 7
    assert [share for place, share in enumerate(seen) if share not in seen[:place]] == [0.0, 0.25, 0.5, 1.0]
    assert threads == {threading.get_ident()}


def test_work_raises_where_it_is_waited_for():
    def work(it):
        raise ValueError("so")

    with pytest.raises(ValueError, match="so"):
        Work(work).wait(lambda _: None, never)


def test_work_that_is_cancelled_is_told_at_its_next_step_and_nobody_waits_for_it():
    begun, told, go_on = threading.Event(), threading.Event(), threading.Event()

    def work(it):
        begun.set()
        go_on.wait(10)
        try:
            it.advance(0.5)
        except Stopped:
            told.set()
            raise

    with pytest.raises(Stopped):
        Work(work).wait(lambda _: None, begun.is_set, tick_s=0.001)
    assert not told.is_set()
    go_on.set()
    assert told.wait(10)
