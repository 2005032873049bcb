"""What a hot request may read, and that every statement that runs for a request is led by an index."""

import sqlite3
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
from factories.links import ENDS
from factories.music import keep, keep_collection, keep_many, track
from factories.server import serving

import segue
from segue.database import Query, Reader, is_sqlite, plain_url
from segue.database.postgres import PostgresReader
from segue.database.reading import SqliteReader
from segue.settings import Rate

HTML = {"Accept": "text/html"}
UNKNOWN = "/v1/music/shared/shr_" + "0" * 32

SRC = Path(segue.__file__).parent
STORES = [
    import_module(".".join(("segue", *path.relative_to(SRC).with_suffix("").parts))) for path in SRC.rglob("store.py")
]


def queries_of(store):
    """The queries of a store by name; those that stand in a table of their variants too."""
    room = store.__name__.removeprefix("segue.").removesuffix(".store")
    for name, value in vars(store).items():
        variants = value if isinstance(value, dict) else {(): value}
        for parts, query in variants.items():
            if isinstance(query, Query):
                yield ".".join((room, name.strip("_").lower(), *parts)), query


QUERIES = dict(pair for store in STORES for pair in queries_of(store))


@dataclass
class Counting:
    """A reader that says how often it was asked."""

    reader: Reader
    asked: list[str] = field(default_factory=list)

    async def find(self, query, shape, *values):
        self.asked.append(next(name for name, each in QUERIES.items() if each is query))
        return await self.reader.find(query, shape, *values)

    async def close(self):
        await self.reader.close()


@pytest.fixture
async def counted(tmp_path):
    """A server, and the list of what its reader is asked."""
    asked = []

    def watched(parts):
        return replace(parts, database=replace(parts.database, reader=Counting(parts.database.reader, asked)))

    async with serving(tmp_path, watched=watched, unknown_token_rate=Rate(4, 86_400)) as server:
        yield server, asked


async def test_an_open_is_one_read_whatever_it_shows(counted):
    server, asked = counted
    ada, visitor = await server.member(), await server.visitor()
    one = await ada.share((await keep(server.parts, track(ada.who))).id)
    many = await ada.share(await keep_collection(server.parts, ada.who, await keep_many(server.parts, ada.who, 100)))
    limited = await ada.share((await keep(server.parts, track(ada.who))).id, max_opens=2)
    for link in (one, many, limited):
        asked.clear()
        assert (await visitor.get(link["url"])).status_code == 200
        assert asked == ["shares.open"]
    asked.clear()
    assert (await visitor.get(many["url"], headers=HTML)).status_code == 200
    assert asked == ["shares.open", "shares.sleeve"]


async def test_a_range_of_bytes_is_one_read(counted):
    server, asked = counted
    ada, visitor = await server.member(), await server.visitor()
    link = await ada.share((await keep(server.parts, track(ada.who))).id)
    playback_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=10-"}):
        asked.clear()
        assert (await visitor.get(playback_url, headers=headers)).status_code in {200, 206}
        assert asked == ["shares.stream"]
    asked.clear()
    assert (await visitor.get(playback_url + "0")).status_code == 401
    assert asked == [], "a bad signature is refused before anything is read"


async def test_every_dead_link_costs_the_same_read_and_a_limited_client_none(counted):
    server, asked = counted
    visitor = await server.visitor()
    for end in ENDS:
        ada = await server.member(organization=await server.organization())
        link = await ada.share((await keep(server.parts, track(ada.who))).id)
        await end(server, ada, link)
        asked.clear()
        assert (await visitor.get(link["url"])).status_code == 404
        assert asked == ["shares.open"], end.__name__
    for url in (UNKNOWN, UNKNOWN + "%00", "/v1/music/shared/x", "/v1/music/shared/"):
        asked.clear()
        assert (await visitor.get(url)).status_code == 404
        assert asked == ["shares.open"], url
    asked.clear()
    assert (await visitor.get(UNKNOWN)).status_code == 429
    assert asked == []


def test_the_hot_queries_are_all_here():
    assert {"shares.open", "shares.sleeve", "shares.stream", "library.playable", "accounts.key_by_digest"} <= set(
        QUERIES
    )


# Each database keeps its jobs in a way of its own.
_ELSEWHERE = {"sqlite": "jobs.distributed.", "postgresql": "jobs.embedded."}
PLANNED = [(kind, name) for kind, other in _ELSEWHERE.items() for name in QUERIES if not name.startswith(other)]


@pytest.mark.parametrize(("database_url", "name"), PLANNED, indirect=["database_url"])
async def test_every_hot_query_is_led_by_an_index(database, name):
    sqlite = is_sqlite(database.url)
    plan = await (_sqlite_plan if sqlite else _postgres_plan)(database.url, QUERIES[name])
    assert plan
    forbidden = ("SCAN", "AUTOMATIC", "TEMP B-TREE") if sqlite else ("Seq Scan",)
    assert not [step for step in plan if any(word in step for word in forbidden)]


async def _sqlite_plan(url, query):
    text = query.text(SqliteReader.DIALECT)
    connection = sqlite3.connect(url.database)
    try:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {text.sql}", [None] * len(text.order)).fetchall()
    finally:
        connection.close()
    return [row[3] for row in rows]


async def _postgres_plan(url, query):
    """With sequential scans forbidden, one is still there where no index leads."""
    text = query.text(PostgresReader.DIALECT)
    nulls = ", ".join(["NULL"] * len(text.order))
    connection = await asyncpg.connect(plain_url(url))
    try:
        await connection.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE hot AS {text.sql}")
        return [row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE hot({nulls})")]
    finally:
        await connection.close()
