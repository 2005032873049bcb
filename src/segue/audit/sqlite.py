"""Writes audit batches to SQLite: rows go in on the event loop's thread, the commit waits for the disk in another.

Inserting is pure CPU work and would only fight for the interpreter's lock in a second thread; the sync is not.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from segue.audit.table import COLUMNS
from segue.database import sqlite_pragmas

_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own names


class SqliteWriter:
    """The only connection of this process that writes the audit file."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in sqlite_pragmas(writes=True):
            self._connection.execute(pragma)
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="audit")

    async def write(self, batch: Sequence[tuple[Any, ...]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_INSERT, batch)
            await asyncio.get_running_loop().run_in_executor(self._disk, self._connection.commit)
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    async def close(self) -> None:
        self._disk.shutdown()
        self._connection.close()
