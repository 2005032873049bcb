"""Appends audit entries durably by group commit. It never drops an entry, and never rewrites one.

Guarantee: when what `append` returns is done, the entry is on disk. A batch is whatever the requests under way have
queued; there is no timer. If a batch cannot be written, every waiter in it gets `Unavailable`, so that no answer
leaves without its row.
"""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol

from segue.audit.sqlite import SqliteWriter
from segue.database import async_url, is_sqlite, migrate
from segue.errors import Unavailable

# Bounds how long the first entry of a batch waits for the others.
_BATCH_MAX = 256


class Entry(NamedTuple):
    """One event. `at_us` is microseconds since 1970; `subject_id` is the thing acted on; ids only, never a secret."""

    at_us: int
    event: str
    outcome: str
    share_id: str | None
    subject_id: str | None
    actor_id: str | None
    client: str | None
    agent: str | None
    request_id: str | None


class Writer(Protocol):
    """Writes one batch and returns when it is on disk."""

    async def write(self, batch: list[Entry]) -> None: ...

    async def probe(self) -> None:
        """Raises when a batch could not be written now, as far as that can be seen without writing one."""
        ...

    async def close(self) -> None: ...


class AuditLog:
    """The one appender of this process. A second process may append beside it on PostgreSQL at no cost, and on
    SQLite at the price of waiting for the lock.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._entries: list[Entry] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._gathering = False
        self._seen = 0
        self._writing: asyncio.Task[None] | None = None
        self._refused = False

    def append(self, entry: Entry) -> "asyncio.Future[None]":
        """Queue an entry. Await the answer: it comes when the entry is on disk, or raises `Unavailable`."""
        waiter = self._loop.create_future()
        self._entries.append(entry)
        self._waiting.append(waiter)
        if not self._gathering and self._writing is None:
            self._gather()
        return waiter

    def _gather(self) -> None:
        """Go round the event loop until a turn brings no new entry, then write.

        Under load a batch so becomes everybody who is being served, instead of the few who came while the disk was
        busy; a lone entry waits for one turn, which is microseconds.
        """
        count = len(self._entries)
        self._gathering = self._seen < count < _BATCH_MAX
        if self._gathering:
            self._seen = count
            self._loop.call_soon(self._gather)
        else:
            self._seen = 0
            self._writing = self._loop.create_task(self._write())

    async def _write(self) -> None:
        entries, waiting = self._entries, self._waiting
        self._entries, self._waiting = [], []
        try:
            await self._writer.write(entries)
        except Exception as error:  # noqa: BLE001 - whatever it was, the waiters must hear of it
            self._refused = True
            _refuse(waiting, error)
        else:
            self._refused = False
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_result(None)
        self._writing = None
        if self._entries:
            self._gather()

    async def check(self, entry: Entry) -> None:
        """Raises when entries cannot be written at the moment.

        This writes nothing while all is well. After a batch that was refused only a row that is really written shows
        that the trouble is over: then `entry` is that row.
        """
        if self._refused:
            await self.append(entry)
        else:
            await self._writer.probe()

    async def close(self) -> None:
        """Write what is queued, then close."""
        while self._waiting or self._writing is not None:
            await (self._writing or asyncio.sleep(0))
        await self._writer.close()


def _refuse(waiting: "list[asyncio.Future[None]]", error: Exception) -> None:
    for waiter in waiting:
        if not waiter.done():
            failure = Unavailable("Segue cannot answer at the moment. Please try again later.")
            failure.__cause__ = error
            waiter.set_exception(failure)


async def open_audit(url: str) -> AuditLog:
    """Open the audit of a database, and lay its table where it is missing."""
    await migrate(url, Path(__file__).parent / "migrations", "audit_version")
    parsed = async_url(url)
    if is_sqlite(parsed):
        return AuditLog(SqliteWriter(str(parsed.database)))
    # Its driver is imported only where PostgreSQL is used.
    return AuditLog(await import_module("segue.audit.postgres").PostgresWriter.connect(url))
