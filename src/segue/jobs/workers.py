"""Does the jobs of a database, as one of any number of processes that do. It picks the engine by the database alone."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol

from segue.database import Database, is_sqlite
from segue.jobs.embedded import Embedded
from segue.jobs.pace import Pace, check_lane
from segue.jobs.task import Task

_PACE = Pace()


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

    async def run(self) -> None:
        """Until cancelled; what is under way is then given back, for another to take at once."""
        await self._engine.run()

    async def catch_up(self) -> None:
        """Do what is due now, and return."""
        await self._engine.catch_up()

    def wake(self) -> None:
        """Something was queued or cancelled in this process: look at once instead of at the next turn."""
        self._engine.wake()
