"""Transactions over SQLAlchemy Core, raw reads for the hot paths, and migrations; SQLite and PostgreSQL alike."""

from segue.database.checks import DatabaseCheck, SqliteFile
from segue.database.engine import (
    BUSY_TIMEOUT_MS,
    Database,
    Tx,
    async_url,
    insert_new,
    is_sqlite,
    metadata,
    next_in,
    open_database,
    paged,
    plain_url,
    sqlite_pragmas,
)
from segue.database.migrate import migrate
from segue.database.reading import Query, Reader

__all__ = [
    "BUSY_TIMEOUT_MS",
    "Database",
    "DatabaseCheck",
    "Query",
    "Reader",
    "SqliteFile",
    "Tx",
    "async_url",
    "insert_new",
    "is_sqlite",
    "metadata",
    "migrate",
    "next_in",
    "open_database",
    "paged",
    "plain_url",
    "sqlite_pragmas",
]
