"""Opens the database and hands out transactions. It knows dialects and pragmas and no table by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    Table,
    bindparam,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from segue.database.reading import Reader, SqliteReader

Tx = AsyncConnection

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BUSY_TIMEOUT_MS = 10_000


@dataclass(frozen=True, slots=True)
class Database:
    """One open database. `reader` serves keyed reads on the hot paths; everything else is a transaction."""

    url: URL
    reader: Reader
    _writing: AsyncEngine
    _reading: AsyncEngine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One write transaction: committed when the block ends, rolled back when it raises.

        On SQLite it begins immediate and there is one at a time in this process, so it never fails half-way
        for want of the lock.
        """
        async with self._writing.begin() as tx:
            yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """One read transaction with one view of the data; a write in it fails."""
        async with self._reading.begin() as tx:
            yield tx

    async def close(self) -> None:
        await self.reader.close()
        await self._writing.dispose()
        await self._reading.dispose()


async def open_database(url: str) -> Database:
    """Open `sqlite:///PATH` or `postgresql://…`. The schema must stand already (see `migrate`)."""
    parsed = async_url(url)
    if is_sqlite(parsed):
        path = str(parsed.database)
        return Database(parsed, SqliteReader(path), _sqlite(parsed, 1, "IMMEDIATE"), _sqlite(parsed, 4, "DEFERRED"))
    writing = create_async_engine(parsed, pool_size=8, max_overflow=0, pool_pre_ping=True)
    # One view for all statements of a read: PostgreSQL's own default looks anew for each.
    reading = writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    reader = await import_module("segue.database.postgres").PostgresReader.connect(plain_url(parsed))
    return Database(parsed, reader, writing, reading)


def async_url(url: str) -> URL:
    """The same URL with the driver that SQLAlchemy is to use."""
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}[urlsplit(url).scheme]
    return make_url(url).set(drivername=driver)


def plain_url(url: URL) -> str:
    """The same URL as the raw driver reads it."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


async def insert_new(tx: Tx, table: Table, **values: Any) -> bool:
    """Insert a row unless one with its key is there, also one that is just being written. True when it was new."""
    if tx.dialect.name == "sqlite":
        statement: Insert = sqlite.insert(table).values(**values).on_conflict_do_nothing()
    else:
        statement = postgresql.insert(table).values(**values).on_conflict_do_nothing()
    return (await tx.execute(statement)).rowcount == 1


def next_in(column: Column[int], *own: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number after the highest of one's own: what came later has the higher number, also within one second."""
    return select(func.coalesce(func.max(column), 0) + 1).where(*own).scalar_subquery()


def paged(statement: Select[Any]) -> Select[Any]:
    """The statement with the parameters `limit` and `offset`."""
    return statement.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))


def _sqlite(url: URL, connections: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in sqlite_pragmas(writes=begin == "IMMEDIATE"):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def sqlite_pragmas(*, writes: bool) -> list[str]:
    """What every SQLite connection is told. FULL: what was committed survives a power cut."""
    return [
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode = WAL" if writes else "PRAGMA query_only = ON",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # As far as SQLite maps files at all: rows of a large file are then read without a call each.
        "PRAGMA mmap_size = 4294967296",
    ]
