"""Whether a database answers at the moment, by really asking it. Raises what went wrong, and repairs nothing."""

import asyncio
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from segue.database.engine import Database, is_sqlite

_WAIT_S = 2.0


class SqliteFile:
    """The file under a path, as it was when this was made."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._identity = self._identify()

    def check(self, *, write: bool) -> None:
        """Read from it on a connection of its own; with `write`, take its lock and give it back.

        Raises `OSError` when another file lies there or none, and what SQLite raises. It waits for the disk, so it
        belongs into a thread.
        """
        if self._identify() != self._identity:
            raise OSError("another file lies where the database was opened")
        connection = sqlite3.connect(
            f"file:{quote(self._path)}?mode=rw", uri=True, timeout=_WAIT_S, isolation_level=None
        )
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    def _identify(self) -> tuple[int, int]:
        found = Path(self._path).stat()
        return found.st_dev, found.st_ino


class DatabaseCheck:
    """Asks one open database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = SqliteFile(str(database.url.database)) if is_sqlite(database.url) else None

    async def run(self) -> None:
        """Returns when the database has answered. Raises whatever keeps it from that."""
        if self._file is not None:
            await asyncio.to_thread(self._file.check, write=False)
        async with self._database.reading() as tx:
            await tx.execute(text("SELECT version_num FROM alembic_version"))
