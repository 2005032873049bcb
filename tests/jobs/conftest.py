"""Workers over the database of the test, and ways to put jobs in and to count them."""

import pytest
from factories.working import QUICK, Diary

from segue import jobs
from segue.clock import now_s
from segue.jobs import UPKEEP, Task, Workers


@pytest.fixture
def diary():
    return Diary()


@pytest.fixture
def workers(database, diary):
    def make(lanes=None, pace=QUICK, *, kinds=("work",), work=None):
        task = Task(work or diary.work, diary.give_up)
        return Workers(database, dict.fromkeys(kinds, task), lanes or {UPKEEP: 1}, now_s, pace=pace)

    return make


@pytest.fixture
def queue(database):
    async def put(*numbers, kind="work", now=None, **more):
        async with database.transaction() as tx:
            return [await jobs.enqueue(tx, kind, {"n": str(number)}, now=now or now_s(), **more) for number in numbers]

    return put


@pytest.fixture
def counts(database):
    async def ask():
        async with database.reading() as tx:
            return {(count.queue, count.state): count.jobs for count in await jobs.counts(tx, now=now_s())}

    return ask
