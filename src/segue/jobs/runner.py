"""Runs jobs in this process, one at a time, beside the requests.

Guarantee: a job runs at least once and its effect happens once. A lease is renewed while the work goes on; when the
process dies, the lease runs out and the next runner takes the job. The effect is recorded in the transaction that
ends the job, and only by whoever still holds it.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping

import msgspec
import structlog

from segue.database import Database, Tx
from segue.errors import Failure, Unavailable
from segue.jobs import store
from segue.jobs.store import Claimed

Effect = Callable[[Tx], Awaitable[None]]
Handler = Callable[[dict[str, str]], Awaitable[Effect]]

LEASE_S = 30
ATTEMPTS_MAX = 5
_POLL_S = 1.0

_log = structlog.get_logger()


class Runner:
    """Does what is due until it is stopped. `now` is the clock; `wake` says that something was queued here."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler], now: Callable[[], int]) -> None:
        self._database = database
        self._handlers = handlers
        self._now = now
        self._holder = secrets.token_hex(8)
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look at the queue at once instead of at the next turn."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. A job under way is then given back."""
        while True:
            try:
                while await self.run_one():
                    pass
            except Exception:  # noqa: BLE001 - a database that is away must not end the runner
                _log.exception("the job runner could not look for work")
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), _POLL_S)
            except TimeoutError:
                continue

    async def run_one(self) -> bool:
        """Do one due job, well or badly. False when there is none."""
        now = self._now()
        if not await store.any_due(self._database.reader, now=now):
            return False
        async with self._database.transaction() as tx:
            job = await store.claim(tx, self._holder, now=now, until=now + LEASE_S)
        if job is None:
            return False
        await self._do(job)
        return True

    async def _do(self, job: Claimed) -> None:
        renewing = asyncio.create_task(self._renew(job))
        try:
            effect = await self._handlers[job.kind](msgspec.json.decode(job.payload))
            async with self._database.transaction() as tx:
                if await store.end(tx, job, "done", now=self._now()):
                    await effect(tx)
        except asyncio.CancelledError:
            await self._postpone(job, self._now())
            raise
        except Exception as error:  # noqa: BLE001 - whatever the work raised is the job's fate, not the runner's
            await self._fail(job, error)
        finally:
            renewing.cancel()

    async def _renew(self, job: Claimed) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            await self._postpone(job, self._now() + LEASE_S)

    async def _postpone(self, job: Claimed, due_at: int) -> None:
        async with self._database.transaction() as tx:
            await store.postpone(tx, job, due_at=due_at)

    async def _fail(self, job: Claimed, error: Exception) -> None:
        """Try again later, longer each time; never again for what will not get better by itself."""
        hopeless = isinstance(error, Failure) and not isinstance(error, Unavailable)
        _log.warning("job failed", job_id=job.job_id, kind=job.kind, attempt=job.attempts, exc_info=error)
        if hopeless or job.attempts >= ATTEMPTS_MAX:
            fault = error.message if isinstance(error, Failure) else type(error).__name__
            async with self._database.transaction() as tx:
                await store.end(tx, job, "failed", now=self._now(), fault=fault)
        else:
            await self._postpone(job, self._now() + 2**job.attempts)
