"""Keyed reads on PostgreSQL. Imported only where PostgreSQL is used: its driver would cost every start 0.1 s."""

import asyncio
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as dialects

from segue.database.reading import Query, Shape, Text

T = TypeVar("T")

# The ways in which asyncpg tells that a connection is no longer one.
_CUT = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


class PostgresReader:
    """A few pinned connections, each with its own prepared statements: a third of the cost of a pool's."""

    CONNECTIONS = 4
    DIALECT = dialects.dialect()  # type: ignore[no-untyped-call]

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[tuple[asyncpg.Connection, dict[str, Any]]] = asyncio.LifoQueue()

    @classmethod
    async def connect(cls, url: str) -> "PostgresReader":
        reader = cls(url)
        for _ in range(cls.CONNECTIONS):
            reader._free.put_nowait((await asyncpg.connect(url), {}))
        return reader

    async def find(self, query: Query, shape: Shape[T], *values: Any) -> T:
        text = query.text(self.DIALECT)
        connection, prepared = await self._free.get()
        try:
            try:
                rows = await _fetch(connection, prepared, text, values)
            except _CUT:
                # The server had dropped the connection, and may have dropped them all: one more try, on a new one.
                with suppress(*_CUT, TimeoutError):
                    await connection.close(timeout=1)
                connection, prepared = await asyncpg.connect(self._url), {}
                rows = await _fetch(connection, prepared, text, values)
            return shape(rows)
        finally:
            self._free.put_nowait((connection, prepared))

    async def close(self) -> None:
        while not self._free.empty():
            connection, _ = self._free.get_nowait()
            await connection.close()


async def _fetch(connection: asyncpg.Connection, prepared: dict[str, Any], text: Text, values: tuple[Any, ...]) -> Any:
    statement = prepared.get(text.sql)
    if statement is None:
        statement = prepared[text.sql] = await connection.prepare(text.sql)
    return await statement.fetch(*text.arguments(values))
