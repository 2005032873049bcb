"""What only the queue across machines has to stand: a database that is away, and an engine that is somebody else's."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
from factories.working import PATIENT, QUICK, WAIT_S, running
from procrastinate.manager import JobManager
from sqlalchemy import text

from segue import jobs
from segue.clock import now_s
from segue.jobs import UPKEEP
from segue.jobs.distributed.lane import Lane

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Outage:
    """The database takes no connection and drops all that there are, until it is over."""

    def __init__(self, postgres, name):
        self._url, self._name = postgres("postgres"), name

    async def begin(self):
        await self._do(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS false')
        await self._do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", self._name)

    async def end(self):
        await self._do(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS true')

    async def _do(self, statement, *values):
        connection = await asyncpg.connect(self._url)
        await connection.execute(statement, *values)
        await connection.close()


@pytest.fixture
def outage(postgres, database):
    return Outage(postgres, database.url.database)


@only_postgresql
async def test_a_database_that_is_away_for_a_moment_ends_no_worker_and_loses_no_job(workers, queue, counts, outage):
    """It goes away before an effect is committed, and is away while the job is to be put off."""
    tried = asyncio.Queue()

    async def work(payload, call):
        async def effect(tx):
            await jobs.enqueue(tx, "work", {}, now=now_s(), queue="next")
            if (payload["n"], call.attempt) == ("first", 1):
                await outage.begin()
            tried.put_nowait((payload["n"], call.attempt))

        return effect

    await queue("first")
    async with running(workers(work=work, pace=replace(QUICK, lease_s=60))) as (task,):
        assert await asyncio.wait_for(tried.get(), WAIT_S) == ("first", 1)
        await outage.end()
        assert await asyncio.wait_for(tried.get(), WAIT_S) == ("first", 2)
        await queue("second")
        assert await asyncio.wait_for(tried.get(), WAIT_S) == ("second", 1)
        assert not task.done()
    assert await counts() == {("next", "waiting"): 2}


@only_postgresql
async def test_the_lanes_listen_again_when_their_connection_was_cut(workers, queue, diary, outage):
    """With looks at the clock ten minutes apart, whatever is done is done because it was heard."""
    async with running(workers(pace=PATIENT)):
        await queue(1)
        await diary.until(lambda diary: diary.took_effect == ["1"])
        await outage.begin()
        await outage.end()
        await queue(2)
        await diary.until(lambda diary: diary.took_effect == ["1", "2"])


@only_postgresql
async def test_nobody_has_to_ring_where_the_database_does(workers, queue, diary):
    async with running(workers({"near": 1, "far": 2}, PATIENT)):
        for number in range(20):
            await queue(number, queue=("near", "far")[number % 2])
            await diary.until(lambda diary, done=number + 1: len(diary.took_effect) == done)


@only_postgresql
async def test_what_is_said_during_a_look_is_heard(workers, queue, diary, monkeypatch):
    """The lane has just found nothing and is about to forget what it has heard, when something is queued."""
    fetch, look, heard, queued = JobManager.fetch_job, Lane.look, asyncio.Event(), []

    def hear(lane):
        look(lane)
        heard.set()

    async def fetch_then_queue(*arguments):
        found = await fetch(*arguments)
        if not queued and heard.is_set():  # it listens
            heard.clear()
            queued.extend(await queue(1))
            await heard.wait()
            for _ in range(10):
                await asyncio.sleep(0)  # as long as it takes until the worker itself has been told
        return found

    monkeypatch.setattr(Lane, "look", hear)
    monkeypatch.setattr(JobManager, "fetch_job", fetch_then_queue)
    async with running(workers(pace=PATIENT)):
        await diary.until(lambda diary: diary.took_effect == ["1"])


@only_postgresql
async def test_what_is_given_back_is_heard_of_by_workers_that_wait(workers, queue, diary):
    async def hang_the_first_time(payload, _call):
        if payload["n"] == "1" and diary.begun.count("1") == 1:
            await asyncio.Event().wait()

    diary.do = hang_the_first_time
    await queue(1)
    async with running(workers(pace=PATIENT)) as (first,):
        await diary.until(lambda diary: diary.begun == ["1"])
        async with running(workers({UPKEEP: 1, "other": 1}, PATIENT)):
            for number in (2, 3):  # when the second of them is heard, the lanes are being listened to
                await queue(number, queue="other")
                await diary.until(lambda diary, last=str(number): last in diary.took_effect)
            first.cancel()
            await diary.until(lambda diary: "1" in diary.took_effect)


@only_postgresql
async def test_what_was_fetched_and_not_begun_is_given_back_too(database, workers, queue, diary, counts):
    """A worker that is stopped between the two says goodbye all the same."""
    await queue(1)
    engine = workers()._engine
    async with engine._connected():
        (lane,) = engine._lanes
        worker_id = await lane.register_worker()
        assert (await lane.fetch_job([UPKEEP], worker_id)).attempts == 0
        assert await counts() == {(UPKEEP, "running"): 1}
        await lane.unregister_worker(worker_id)
    assert await counts() == {(UPKEEP, "waiting"): 1}
    await workers().catch_up()
    assert diary.attempts == [1]


@only_postgresql
async def test_work_is_cancelled_without_a_ring_or_a_look_at_the_clock(database, workers, queue, diary):
    told = asyncio.Event()

    async def do(_payload, call):
        try:
            await asyncio.Event().wait()
        finally:
            if call.lost.is_set():
                told.set()

    diary.do = do
    (job_id,) = await queue(1)
    async with running(workers(pace=PATIENT)):
        await diary.until(lambda diary: diary.begun)
        async with database.transaction() as tx:
            await jobs.cancel(tx, job_id)
        await asyncio.wait_for(told.wait(), WAIT_S)


@only_postgresql
async def test_a_worker_that_was_taken_for_dead_begins_anew(database, workers, queue, diary):
    async with running(workers()):
        await queue(1)
        await diary.until(lambda diary: diary.took_effect == ["1"])
        async with database.transaction() as tx:
            (before,) = (await tx.execute(text("DELETE FROM procrastinate_workers RETURNING id"))).one()
        await queue(2)
        await diary.until(lambda diary: diary.took_effect == ["1", "2"])
        async with database.reading() as tx:
            assert (await tx.execute(text("SELECT min(id) FROM procrastinate_workers"))).scalar_one() > before


@only_postgresql
async def test_what_is_called_of_the_engine_is_there_as_it_is_called(database):
    """`distributed.store` speaks with its schema directly: a version that changes this has to be met in there."""
    async with database.reading() as tx:

        async def of(statement):
            return [tuple(row) for row in await tx.execute(text(statement))]

        columns = "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attnum > 0 AND attrelid = "
        assert await of(columns + "'procrastinate_job_to_defer_v1'::regclass ORDER BY attnum") == [
            ("queue_name", "character varying"),
            ("task_name", "character varying"),
            ("priority", "integer"),
            ("lock", "text"),
            ("queueing_lock", "text"),
            ("args", "jsonb"),
            ("scheduled_at", "timestamp with time zone"),
        ]
        assert set(await of(columns + "'procrastinate_jobs'::regclass")) >= {
            ("id", "bigint"),
            ("queue_name", "character varying"),
            ("task_name", "character varying"),
            ("status", "procrastinate_job_status"),
            ("args", "jsonb"),
            ("scheduled_at", "timestamp with time zone"),
            ("attempts", "integer"),
            ("worker_id", "bigint"),
        }
        (function,) = await of(
            "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid) FROM pg_proc"
            " WHERE proname = 'procrastinate_defer_jobs_v1'"
        )
        assert function == ("jobs procrastinate_job_to_defer_v1[]", "bigint[]")
        assert await of("SELECT obj_description('procrastinate_jobs'::regclass) LIKE 'procrastinate 3.10.%'") == [
            (True,)
        ]
