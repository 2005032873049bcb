"""Works the lanes with procrastinate, as one of any number of processes on any number of machines.

Every process looks after the jobs of those that have died: a worker whose heart has not beaten for the lease loses its
jobs to whoever looks next. Imported only where PostgreSQL is used.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import procrastinate
import structlog
from psycopg_pool import AsyncConnectionPool

from segue.database import Database, plain_url
from segue.jobs.distributed import store
from segue.jobs.distributed.lane import Lane
from segue.jobs.distributed.listen import listen
from segue.jobs.pace import Pace
from segue.jobs.task import Task

_ANSWERS_WITHIN_S = 5.0

_log = structlog.get_logger()

# What they say of their own is said here in our words; without a handler it would go to standard error as well.
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Distributed:
    """All lanes of one process."""

    def __init__(
        self,
        database: Database,
        tasks: Mapping[str, Task],
        lanes: Mapping[str, int],
        now: Callable[[], int],
        pace: Pace,
    ) -> None:
        self._database = database
        self._url = plain_url(database.url)
        self._pace = pace
        self._connector = procrastinate.PsycopgConnector()
        self._lanes = [Lane(name, room, self._connector, database, tasks, now, pace) for name, room in lanes.items()]

    async def run(self) -> None:
        async with self._connected(), asyncio.TaskGroup() as group:
            group.create_task(self._look_after())
            group.create_task(listen(self._url, self._lanes))
            for lane in self._lanes:
                group.create_task(lane.run())

    async def catch_up(self) -> None:
        async with self._connected():
            await asyncio.gather(*(lane.catch_up() for lane in self._lanes))

    def wake(self) -> None:
        for lane in self._lanes:
            lane.look()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        """The pool of procrastinate's own statements. It opens also while the database is away."""
        pool = AsyncConnectionPool(
            self._url,
            min_size=1,
            max_size=1 + len(self._lanes),
            timeout=_ANSWERS_WITHIN_S,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )
        await pool.open()
        try:
            await self._connector.open_async(pool)
            yield
        finally:
            await pool.close()

    async def _look_after(self) -> None:
        """Adopt the jobs of the dead, and tell own work whose job was adopted that it is lost.

        While the database is away no heart can beat: once it is back, everybody gets the time for it first.
        """
        while True:
            pause_s = self._pace.lease_s / 3
            try:
                async with self._database.transaction() as tx:
                    adopted = await store.adopt(tx, lease_s=self._pace.lease_s)
                if adopted:
                    _log.warning("workers have died, and others have their jobs", jobs=adopted)
                await self._look_at_own()
            except Exception as error:  # noqa: BLE001 - a database that is away
                _log.warning("jobs could not be looked after", error=type(error).__name__)
                pause_s = self._pace.lease_s
            await asyncio.sleep(pause_s)

    async def _look_at_own(self) -> None:
        claims = {claim for lane in self._lanes for claim in lane.claims}
        if not claims:
            return
        async with self._database.transaction() as tx:
            lost = claims - await store.standing(tx, claims)
        for lane in self._lanes:
            lane.lose_all(lost)
