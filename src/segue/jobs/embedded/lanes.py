"""Works the lanes of the table of leases, in this process and beside any others on the same database.

A lease is renewed while the work goes on. When the process dies, the lease runs out and whoever looks next has the job.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from segue.database import Database
from segue.jobs.attempt import Attempt
from segue.jobs.embedded import store
from segue.jobs.embedded.store import Claim
from segue.jobs.pace import Pace
from segue.jobs.task import Task

_log = structlog.get_logger()


class Embedded:
    """All lanes of one process."""

    def __init__(
        self,
        database: Database,
        tasks: Mapping[str, Task],
        lanes: Mapping[str, int],
        now: Callable[[], int],
        pace: Pace,
    ) -> None:
        self._bell = _Bell()
        self._lanes = [
            (_Lane(name, database, tasks, now, pace, self._bell), at_once) for name, at_once in lanes.items()
        ]

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lane, at_once in self._lanes:
                for _ in range(at_once):
                    group.create_task(lane.run())

    async def catch_up(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lane, at_once in self._lanes:
                for _ in range(at_once):
                    group.create_task(lane.catch_up())

    def wake(self) -> None:
        self._bell.ring()


class _Bell:
    """Rung, it wakes everybody who was waiting for the next ring when it rang."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def next(self) -> asyncio.Event:
        return self._next

    def ring(self) -> None:
        self._next.set()
        self._next = asyncio.Event()


class _Lane:
    """One lane. `run` may run as often at once as the lane has room for jobs."""

    def __init__(
        self,
        name: str,
        database: Database,
        tasks: Mapping[str, Task],
        now: Callable[[], int],
        pace: Pace,
        bell: _Bell,
    ) -> None:
        self._name = name
        self._database = database
        self._tasks = tasks
        self._now = now
        self._pace = pace
        self._bell = bell
        self._known, self._strange = store.due_in(name, tuple(tasks))
        self._told: set[str] = set()

    async def run(self) -> None:
        while True:
            heard = self._bell.next()  # taken first: what is queued while this looks rings it
            try:
                await self.catch_up()
                await self._tell_strangers()
            except Exception:  # noqa: BLE001 - a database that is away must not end the worker
                _log.exception("a worker could not look for jobs", queue=self._name)
            await _waited(heard, self._pace.poll_s)

    async def catch_up(self) -> None:
        while await self._do_one():
            pass

    async def _do_one(self) -> bool:
        now = self._now()
        if await store.first_kind(self._database.reader, self._known, now=now) is None:
            return False
        async with self._database.transaction() as tx:
            found = await store.claim(tx, self._name, tuple(self._tasks), now=now, until=self._lease_end())
        if found is None:
            return False
        job, claim = found
        attempt = Attempt(self._database, self._tasks[job.kind], job, claim, self._pace, self._now)
        keeping = asyncio.create_task(self._keep(claim, attempt))
        try:
            await attempt.run()
        finally:
            keeping.cancel()
        return True

    async def _keep(self, claim: Claim, attempt: Attempt) -> None:
        """Renew the lease while the work goes on; when it is lost, or the job cancelled, say so to the work."""
        time = asyncio.get_running_loop().time
        renewed_at = time()
        while True:
            await _waited(self._bell.next(), min(self._pace.poll_s, self._pace.lease_s / 3))
            try:
                held = await claim.stands(self._database.reader)
                if held and time() - renewed_at >= self._pace.lease_s / 3:
                    async with self._database.transaction() as tx:
                        held = await claim.renew(tx, until=self._lease_end())
                    renewed_at = time()
            except Exception:  # noqa: BLE001 - a database that is away: nobody else can take the job either
                _log.exception("a lease could not be renewed", queue=self._name)
                continue
            if not held:
                attempt.lose()
                return

    def _lease_end(self) -> int:
        # One second more: by a clock of whole seconds the present one may be nearly over.
        return self._now() + math.ceil(self._pace.lease_s) + 1

    async def _tell_strangers(self) -> None:
        kind = await store.first_kind(self._database.reader, self._strange, now=self._now())
        if kind is not None and kind not in self._told:
            self._told.add(kind)
            _log.warning("a job waits for a worker that knows its kind", kind=kind, queue=self._name)


async def _waited(event: asyncio.Event, seconds: float) -> None:
    """Until the event or for so many seconds, whichever is first."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
