"""The schema: from nothing to the newest, the same as the code says, and never back."""

import asyncio
import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from segue import accounts, collections, focus, generations, jobs, library, shares, spending, tracks
from segue.audit.table import metadata as audit_metadata
from segue.database import async_url, metadata, migrate, open_database
from segue.database.migrate import SCRIPTS
from segue.errors import Conflict
from segue.operations import Layout
from segue.settings import Settings

ROOMS = (accounts, collections, focus, generations, jobs, library, shares, spending, tracks)
AUDIT = SCRIPTS.parents[1] / "audit" / "migrations"


async def differences(url, wanted, version_table):
    def compare(connection):
        options = {
            "version_table": version_table,
            "include_name": lambda name, kind, _: kind != "table" or name in wanted.tables,
            # Alembic itself does not ask which dialect a table or an index is for.
            "include_object": lambda thing, *_: _is_for(connection.dialect.name, thing),
        }
        return compare_metadata(MigrationContext.configure(connection, opts=options), wanted)

    engine = create_async_engine(async_url(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


def _is_for(dialect, thing):
    only = getattr(thing, "_ddl_if", None)
    return thing.info.get("only", dialect) == dialect and (only is None or only.dialect == dialect)


async def test_the_schema_is_the_sum_of_its_migrations(database_url):
    await migrate(database_url)
    assert set(metadata.tables) >= {"organizations", "tracks", "shares", "jobs", "library", "collections"}
    assert await differences(database_url, metadata, "alembic_version") == []


async def test_so_is_the_audits(database_url):
    await migrate(database_url, AUDIT, "audit_version")
    assert await differences(database_url, audit_metadata, "audit_version") == []


async def test_twice_is_once(database_url):
    for _ in range(2):
        await migrate(database_url)
        await migrate(database_url, AUDIT, "audit_version")


async def test_two_at_once_do_not_meet(database_url):
    await asyncio.gather(*(migrate(database_url) for _ in range(4)))
    assert await differences(database_url, metadata, "alembic_version") == []


async def test_a_newer_database_is_refused_with_a_sentence_and_left_alone(database_url):
    await migrate(database_url)
    engine = create_async_engine(async_url(database_url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="written by a newer Segue") as refused:
        await migrate(database_url)
    assert refused.value.message.endswith("nothing was changed.")
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar() == "9999"
    await engine.dispose()


async def test_jobs_that_wait_are_taken_along(database_url, tmp_path):
    """As 0.1 had queued them; what was done stays behind, and what failed is counted still."""
    before = tmp_path / "before"
    shutil.copytree(SCRIPTS, before, ignore=shutil.ignore_patterns("000[4-9]*"))
    await migrate(database_url, before)
    engine = create_async_engine(async_url(database_url))
    async with engine.begin() as connection:
        for number, state in enumerate(("open", "done", "failed", "open")):
            values = {"id": f"job_{number}", "state": state, "payload": f'{{"n": "{number}"}}', "due": 100 - number}
            await connection.execute(
                text(
                    "INSERT INTO jobs (id, kind, payload, state, attempts, due_at, created_at, fault)"
                    " VALUES (:id, 'work', :payload, :state, 0, :due, 50, 'No.')"
                ),
                values,
            )
    await engine.dispose()
    await migrate(database_url)
    assert await differences(database_url, metadata, "alembic_version") == []
    done = []

    async def work(payload, _call):
        done.append(payload["n"])
        return jobs.nothing_more(payload, "")

    database = await open_database(database_url)
    try:
        async with database.reading() as tx:
            assert sorted(await jobs.counts(tx, now=200)) == [("upkeep", "failed", 1), ("upkeep", "waiting", 2)]
        await jobs.Workers(database, {"work": jobs.Task(work)}, {jobs.UPKEEP: 1}, lambda: 200).catch_up()
    finally:
        await database.close()
    assert done == ["0", "3"]


def test_the_audit_has_a_file_of_its_own_only_on_sqlite(tmp_path):
    files = Layout(Settings(data_dir=tmp_path))
    assert files.audit_url == f"sqlite:///{tmp_path}/segue-audit.db"
    server = Layout(Settings(data_dir=tmp_path, database_url="postgresql://music@localhost/segue"))
    assert server.audit_url == server.database_url
