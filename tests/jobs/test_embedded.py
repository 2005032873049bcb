"""What only the queue inside one machine's database has to stand: it is there at once, and costs no other driver."""

import subprocess
import sys

import pytest
from factories.working import PATIENT, running

from segue.jobs.embedded import store

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STARTED = """
import asyncio, sys
from segue import app
from segue.clock import now_s
from segue.database import open_database
from segue.jobs import UPKEEP, Workers

async def main():
    database = await open_database(sys.argv[1])
    await Workers(database, {}, {UPKEEP: 1}, now_s).catch_up()
    await database.close()

asyncio.run(main())
print(*sorted({"asyncpg", "procrastinate", "psycopg", "psycopg_pool"} & set(sys.modules)))
"""


@only_sqlite
def test_nothing_of_postgresql_is_imported(database_url, database):
    done = subprocess.run([sys.executable, "-c", STARTED, database_url], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("\n", "")


@only_sqlite
async def test_a_ring_during_a_look_is_heard(workers, queue, diary, monkeypatch):
    """The lane has just found nothing and is about to wait for ten minutes, when something is queued."""
    at_work, first_kind, queued = workers(pace=PATIENT), store.first_kind, []

    async def look(*arguments, **more):
        found = await first_kind(*arguments, **more)
        if not queued:
            queued.extend(await queue(1))
            at_work.wake()
        return found

    monkeypatch.setattr(store, "first_kind", look)
    async with running(at_work):
        await diary.until(lambda diary: diary.took_effect == ["1"])
