"""One lane as a worker of procrastinate, which fetches, keeps to the lane's room and beats the heart.

How a job ends is not its matter but that of the transaction of its effect (`attempt`), so what would end it a second
time does nothing here. A database that is away for a moment ends no worker.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import procrastinate
import structlog
from procrastinate import jobs, manager
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from segue.database import Database
from segue.ids import JobId
from segue.jobs.attempt import Attempt, Job, is_being_stopped
from segue.jobs.distributed import store
from segue.jobs.distributed.store import Claim
from segue.jobs.pace import Pace
from segue.jobs.task import Payload, Task

_ASK_AGAIN_S = 1.0
_NEVER_S = 86_400.0
_BEAT = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker_id)s RETURNING id"

_log = structlog.get_logger()


class Lane(manager.JobManager):
    """Also what procrastinate's worker asks and tells on its way to the database: the overridden methods are its."""

    def __init__(
        self,
        name: str,
        at_once: int,
        connector: procrastinate.BaseConnector,
        database: Database,
        tasks: Mapping[str, Task],
        now: Callable[[], int],
        pace: Pace,
    ) -> None:
        super().__init__(connector)
        self.name = name
        self._at_once = at_once
        self._database = database
        self._tasks = tasks
        self._now = now
        self._pace = pace
        self._under_way: dict[Claim, Attempt] = {}
        self._news = asyncio.Event()
        self._heard = False
        self._told: set[str] = set()
        self._session: asyncio.Task[None] | None = None
        self._app = procrastinate.App(connector=connector)
        self._app.job_manager = self
        for kind in tasks:
            self._app.task(name=kind, pass_context=True)(self._work)

    async def run(self) -> None:
        """Until cancelled. What is under way is then given back."""
        while True:
            self._session = asyncio.create_task(self._worked(wait=True, grace_s=0))
            try:
                await self._session
            except asyncio.CancelledError:
                if is_being_stopped():
                    raise
                _log.warning("a worker was taken for dead and begins anew", queue=self.name)
            except Exception:  # noqa: BLE001 - a database that is away must not end the worker
                _log.exception("a worker ended and begins anew", queue=self.name)
            await asyncio.sleep(_ASK_AGAIN_S)

    async def catch_up(self) -> None:
        """Do what is due and return when it is done."""
        await self._worked(wait=False, grace_s=None)

    def look(self) -> None:
        """There may be something to do."""
        self._heard = True
        self._news.set()

    def lose(self, job_id: JobId) -> None:
        """The job was cancelled."""
        for claim, attempt in self._under_way.items():
            if str(claim.number) == job_id:
                attempt.lose()

    @property
    def claims(self) -> set[Claim]:
        """What is under way here."""
        return set(self._under_way)

    def lose_all(self, lost: set[Claim]) -> None:
        """Tell the work of these that it is for nothing."""
        for claim, attempt in self._under_way.items():
            if claim in lost:
                attempt.lose()

    async def _worked(self, *, wait: bool, grace_s: float | None) -> None:
        worker: Any = Worker(
            self._app,
            queues=[self.name],
            name=self.name,
            concurrency=self._at_once,
            wait=wait,
            fetch_job_polling_interval=self._pace.poll_s,
            abort_job_polling_interval=_NEVER_S,
            shutdown_graceful_timeout=grace_s,
            install_signal_handlers=False,
            update_heartbeat_interval=self._pace.lease_s / 3,
            stalled_worker_timeout=self._pace.lease_s,
        )
        await worker.run()

    async def _work(self, context: procrastinate.JobContext, /, payload: Payload, **_ours: Any) -> None:
        found = context.job
        claim = _claim(found)
        job = Job(JobId(str(found.id)), found.task_name, payload, found.attempts + 1)
        attempt = Attempt(self._database, self._tasks[job.kind], job, claim, self._pace, self._now)
        self._under_way[claim] = attempt
        try:
            await attempt.run()
        finally:
            del self._under_way[claim]

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """The next job of a kind that is known. None when there is none, or the database is away."""
        while True:
            self._heard = False
            try:
                found = await super().fetch_job(queues, worker_id)
                if found is not None and found.task_name not in self._tasks:
                    await self._leave(found)
                    continue
            except Exception as error:  # noqa: BLE001 - the worker looks again at its next turn
                _log.warning("a worker could not look for jobs", queue=self.name, error=type(error).__name__)
                return None
            # The worker forgets after each look what it has heard during it.
            if found is not None or not self._heard:
                return found

    async def _leave(self, found: jobs.Job) -> None:
        async with self._database.transaction() as tx:
            await _claim(found).leave(tx, seconds=self._pace.rest_s)
        if found.task_name not in self._told:
            self._told.add(found.task_name)
            _log.warning("a job waits for a worker that knows its kind", kind=found.task_name, queue=self.name)

    async def listen_for_jobs(self, *, on_notification: Any, queues: Iterable[str] | None = None) -> None:
        """One connection listens for all lanes (`listen`); here the worker is told what it has heard."""
        del queues
        while True:
            await self._news.wait()
            self._news.clear()
            await on_notification(channel=self.name, notification=jobs.JobInserted(type="job_inserted", job_id=0))

    async def update_heartbeat(self, worker_id: int) -> None:
        """A worker that others have taken for dead is not heard any more: it begins anew, under a new number."""
        try:
            alive = await self.connector.execute_query_all_async(_BEAT, worker_id=worker_id)
        except ConnectorException:
            _log.warning("a worker could not say that it lives", queue=self.name)
            return
        if not alive and self._session is not None:
            self._session.cancel()

    async def unregister_worker(self, worker_id: int) -> None:
        """Whatever it still has, others may have at once."""
        try:
            async with self._database.transaction() as tx:
                await store.give_all_back(tx, worker_id)
            await super().unregister_worker(worker_id)
        except Exception:  # noqa: BLE001 - its lease will run out
            _log.exception("a worker could not say that it has ended", queue=self.name)

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """The job was ended, put off or given back already; only if this very file has failed it was not."""
        del delete_job
        if status is jobs.Status.FAILED:
            async with self._database.transaction() as tx:
                await _claim(job).put_off(tx, due_at=self._now() + self._pace.pause_after_s(job.attempts + 1))


def _claim(found: jobs.Job) -> Claim:
    if found.id is None or found.worker_id is None:
        raise TypeError("a job that was fetched has a number and a worker")
    return Claim(found.id, found.worker_id, found.attempts)
