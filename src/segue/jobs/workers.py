"""Does the jobs of a database, as one of any number of processes that do. It picks the engine by the database alone."""

from collections.abc import Callable, Mapping

from segue.database import Database
from segue.jobs.embedded import Embedded
from segue.jobs.pace import Pace
from segue.jobs.task import Task

_PACE = Pace()


class Workers:
    """Works the lanes that it is given, all at the same time, each with as many jobs at once as its number says.

    A lane that no worker anywhere is given stands still, and so does a job of a kind that none knows: it is told in
    the log and left for a process that knows it. Both show in `waiting_s`. `now` is the clock.
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
        self._engine = Embedded(database, tasks, lanes, now, pace)

    async def run(self) -> None:
        """Until cancelled; what is under way is then given back, for another to take at once."""
        await self._engine.run()

    async def catch_up(self) -> None:
        """Do what is due now, and return."""
        await self._engine.catch_up()

    def wake(self) -> None:
        """Something was queued or cancelled in this process: look at once instead of at the next turn."""
        self._engine.wake()
