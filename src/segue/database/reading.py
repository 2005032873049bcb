"""Keyed reads on the raw driver: Core writes the statement once, the driver runs its text for ever after.

For rows found by an index only. On SQLite a read runs inline on the event loop (about 10 µs), so whatever lists,
searches or counts belongs in `Database.reading`.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect


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
    """A select that is compiled once. Parameters are given in the order of `parameters`.

    The raw driver converts nothing: a boolean comes back from SQLite as 0 or 1.
    """

    select: Select[Any]
    parameters: tuple[str, ...]
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


class Reader(Protocol):
    """Rows as bare tuples, one view of the data per call."""

    async def all(self, query: Query, *values: Any) -> Sequence[Sequence[Any]]: ...

    async def close(self) -> None: ...


class SqliteReader:
    """One read-only connection, used inline by the one thread that runs the event loop.

    All reads of one turn of the loop share a snapshot, since taking one costs as much as the read itself. No read
    misses what was committed before its request came: the turn's end is put into the queue before the snapshot is
    taken, so whoever comes after the snapshot is served after that end.
    """

    DIALECT = sqlite.dialect(paramstyle="qmark")

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("busy_timeout = 10000", "query_only = ON", "mmap_size = 268435456", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._execute = self._connection.execute
        self._in_turn = False

    async def all(self, query: Query, *values: Any) -> Sequence[Sequence[Any]]:
        if not self._in_turn:
            asyncio.get_running_loop().call_soon(self._end_turn)
            self._execute("BEGIN")
            self._in_turn = True
        text = query.text(self.DIALECT)
        return self._execute(text.sql, text.arguments(values)).fetchall()

    def _end_turn(self) -> None:
        if self._in_turn:
            self._in_turn = False
            self._execute("COMMIT")

    async def close(self) -> None:
        self._end_turn()
        self._connection.close()
