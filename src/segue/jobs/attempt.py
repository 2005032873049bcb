"""One attempt at a job, whatever engine holds it: the work, then its end and its effect in one transaction.

Guarantee: the effect comes about only together with the end of the job, and the end only while the job is held. In
every other case the job is put off, given up or handed back. While the database is away, that is tried again until it
answers.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from segue.database import Database, Tx
from segue.errors import Unavailable
from segue.ids import JobId
from segue.jobs.pace import NeverEnded, Pace, sentence_of
from segue.jobs.task import Effect, JobCall, Payload, Task

_ASK_AGAIN_S = 1.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done."""

    job_id: JobId
    kind: str
    payload: Payload
    attempt: int


class Hold(Protocol):
    """The fence: each of these changes the job only while it is this holder's, and says whether it was."""

    async def end(self, tx: Tx) -> bool:
        """It is done."""
        ...

    async def fail(self, tx: Tx, sentence: str, *, now: int) -> bool:
        """It is over without having been done."""
        ...

    async def put_off(self, tx: Tx, *, due_at: int) -> bool:
        """It is to be tried again."""
        ...

    async def give_back(self, tx: Tx, *, now: int) -> bool:
        """Somebody else may have it at once, and this attempt does not count."""
        ...


class Attempt:
    """Does one job that is held already."""

    def __init__(
        self, database: Database, task: Task, job: Job, hold: Hold, pace: Pace, now: Callable[[], int]
    ) -> None:
        self._database = database
        self._task = task
        self._job = job
        self._hold = hold
        self._pace = pace
        self._now = now
        self._call = JobCall(job.attempt)
        self._working: asyncio.Task[Effect] | None = None

    def lose(self) -> None:
        """The job is somebody else's or nobody's: stop the work, for nothing will come of it."""
        self._call.lost.set()
        if self._working is not None:
            self._working.cancel()

    async def run(self) -> None:
        """Until the job is out of these hands, well or badly. Cancelled, it gives the job back."""
        try:
            if self._pace.may_begin(self._job.attempt):
                await self._try()
            else:
                await self._fail(NeverEnded(f"The work was begun {self._job.attempt - 1} times and never ended."))
        except asyncio.CancelledError:
            await self._give_back()
            raise

    async def _try(self) -> None:
        self._working = asyncio.ensure_future(self._task.work(self._job.payload, self._call))
        try:
            effect = await self._working
            async with self._database.transaction() as tx:
                if await self._hold.end(tx):
                    await effect(tx)
        except asyncio.CancelledError:
            if is_being_stopped():
                raise
            await self._fail(Unavailable("The work was broken off."))
        except Exception as error:  # noqa: BLE001 - whatever the work raised is the job's fate, not the worker's
            await self._fail(error)

    async def _fail(self, error: Exception) -> None:
        if self._call.lost.is_set():
            return
        _log.warning("job failed", **self._names(), exc_info=error)
        if self._pace.is_over(error, self._job.attempt) and await self._give_up(sentence_of(error)):
            return
        await self._put_off()

    async def _give_up(self, sentence: str) -> bool:
        """For good. False when what is to be recorded of it could not be: then it is tried again later."""
        try:
            async with self._database.transaction() as tx:
                if await self._hold.fail(tx, sentence, now=self._now()):
                    await self._task.give_up(self._job.payload, sentence)(tx)
        except Exception:  # noqa: BLE001 - the product's code or the database, and the job must not get lost
            _log.exception("a job could not be given up", **self._names())
            return False
        return True

    async def _put_off(self) -> None:
        """Insists: a job that nobody puts off would be held until this process ends."""
        pause_s = self._pace.pause_after_s(self._job.attempt)
        while True:
            try:
                async with self._database.transaction() as tx:
                    await self._hold.put_off(tx, due_at=self._now() + pause_s)
            except Exception:  # noqa: BLE001 - a database that is away
                _log.exception("a job could not be put off", **self._names())
                await asyncio.sleep(_ASK_AGAIN_S)
            else:
                return

    async def _give_back(self) -> None:
        try:
            async with self._database.transaction() as tx:
                await self._hold.give_back(tx, now=self._now())
        except Exception:  # noqa: BLE001 - its lease will run out
            _log.exception("a job could not be given back", **self._names())

    def _names(self) -> dict[str, object]:
        return {"job_id": self._job.job_id, "kind": self._job.kind, "attempt": self._job.attempt}


def is_being_stopped() -> bool:
    """Whether it is the present task that was cancelled, and not only something that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
