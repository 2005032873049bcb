"""Writes audit batches to SQLite.

Rows go in many to a statement: each statement gives the lock up and takes it back, and beside a busy event loop that
costs more than the row.
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import Any

from segue.audit.table import COLUMNS
from segue.database import BUSY_TIMEOUT_MS, SqliteFile, sqlite_pragmas

Rows = Sequence[tuple[Any, ...]]

_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - our own names
_ROW = f"({', '.join('?' * len(COLUMNS))})"
# A few sizes only, so that SQLite keeps each statement compiled.
_STATEMENTS = {size: _INSERT + ", ".join([_ROW] * size) for size in (64, 16, 4, 1)}


class SqliteWriter:
    """The only connection of this process that writes the audit file.

    While the disk answers at once, a batch is written on the event loop: handing it to a thread would cost more than
    the writing. When the disk is slow, or another process holds the lock, batches go to a thread, so that only those
    wait who have to.
    """

    # Slower than this on average, and the loop has better things to do than to wait.
    INLINE_S_MAX = 0.002

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file = SqliteFile(path)
        for pragma in sqlite_pragmas(writes=True):
            self._connection.execute(pragma)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="audit")
        self._commit_s = 0.0

    async def write(self, batch: Rows) -> None:
        if self._commit_s < self.INLINE_S_MAX:
            try:
                self._write(batch, wait_ms=0)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
            else:
                return
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, partial(self._write, batch, wait_ms=BUSY_TIMEOUT_MS))

    def _write(self, batch: Rows, *, wait_ms: int) -> None:
        execute = self._connection.execute
        started = time.perf_counter()
        execute(f"PRAGMA busy_timeout = {wait_ms}")
        try:
            execute("BEGIN IMMEDIATE")
            for statement, values in _statements(batch):
                execute(statement, values)
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise
        self._commit_s += (time.perf_counter() - started - self._commit_s) / 8

    async def probe(self) -> None:
        """On a connection of its own: a batch may be under way on the other one."""
        await asyncio.to_thread(self._file.check, write=True)

    async def close(self) -> None:
        self._thread.shutdown()
        self._connection.close()


def _statements(batch: Rows) -> Iterator[tuple[str, list[Any]]]:
    start = 0
    for size, statement in _STATEMENTS.items():
        while len(batch) - start >= size:
            yield statement, list(chain.from_iterable(batch[start : start + size]))
            start += size
