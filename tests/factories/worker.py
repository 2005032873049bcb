"""A process that does jobs, for tests that end it. Says on standard output what it begins, and when it has caught up.

Arguments: the URL of the database, `run` or `catch_up`, and what the work does: `quick` ends at once, `hang` never, and
`stubborn` when a line comes on standard input, whatever anybody tells it until then.
"""

import asyncio
import os
import sys

import structlog
from sqlalchemy import text

from segue.clock import now_s
from segue.database import open_database
from segue.jobs import UPKEEP, Pace, Task, Workers


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def quick():
    pass


async def hang():
    await asyncio.Event().wait()


async def stubborn():
    line = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    while not line.done():
        try:
            await asyncio.shield(line)
        except asyncio.CancelledError:
            continue


async def main(url, how, what):
    do = {"quick": quick, "hang": hang, "stubborn": stubborn}[what]

    async def work(payload, call):
        say("begun", payload["n"], call.attempt)
        await do()

        async def effect(tx):
            values = {"n": payload["n"], "who": str(os.getpid())}
            await tx.execute(text("INSERT INTO marks VALUES (:n, :who)"), values)

        return effect

    database = await open_database(url)
    pace = Pace(lease_s=1, poll_s=0.05, pause_s=0)
    workers = Workers(database, {"work": Task(work)}, {UPKEEP: 2}, now_s, pace=pace)
    await {"run": workers.run, "catch_up": workers.catch_up}[how]()
    say("caught up")
    await database.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(*sys.argv[1:]))
