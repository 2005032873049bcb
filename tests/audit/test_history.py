"""The history of one share: the same answers from the index behind the journal and from the table with an index."""

import asyncio
import sqlite3

import asyncpg
import pytest

from segue.audit import Count, Entry, open_audit, open_history
from segue.audit.history import KEPT_UP_EVERY_S, counting
from segue.audit.index import _TAKE, ShareIndex, index_path
from segue.database import open_database

SHARE, OTHER = "mslink_000000000001", "mslink_000000000002"
DAY_US = 86_400_000_000
EVER = {"from_us": 0, "until_us": 1_000 * DAY_US}


def entry(at_us, *, event="share.open", outcome="granted", share_id=SHARE, client="192.0.2.1"):
    return Entry(at_us, event, outcome, share_id, None, None, client, "program", f"req_{at_us:x}")


@pytest.fixture
async def opened(database_url):
    """An audit on each database, and the history of it."""
    database = await open_database(database_url)
    log = await open_audit(database_url)
    history = open_history(database_url, database)
    yield log, history
    await history.close()
    await log.close()
    await database.close()


async def test_entries_that_are_alike_are_counted_by_day(opened):
    log, history = opened
    made = [
        entry(1 * DAY_US),
        entry(1 * DAY_US + 7),
        entry(2 * DAY_US - 1, client="192.0.2.2"),
        entry(2 * DAY_US, client=None),
        entry(2 * DAY_US, outcome="revoked"),
        entry(2 * DAY_US + 1, event="share.page"),
        entry(2 * DAY_US, share_id=OTHER),
        entry(2 * DAY_US, share_id=None),
    ]
    await asyncio.gather(*(log.append(each) for each in made))
    found = await history.counts(SHARE, list, **EVER)
    assert all(type(each) is Count for each in found)
    assert sorted(found, key=str) == sorted(
        [
            Count(1, "share.open", "granted", "192.0.2.1", 2, DAY_US + 7),
            Count(1, "share.open", "granted", "192.0.2.2", 1, 2 * DAY_US - 1),
            Count(2, "share.open", "granted", None, 1, 2 * DAY_US),
            Count(2, "share.open", "revoked", "192.0.2.1", 1, 2 * DAY_US),
            Count(2, "share.page", "granted", "192.0.2.1", 1, 2 * DAY_US + 1),
        ],
        key=str,
    )
    assert len(await history.counts(OTHER, list, **EVER)) == 1


@pytest.mark.parametrize(("from_us", "until_us", "counted"), [(5, 9, [5, 8]), (0, 5, [4]), (9, 10, [9]), (10, 99, [])])
async def test_the_beginning_is_in_and_the_end_is_not(opened, from_us, until_us, counted):
    log, history = opened
    for at_us in (4, 5, 8, 9):
        await log.append(entry(at_us, client=str(at_us)))
    found = await history.counts(SHARE, list, from_us=from_us, until_us=until_us)
    assert sorted(each.last_at_us for each in found) == counted


async def test_what_was_on_disk_before_is_in_the_answer(opened):
    log, history = opened
    assert await history.counts(SHARE, list, **EVER) == []
    for number in range(1, 20):
        await log.append(entry(number))
        (found,) = await history.counts(SHARE, list, **EVER)
        assert (found.entries, found.last_at_us) == (number, number)


async def test_entries_that_come_out_of_their_order_are_where_they_belong(opened):
    log, history = opened
    for at_us in (3 * DAY_US, 1 * DAY_US, 2 * DAY_US, 1 * DAY_US):
        await log.append(entry(at_us))
    found = {each.day: each.entries for each in await history.counts(SHARE, list, **EVER)}
    assert found == {1: 2, 2: 1, 3: 1}


async def test_many_who_ask_at_once_get_one_answer(opened):
    log, history = opened
    await asyncio.gather(*(log.append(entry(number)) for number in range(500)))
    answers = await asyncio.gather(*(history.counts(SHARE, list, **EVER) for _ in range(20)))
    assert {answer[0].entries for answer in answers} == {500}


async def test_the_statement_goes_to_the_share_and_nowhere_else(opened, database_url, tmp_path):
    log, history = opened
    await asyncio.gather(*(log.append(entry(n, share_id=f"mslink_{n:012x}")) for n in range(300)))
    await history.counts(SHARE, list, **EVER)
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(index_path(tmp_path / "segue.db"))
        plan = connection.execute(f"EXPLAIN QUERY PLAN {counting('entries')}", {"share_id": SHARE, **EVER}).fetchall()
        connection.close()
        steps = [row[3] for row in plan]
        assert steps[0] == "SEARCH entries USING PRIMARY KEY (share_id=? AND at_us>? AND at_us<?)"
        assert not [step for step in steps if "SCAN" in step]
    else:
        connection = await asyncpg.connect(database_url)
        await connection.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        text = counting("audit").replace(":share_id", "$1").replace(":from_us", "$2").replace(":until_us", "$3")
        await connection.execute(f"PREPARE counts AS {text}")
        plan = "\n".join(row[0] for row in await connection.fetch("EXPLAIN EXECUTE counts('a', 1, 2)"))
        await connection.close()
        assert "Scan using ix_audit_by_share" in plan or "Scan on ix_audit_by_share" in plan
        assert "share_id" in plan.partition("Index Cond")[2]
        assert "Seq Scan" not in plan


async def test_the_journal_on_sqlite_has_no_index_and_is_read_from_the_mark_on(tmp_path):
    url = f"sqlite:///{tmp_path / 'segue.db'}"
    await (await open_audit(url)).close()
    index = ShareIndex(tmp_path / "segue.db", index_path(tmp_path / "segue.db"))
    index.catch_up()
    connection = index._opened()
    assert connection.execute("SELECT name FROM journal.sqlite_schema WHERE type = 'index'").fetchall() == [
        ("sqlite_autoindex_audit_version_1",)
    ]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {_TAKE}", (1, 2)).fetchall()
    assert plan[0][3] == "SEARCH journal.audit USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    assert not [row for row in plan if "SCAN" in row[3]]
    index.close()


async def test_the_history_keeps_up_by_itself_until_it_is_told_to_stop(opened, monkeypatch):
    log, history = opened
    waits = []
    turned = asyncio.Event()

    async def no_wait(seconds, sleep=asyncio.sleep):
        waits.append(seconds)
        turned.set()
        await sleep(0)

    monkeypatch.setattr("segue.audit.history.asyncio.sleep", no_wait)
    keeping = asyncio.create_task(history.keep_up())
    if not hasattr(history, "_index"):
        await keeping
        return
    await log.append(entry(1))
    for _ in range(3):
        turned.clear()
        await turned.wait()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    connection = sqlite3.connect(history._index._path)
    assert connection.execute("SELECT at_us FROM entries").fetchall() == [(1,)]
    connection.close()
    assert set(waits) == {KEPT_UP_EVERY_S}
