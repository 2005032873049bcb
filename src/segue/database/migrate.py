"""Brings a database to the newest schema, and refuses one that a newer Segue has written."""

import re
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from segue.database.engine import async_url, is_sqlite
from segue.errors import Conflict

SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(url: str, scripts: Path = SCRIPTS, version_table: str = "alembic_version") -> None:
    """Apply what is missing, all of it or nothing. Doing it twice is doing it once.

    `scripts` is a folder with `versions/NNNN_name.py`. Raises `Conflict` for a database newer than the code.
    """
    parsed = async_url(url)
    engine = create_async_engine(
        parsed, poolclass=NullPool, **({"connect_args": {"isolation_level": None}} if is_sqlite(parsed) else {})
    )
    try:
        async with engine.connect() as connection:
            begin = "BEGIN IMMEDIATE" if is_sqlite(parsed) else "SELECT pg_advisory_xact_lock(8600)"
            await connection.exec_driver_sql(begin)
            await connection.run_sync(_bring_up, scripts, version_table)
            await connection.commit()
    finally:
        await engine.dispose()


def newest(scripts: Path = SCRIPTS) -> str:
    """The revision that this code expects: the number of the last file."""
    return max(path.name[:4] for path in (scripts / "versions").glob("[0-9]*.py"))


def _bring_up(connection: Connection, scripts: Path, version_table: str) -> None:
    present = _present(connection, version_table)
    wanted = newest(scripts)
    if present == wanted:
        return
    if present is not None and (not re.fullmatch(r"\d{4}", present) or present > wanted):
        raise Conflict(
            f"This database was written by a newer Segue (schema {present}, this program knows {wanted}). "
            "Install that version or restore an older backup; nothing was changed."
        )
    # Alembic is needed once a version and would cost every start 0.15 s.
    import_module("segue.database.upgrade").upgrade(connection, scripts, version_table)


def _present(connection: Connection, version_table: str) -> str | None:
    if not inspect(connection).has_table(version_table):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {version_table}")).scalar()  # noqa: S608 - our own name
    return found
