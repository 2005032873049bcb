"""Writes audit batches to PostgreSQL: one statement, one commit a batch, on a connection of its own."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from segue.audit.table import COLUMNS

_TYPES = ("bigint", *["text"] * (len(COLUMNS) - 1))
_ARRAYS = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES, start=1))
_INSERT = f"INSERT INTO audit ({', '.join(COLUMNS)}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 - our own names


class PostgresWriter:
    """One pinned connection, opened again when the server has dropped it."""

    def __init__(self, url: str, connection: asyncpg.Connection) -> None:
        self._url = url
        self._connection = connection

    @classmethod
    async def connect(cls, url: str) -> "PostgresWriter":
        return cls(url, await asyncpg.connect(url))

    async def write(self, batch: Sequence[tuple[Any, ...]]) -> None:
        if self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(_INSERT, *zip(*batch, strict=True))

    async def close(self) -> None:
        await self._connection.close()
