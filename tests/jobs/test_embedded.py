"""What only the queue inside one machine's database has to stand: it is there at once, and costs no other driver."""

import subprocess
import sys

import pytest

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
