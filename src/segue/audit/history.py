"""What the audit holds of one share, counted by day. It reads and never writes an entry.

Guarantee: no answer misses an entry that was on disk before it was asked for.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import structlog
from sqlalchemy import text

from segue.audit.index import ShareIndex, index_path
from segue.clock import DAY_US
from segue.database import Database, async_url, is_sqlite
from segue.errors import Unavailable

T = TypeVar("T")

KEPT_UP_EVERY_S = 5

_log = structlog.get_logger()


class Count(NamedTuple):
    """So many entries of one day (counted from 1970, in UTC) that are alike, and when the last of them was written.
    `client` is as the audit keeps it.
    """

    day: int
    event: str
    outcome: str
    client: str | None
    entries: int
    last_at_us: int


Shape = Callable[[Iterable[Count]], T]


class History(Protocol):
    """The entries of shares, as fast for one share among millions of entries as among a few."""

    async def counts(self, share_id: str, shape: Shape[T], *, from_us: int, until_us: int) -> T:
        """What `shape` makes of the entries of a share from a moment on and before another one, in no order.

        It runs in a thread, since a popular link has many; it is given counts only, and may be called again.
        """
        ...

    async def keep_up(self) -> None:
        """Until cancelled: makes ready what an answer would otherwise have to wait for."""
        ...

    async def close(self) -> None: ...


def counting(table: str) -> str:
    """The statement that counts in a table. Both databases and both drivers read it alike."""
    return (
        f"SELECT at_us / {DAY_US}, event, outcome, client, count(*), max(at_us) FROM {table} "  # noqa: S608 - our own
        "WHERE share_id = :share_id AND at_us >= :from_us AND at_us < :until_us GROUP BY 1, 2, 3, 4"
    )


class PostgresHistory:
    """Asks the table itself, which has an index by share."""

    _COUNTS = text(counting("audit"))

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self, share_id: str, shape: Shape[T], *, from_us: int, until_us: int) -> T:
        values = {"share_id": share_id, "from_us": from_us, "until_us": until_us}
        async with self._database.reading() as tx:
            rows = (await tx.execute(self._COUNTS, values)).all()
        return await asyncio.to_thread(lambda: shape(map(Count._make, rows)))

    async def keep_up(self) -> None:
        """There is nothing to do: the index is written with the entry."""

    async def close(self) -> None:
        pass


class SqliteHistory:
    """Asks the index behind the journal, after bringing it up to date.

    One thread does both, so that the event loop waits for neither. A second process may do the same beside it.
    """

    _COUNTS = counting("entries")

    def __init__(self, journal: Path) -> None:
        self._index = ShareIndex(journal, index_path(journal))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")

    async def counts(self, share_id: str, shape: Shape[T], *, from_us: int, until_us: int) -> T:
        values = {"share_id": share_id, "from_us": from_us, "until_us": until_us}
        return await self._in_thread(
            lambda: self._index.find(self._COUNTS, values, lambda rows: shape(map(Count._make, rows)))
        )

    async def keep_up(self) -> None:
        while True:
            try:
                await self._in_thread(self._index.keep_up)
            except Exception:  # noqa: BLE001 - whatever it was, it must not end the catching up to come
                _log.exception("the index of the audit is behind")
            await asyncio.sleep(KEPT_UP_EVERY_S)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            raise Unavailable("Segue cannot answer at the moment. Please try again later.") from error

    async def close(self) -> None:
        self._index.stop()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._index.close)
        self._thread.shutdown()


def open_history(audit_url: str, database: Database) -> History:
    """The history of an audit that is open. On PostgreSQL it lies in `database`."""
    parsed = async_url(audit_url)
    return SqliteHistory(Path(str(parsed.database))) if is_sqlite(parsed) else PostgresHistory(database)
