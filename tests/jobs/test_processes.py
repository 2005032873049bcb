"""Workers that die, sleep or work at the same time: really other processes, on both databases."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from factories import working
from factories.working import QUICK, WAIT_S, running
from sqlalchemy import text

WORKER = Path(working.__file__).with_name("worker.py")


@pytest.fixture
async def marks(database):
    """What the effects of the processes have written."""
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE marks (n text, who text)"))

    async def ask():
        async with database.reading() as tx:
            return [row.n for row in await tx.execute(text("SELECT n FROM marks"))]

    return ask


@asynccontextmanager
async def worker(url, how, what):
    pipe = asyncio.subprocess.PIPE
    # -P: the factories beside it have names that the standard library has too.
    command = (sys.executable, "-P", WORKER, url, how, what)
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process):
    return (await asyncio.wait_for(process.stdout.readline(), WAIT_S)).decode().split()


async def test_the_job_of_a_process_that_was_killed_goes_to_a_living_one(database_url, workers, queue, diary, counts):
    await queue(1)
    async with worker(database_url, "run", "hang") as process:
        assert await line(process) == ["begun", "1", "1"]
        async with running(workers()):
            process.kill()
            await diary.until(lambda diary: diary.took_effect)
    assert (diary.begun, diary.attempts, await counts()) == (["1"], [2], {})


async def test_a_job_that_no_process_survives_is_given_up(database_url, workers, queue, diary):
    await queue(1)
    async with worker(database_url, "run", "hang") as process:
        await line(process)
        async with running(workers(pace=replace(QUICK, attempts_max=1))):
            process.kill()
            await diary.until(lambda diary: diary.given_up)
    assert (diary.begun, diary.given_up) == ([], [("1", "The work was begun 1 times and never ended.")])


@pytest.mark.parametrize("wakes", ["while another does it", "after another has done it"])
async def test_the_effect_of_a_process_that_slept_too_long_is_refused(
    database_url, workers, queue, diary, counts, marks, wakes
):
    may_end = asyncio.Event()

    async def do(_payload, _call):
        await may_end.wait()

    diary.do = do
    await queue(1)
    async with worker(database_url, "catch_up", "stubborn") as process:
        assert await line(process) == ["begun", "1", "1"]
        os.kill(process.pid, signal.SIGSTOP)
        async with running(workers()):
            await diary.until(lambda diary: diary.begun)
            if wakes == "after another has done it":
                may_end.set()
                await diary.until(lambda diary: diary.took_effect)
            os.kill(process.pid, signal.SIGCONT)
            process.stdin.write(b"go on\n")
            assert await line(process) == ["caught", "up"]
            may_end.set()
            await diary.until(lambda diary: diary.took_effect)
    assert (await marks(), diary.attempts, diary.took_effect, await counts()) == ([], [2], ["1"], {})


async def test_a_process_that_was_told_to_go_on_before_its_lease_ran_out_has_its_effect(database_url, queue, marks):
    """The counterpart: without it the test above would also hold if no effect of a process ever came about."""
    await queue(1)
    async with worker(database_url, "catch_up", "stubborn") as process:
        await line(process)
        process.stdin.write(b"go on\n")
        assert await line(process) == ["caught", "up"]
    assert await marks() == ["1"]


async def test_processes_at_the_same_time_do_no_job_twice(database_url, queue, counts, marks):
    await queue(*range(40))
    async with worker(database_url, "catch_up", "quick") as one, worker(database_url, "catch_up", "quick") as two:
        said = await asyncio.wait_for(asyncio.gather(one.communicate(), two.communicate()), WAIT_S)
    begun = [told.split()[1] for out, _ in said for told in out.decode().splitlines() if told.startswith("begun")]
    everyone = [str(number) for number in range(40)]
    assert sorted(begun, key=int) == sorted(await marks(), key=int) == everyone
    assert await counts() == {}
