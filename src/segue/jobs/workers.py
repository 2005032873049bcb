"""Does the jobs of a database, as one of any number of processes that do. It picks the engine by the database alone."""

import asyncio
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol

import structlog

from segue.clock import DAY_S
from segue.database import Database, is_sqlite
from segue.jobs.embedded import Embedded
from segue.jobs.pace import Pace, check_lane
from segue.jobs.queue import forget_failed
from segue.jobs.task import Task

_PACE = Pace()

# What failed is kept so long for whoever asks why, and so often somebody looks for what was kept long enough.
_FAILED_DAYS = 30
_LOOK_S = 3_600

_log = structlog.get_logger()


class Engine(Protocol):
    """What works the lanes (see `Workers`)."""

    def __init__(
        self,
        database: Database,
        tasks: Mapping[str, Task],
        lanes: Mapping[str, int],
        now: Callable[[], int],
        pace: Pace,
    ) -> None: ...

    async def run(self) -> None: ...

    async def catch_up(self) -> None: ...

    def wake(self) -> None: ...


class Workers:
    """Works the lanes that it is given, all at the same time, each with as many jobs at once as its number says.

    A lane that no worker anywhere is given stands still, and so does a job of a kind that none knows: it is told in
    the log and left for a process that knows it. Both show in `waiting_s`. `now` is the clock. The name of a lane has
    40 bytes at most.
    """

    def __init__(
        self,
        database: Database,
        tasks: Mapping[str, Task],
        lanes: Mapping[str, int],
        now: Callable[[], int],
        *,
        pace: Pace = _PACE,
    ) -> None:
        for lane in lanes:
            check_lane(lane)
        engine: type[Engine] = Embedded
        if not is_sqlite(database.url):
            # Its driver would cost every start on SQLite a third of a second.
            engine = import_module("segue.jobs.distributed.engine").Distributed
        self._engine = engine(database, tasks, lanes, now, pace)
        self._database = database
        self._now = now

    async def run(self) -> None:
        """Until cancelled; what is under way is then given back, for another to take at once."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._forget())
            group.create_task(self._engine.run())

    async def catch_up(self) -> None:
        """Do what is due now, and return."""
        await self._engine.catch_up()

    def wake(self) -> None:
        """Something was queued or cancelled in this process: look at once instead of at the next turn."""
        self._engine.wake()

    async def _forget(self) -> None:
        while True:
            try:
                async with self._database.transaction() as tx:
                    await forget_failed(tx, before=self._now() - _FAILED_DAYS * DAY_S)
            except Exception:  # noqa: BLE001 - it comes round again
                _log.exception("failed jobs of long ago could not be removed")
            await asyncio.sleep(_LOOK_S)
