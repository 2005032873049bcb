"""Transactions and keyed reads, the same on both databases."""

import asyncio
import sqlite3

import asyncpg
import pytest
from conftest import NOW
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import DBAPIError

from segue.accounts import organizations
from segue.database import Query

NAME = Query(select(organizations.c.name).where(organizations.c.id == bindparam("id")), ("id",))
BOTH = Query(
    select(organizations.c.id)
    .where((organizations.c.name == bindparam("word")) | (organizations.c.id == bindparam("word")))
    .where(organizations.c.created_at == NOW)
    .limit(1),
    ("word",),
)


async def add(tx, number, name="Acme"):
    await tx.execute(insert(organizations).values(id=f"org_{number:012x}", name=name, created_at=NOW))


async def find(database, query, *values):
    return await database.reader.find(query, lambda rows: [tuple(row) for row in rows], *values)


async def test_a_transaction_is_all_or_nothing(database):
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await add(tx, 1)
            raise RuntimeError
    assert await find(database, NAME, "org_000000000001") == []


async def test_reading_does_not_write(database):
    with pytest.raises(DBAPIError):
        async with database.reading() as tx:
            await add(tx, 1)


async def test_writers_take_turns(database):
    async def one(number):
        async with database.transaction() as tx:
            found = (await tx.execute(text("SELECT count(*) FROM organizations"))).scalar_one()
            await add(tx, number, str(found))

    await asyncio.gather(*(one(number) for number in range(20)))
    async with database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM organizations"))).scalar_one() == 20


async def test_constants_and_repeated_parameters_reach_the_driver(database):
    async with database.transaction() as tx:
        await add(tx, 1, "Acme")
    assert await find(database, BOTH, "Acme") == [("org_000000000001",)]
    assert await find(database, BOTH, "org_000000000001") == [("org_000000000001",)]
    assert await find(database, BOTH, "nobody") == []


async def test_a_read_sees_every_commit_that_came_before_it(database):
    for number in range(50):
        name = f"name {number}"
        async with database.transaction() as tx:
            if number == 0:
                await add(tx, 1, name)
            else:
                await tx.execute(text("UPDATE organizations SET name = :name"), {"name": name})
        assert await find(database, NAME, "org_000000000001") == [(name,)]
        assert await find(database, NAME, "org_000000000001") == [(name,)], "also when it is kept"


async def test_reads_of_one_turn_agree_and_a_later_turn_sees_more(tmp_path, database):
    """Another connection commits in the middle of a turn, as a command beside the server does."""
    if database.url.get_backend_name() != "sqlite":
        return  # PostgreSQL keeps nothing and takes a new view for each statement
    async with database.transaction() as tx:
        await add(tx, 1, "before")
    assert await find(database, NAME, "org_000000000001") == [("before",)]
    other = sqlite3.connect(database.url.database)
    other.execute("UPDATE organizations SET name = 'after'")
    other.commit()
    other.close()
    await asyncio.sleep(0)
    assert await find(database, NAME, "org_000000000001") == [("after",)]


async def test_what_is_kept_is_bounded(database, monkeypatch):
    if database.url.get_backend_name() == "sqlite":
        monkeypatch.setattr(database.reader, "ROWS_KEPT_MAX", 10, raising=False)
        for number in range(100):
            await find(database, NAME, f"org_{number:012x}")
        assert len(database.reader._kept) <= 10


async def test_a_reader_comes_back_after_its_connections_were_cut(database):
    if database.url.get_backend_name() == "sqlite":
        return
    await find(database, NAME, "org_000000000001")
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    admin = await asyncpg.connect(url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await admin.close()
    found = await asyncio.gather(*(find(database, NAME, "org_000000000001") for _ in range(8)))
    assert found == [[]] * 8
