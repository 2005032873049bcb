"""Keyed reads on the raw driver: Core writes the statement once, the driver runs its text for ever after.

For rows found by an index only. On SQLite a read runs inline on the event loop (about 10 µs), so whatever lists,
searches or counts belongs in `Database.reading`.
"""

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

T = TypeVar("T")
_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Text:
    """A statement as one driver takes it: its text, and where each of its values comes from."""

    sql: str
    order: tuple[int, ...]
    constants: tuple[Any, ...]

    def arguments(self, values: tuple[Any, ...]) -> list[Any]:
        """The driver's arguments for the values of a call."""
        known = values + self.constants
        return [known[i] for i in self.order]


@dataclass(frozen=True, slots=True)
class Query:
    """A select that is compiled once. Parameters are given in the order of `parameters`; `number` tells queries apart.

    The raw driver converts nothing: a boolean comes back from SQLite as 0 or 1.
    """

    select: Select[Any]
    parameters: tuple[str, ...]
    number: int = field(default_factory=itertools.count().__next__, init=False)
    _texts: dict[str, Text] = field(default_factory=dict, init=False)

    def text(self, dialect: Dialect) -> Text:
        """The statement for one dialect, compiled on first use."""
        found = self._texts.get(dialect.name)
        if found is None:
            found = self._texts[dialect.name] = self._compiled(dialect)
        return found

    def _compiled(self, dialect: Dialect) -> Text:
        compiled = self.select.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        constants = {name: value for name, value in compiled.params.items() if name not in self.parameters}
        names = [*self.parameters, *constants]
        order = tuple(names.index(name) for name in compiled.positiontup or [])
        return Text(str(compiled), order, tuple(constants.values()))


# What a query's rows become: called with all rows, as bare tuples.
Shape = Callable[[Sequence[Sequence[Any]]], T]


class Reader(Protocol):
    """Keyed reads, one view of the data per call."""

    DIALECT: Dialect

    async def find(self, query: Query, shape: Shape[T], *values: Any) -> T:
        """What `shape` makes of the rows. It is given rows only, and what it makes must not be changed afterwards:
        a reader may hand out the same object until the data changes.
        """
        ...

    async def close(self) -> None: ...


class SqliteReader:
    """One read-only connection, used inline by the one thread that runs the event loop.

    What was found is kept until anybody commits anything: once in each turn of the loop SQLite is asked whether its
    file has changed, and what has to be read in that turn is read in one snapshot, since taking one costs more than
    reading. No read misses what was committed before its request came: the turn's end is put into the queue before
    SQLite is asked, so whoever comes later is served after that end, and asks again.
    """

    DIALECT: Dialect = sqlite.dialect(paramstyle="qmark")
    ROWS_KEPT_MAX = 50_000

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("busy_timeout = 10000", "query_only = ON", "mmap_size = 4294967296", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._execute = self._connection.execute
        self._asked = False
        self._in_snapshot = False
        self._version = -1
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._rows_kept = 0

    async def find(self, query: Query, shape: Shape[T], *values: Any) -> T:
        if not self._asked:
            self._ask()
        key = (query.number, *values)
        found: T = self._kept.get(key, _NOTHING)
        if found is _NOTHING:
            if not self._in_snapshot:
                self._execute("BEGIN")
                self._in_snapshot = True
            text = query.text(self.DIALECT)
            rows = self._execute(text.sql, text.arguments(values)).fetchall()
            found = shape(rows)
            self._keep(key, found, len(rows))
        return found

    def _ask(self) -> None:
        asyncio.get_running_loop().call_soon(self._end_turn)
        self._asked = True
        (version,) = self._execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            self._forget()

    def _end_turn(self) -> None:
        self._asked = False
        if self._in_snapshot:
            self._in_snapshot = False
            self._execute("COMMIT")

    def _keep(self, key: tuple[Any, ...], found: Any, rows: int) -> None:
        if self._rows_kept + rows >= self.ROWS_KEPT_MAX:
            self._forget()
        # A search in vain costs memory too, and a stranger can make as many as it likes.
        self._rows_kept += max(1, rows)
        self._kept[key] = found

    def _forget(self) -> None:
        self._kept.clear()
        self._rows_kept = 0

    async def close(self) -> None:
        self._end_turn()
        self._connection.close()
