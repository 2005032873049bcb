"""Writes audit batches to PostgreSQL: one statement, one commit a batch, on a connection of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from segue.audit.table import COLUMNS

_TYPES = ("bigint", *["text"] * (len(COLUMNS) - 1))
_ARRAYS = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES, start=1))
_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS)}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 - our own names
_MAY_WRITE = "SELECT has_table_privilege('audit', 'INSERT') AND NOT pg_is_in_recovery()"


class PostgresWriter:
    """One pinned connection, opened again when the server has dropped it."""

    def __init__(self, url: str, connection: asyncpg.Connection) -> None:
        self._url = url
        self._connection = connection
        self._free = asyncio.Lock()

    @classmethod
    async def connect(cls, url: str) -> "PostgresWriter":
        return cls(url, await asyncpg.connect(url))

    async def write(self, batch: Sequence[tuple[Any, ...]]) -> None:
        async with self._free:
            connection = await self._open()
            await connection.execute(_INSERT, *zip(*batch, strict=True))

    async def probe(self) -> None:
        """Ask on the connection that writes. A row written and taken back would leave a gap in the ids."""
        async with self._free:
            connection = await self._open()
            if not await connection.fetchval(_MAY_WRITE):
                raise PermissionError("the audit cannot be written here")

    async def _open(self) -> asyncpg.Connection:
        if self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url)
        return self._connection

    async def close(self) -> None:
        await self._connection.close()
