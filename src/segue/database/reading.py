"""Keyed reads on the raw driver: Core writes the statement once, the driver runs its text for ever after.

For rows found by an index only. On SQLite a read runs inline on the event loop (about 10 µs), so whatever lists,
searches or counts belongs in `Database.reading`.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg as postgres


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


@dataclass(slots=True)
class Query:
    """A select compiled once for each dialect. Parameters are given in the order of `parameters`.

    The raw driver converts nothing: a boolean comes back from SQLite as 0 or 1.
    """

    select: Select[Any]
    parameters: tuple[str, ...]
    sqlite: Text = field(init=False)
    postgres: Text = field(init=False)

    def __post_init__(self) -> None:
        self.sqlite = self._compile(sqlite.dialect(paramstyle="qmark"))
        self.postgres = self._compile(postgres.dialect())  # type: ignore[no-untyped-call]

    def _compile(self, dialect: Any) -> Text:
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
    """One read-only connection, used inline by the one thread that runs the event loop."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("busy_timeout = 10000", "query_only = ON", "mmap_size = 268435456", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._execute = self._connection.execute

    async def all(self, query: Query, *values: Any) -> Sequence[Sequence[Any]]:
        return self._execute(query.sqlite.sql, query.sqlite.arguments(values)).fetchall()

    async def close(self) -> None:
        self._connection.close()


class PostgresReader:
    """A few pinned connections, each with its own prepared statements: a third of the cost of a pool's."""

    CONNECTIONS = 4

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[tuple[asyncpg.Connection, dict[str, Any]]] = asyncio.LifoQueue()

    @classmethod
    async def connect(cls, url: str) -> "PostgresReader":
        reader = cls(url)
        for _ in range(cls.CONNECTIONS):
            reader._free.put_nowait((await asyncpg.connect(url), {}))
        return reader

    async def all(self, query: Query, *values: Any) -> Sequence[Sequence[Any]]:
        connection, prepared = await self._free.get()
        try:
            if connection.is_closed():
                connection, prepared = await asyncpg.connect(self._url), {}
            text = query.postgres
            statement = prepared.get(text.sql)
            if statement is None:
                statement = prepared[text.sql] = await connection.prepare(text.sql)
            rows: Sequence[Sequence[Any]] = await statement.fetch(*text.arguments(values))
            return rows
        finally:
            self._free.put_nowait((connection, prepared))

    async def close(self) -> None:
        while not self._free.empty():
            connection, _ = self._free.get_nowait()
            await connection.close()
