"""The index behind the journal on SQLite: a copy of what is asked for by share, in a file of its own.

It is derived. Where it is missing, broken or of another journal, it is made anew, and nothing but time is lost. It
never writes the journal, nor holds its lock. Everything here waits for the disk, so it belongs into one thread.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import structlog

from segue.database import BUSY_TIMEOUT_MS
from segue.errors import Unavailable

# Another number than the file's, and it is made anew.
_VERSION = 1
_SCHEMA = (
    "DROP TABLE IF EXISTS entries",
    "DROP TABLE IF EXISTS mark",
    """CREATE TABLE entries (
        share_id TEXT NOT NULL, at_us INTEGER NOT NULL, id INTEGER NOT NULL,
        event TEXT NOT NULL, outcome TEXT NOT NULL, client TEXT,
        PRIMARY KEY (share_id, at_us, id)
    ) WITHOUT ROWID""",
    # The last row of the journal that is in here, or none.
    "CREATE TABLE mark (id INTEGER NOT NULL, at_us INTEGER NOT NULL, request_id TEXT)",
    f"PRAGMA user_version = {_VERSION}",
)
# The file is in order after a crash; what it then lacks is in the journal.
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA main.journal_mode = WAL",
    "PRAGMA main.synchronous = NORMAL",
    "PRAGMA main.cache_size = -32768",
)
# Within SQLite alone, without an object of Python's for any row: threads that serve are not held up. In the order of
# the index, so that each of its pages is written once a batch.
_TAKE = (
    "INSERT INTO entries SELECT share_id, at_us, id, event, outcome, client FROM journal.audit "
    "WHERE id > ? AND id <= ? AND share_id IS NOT NULL ORDER BY share_id, at_us, id"
)
_ROW = "SELECT id, at_us, request_id FROM journal.audit"
_LAST = f"{_ROW} ORDER BY id DESC LIMIT 1"
_LAST_OF_BATCH = f"SELECT * FROM ({_ROW} WHERE id > ? ORDER BY id LIMIT ?) ORDER BY id DESC LIMIT 1"  # noqa: S608 - our own
# What says that the file is not an index as it was written, and not merely that the disk is full or the lock is held.
_BROKEN = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}

T = TypeVar("T")
# A row of the journal, told by its number and by what no other row of any journal shares.
Mark = tuple[int, int, str | None]
Identity = tuple[int, int] | None

_log = structlog.get_logger()


def index_path(journal: Path) -> Path:
    """The place of the index of a journal: `segue-audit-index.db` beside `segue-audit.db`."""
    return journal.with_name(f"{journal.stem}-index.db")


class ShareIndex:
    """One connection to the index that reads the journal too. Rows and mark are one transaction, so a crash between
    them cannot be, and two who catch up at once take turns.
    """

    # Bounds how long another process waits for the lock, and how much a crash does again: a fifth of a second. In
    # smaller batches a row costs twice as much.
    BATCH_ROWS = 50_000
    # While the journal grows faster than this from one time to the next, so much is taken and the rest waits: the
    # cores are for those who open links.
    BUSY_ROWS = 10_000

    def __init__(self, journal: Path, path: Path) -> None:
        self._journal = journal
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._files: tuple[Identity, Identity] | None = None
        self._seen = 0
        self._stopping = False

    def catch_up(self) -> None:
        """Take in every row that the journal has at this moment."""
        self._mended(self._catch_up)

    def keep_up(self) -> None:
        """Take in the next rows of the journal, one batch at most, and few of them while it grows fast."""
        self._mended(self._keep_up)

    def find(self, statement: str, values: Mapping[str, Any], shape: Callable[[Iterator[Any]], T]) -> T:
        """What `shape` makes of the rows of a statement over `entries`, once all that the journal has at this moment
        is in it. Where the index has to be made anew, it is called again.
        """

        def found(connection: sqlite3.Connection) -> T:
            self._catch_up(connection)
            with closing(connection.execute(statement, values)) as rows:
                return shape(rows)

        return self._mended(found)

    def stop(self) -> None:
        """From another thread: what is under way ends after its batch, with `Unavailable`."""
        self._stopping = True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _mended(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The work's outcome; where the file turns out to be broken, done again over a new one."""
        try:
            return work(self._opened())
        except sqlite3.DatabaseError as error:
            if not self._is_broken(error):
                raise
            _log.warning("the index of the audit is broken and is made anew", path=str(self._path), error=str(error))
        self._remove()
        return work(self._opened())

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None or self._lying() != self._files:
            self.close()
            self._files = self._lying()
            self._connection = self._open()
            self._files = self._lying()
        return self._connection

    def _lying(self) -> tuple[Identity, Identity]:
        """Which files lie there now. Either may have been replaced while it was open."""
        return _identity(self._path), _identity(self._journal)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(self._path))}", uri=True, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            with _transaction(connection):
                if connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                    for statement in _SCHEMA:
                        connection.execute(statement)
            # Read-only, so that a transaction here holds no lock that the writer of the journal needs.
            connection.execute("ATTACH ? AS journal", (f"file:{quote(str(self._journal))}?mode=ro",))
        except BaseException:
            connection.close()
            raise
        return connection

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        last = connection.execute(_LAST).fetchone()
        if last == _mark(connection):
            return
        while self._take_batch(connection, self.BATCH_ROWS) < (0 if last is None else last[0]):
            if self._stopping:
                raise Unavailable("Segue cannot answer at the moment. Please try again later.")

    def _keep_up(self, connection: sqlite3.Connection) -> None:
        last = connection.execute(_LAST).fetchone()
        number = 0 if last is None else last[0]
        busy, self._seen = number - self._seen > self.BUSY_ROWS, number
        if last != _mark(connection):
            self._take_batch(connection, self.BUSY_ROWS if busy else self.BATCH_ROWS)

    def _take_batch(self, connection: sqlite3.Connection, rows: int) -> int:
        """Take in the next so many rows of the journal. The number of the last one that is then in here."""
        with _transaction(connection):
            mark = _mark(connection)
            if mark is not None and connection.execute(f"{_ROW} WHERE id = ?", mark[:1]).fetchone() != mark:
                _log.warning("the index of the audit belongs to another journal and is made anew")
                connection.execute("DELETE FROM entries")
                connection.execute("DELETE FROM mark")
                mark = None
            after = 0 if mark is None else mark[0]
            last = connection.execute(_LAST_OF_BATCH, (after, rows)).fetchone()
            if last is None:
                return after
            connection.execute(_TAKE, (after, last[0]))
            connection.execute("DELETE FROM mark")
            connection.execute("INSERT INTO mark VALUES (?, ?, ?)", last)
            return int(last[0])

    def _is_broken(self, error: sqlite3.DatabaseError) -> bool:
        """Whether the trouble is this file's. A page that cannot be right may be the journal's."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _BROKEN or (code == sqlite3.SQLITE_CORRUPT and not self._is_sound())

    def _is_sound(self) -> bool:
        try:
            found: tuple[str] = self._opened().execute("PRAGMA main.quick_check(1)").fetchone()
        except sqlite3.DatabaseError:
            return False
        return found == ("ok",)

    def _remove(self) -> None:
        self.close()
        if self._files is not None and _identity(self._path) != self._files[0]:
            return  # somebody else has made it anew already
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


def _mark(connection: sqlite3.Connection) -> Mark | None:
    found: Mark | None = connection.execute("SELECT id, at_us, request_id FROM mark").fetchone()
    return found


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _identity(path: Path) -> Identity:
    """Which file lies there. None where there is none: then SQLite makes one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
