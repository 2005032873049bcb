"""When an append is done, its entry is on disk; and a writer that fails is never a reason to answer all the same."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys

import asyncpg
import pytest

from segue.audit import AuditLog, Entry, Filter, entries, open_audit
from segue.audit.sqlite import SqliteWriter
from segue.database import open_database
from segue.errors import Unavailable


def entry(number, *, event="share.open", share_id="mslink_000000000001"):
    return Entry(number, event, "granted", share_id, None, None, "192.0.2.1", "program", f"req_{number:012x}")


async def read(url, wanted=Filter()):  # noqa: B008 - a frozen value
    database = await open_database(url)
    try:
        return [found async for found in entries(database, wanted)]
    finally:
        await database.close()


async def test_an_entry_is_on_disk_when_its_append_is_done(database_url):
    log = await open_audit(database_url)
    await log.append(entry(1))
    assert await read(database_url) == [entry(1)]
    await log.close()


async def test_many_at_once_are_few_commits_in_their_order(database_url):
    log = await open_audit(database_url)
    batches = []
    write = log._writer.write

    async def counted(batch):
        batches.append(len(batch))
        await write(batch)

    log._writer.write = counted
    await asyncio.gather(*(log.append(entry(number)) for number in range(300)))
    assert sum(batches) == 300
    assert len(batches) <= 5
    assert await read(database_url) == [entry(number) for number in range(300)]
    await log.close()


async def test_closing_writes_what_is_queued(database_url):
    log = await open_audit(database_url)
    waiting = [log.append(entry(number)) for number in range(3)]
    await log.close()
    assert all(each.done() for each in waiting)
    assert len(await read(database_url)) == 3


async def test_entries_are_filtered_and_paged(database_url):
    log = await open_audit(database_url)
    others = [entry(5_000 + n, event="share.page", share_id="mslink_000000000002") for n in range(3)]
    await asyncio.gather(*(log.append(each) for each in [*(entry(n) for n in range(1_500)), *others]))
    await log.close()
    assert len(await read(database_url)) == 1_503
    assert await read(database_url, Filter(share_id="mslink_000000000002")) == others
    assert await read(database_url, Filter(event="share.page")) == others
    assert await read(database_url, Filter(since_us=5_001)) == others[1:]


class Failing:
    """A disk that is full until it is not."""

    def __init__(self):
        self.full = True
        self.written = []

    async def write(self, batch):
        if self.full:
            raise OSError(28, "No space left on device")
        self.written += batch

    async def close(self):
        pass


async def test_a_writer_that_fails_refuses_all_who_wait_and_recovers():
    writer = Failing()
    log = AuditLog(writer)
    answers = await asyncio.gather(*(log.append(entry(n)) for n in range(5)), return_exceptions=True)
    assert all(isinstance(answer, Unavailable) for answer in answers)
    writer.full = False
    await log.append(entry(9))
    assert writer.written == [entry(9)]
    await log.close()


async def test_who_stops_waiting_does_no_harm_to_the_others():
    writer = Failing()
    writer.full = False
    log = AuditLog(writer)
    leaving, staying = log.append(entry(1)), log.append(entry(2))
    leaving.cancel()
    await staying
    assert writer.written == [entry(1), entry(2)]
    await log.close()


async def test_a_lock_that_another_process_holds_is_waited_for_off_the_loop(tmp_path):
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    log = await open_audit(url)
    other = sqlite3.connect(tmp_path / "audit.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = log.append(entry(1))
    for _ in range(100):  # the loop goes on turning while the lock is held
        await asyncio.sleep(0)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    await waiting
    await log.close()
    assert await read(url) == [entry(1)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_was_cut_is_opened_again(database_url):
    log = await open_audit(database_url)
    await log.append(entry(1))
    admin = await asyncpg.connect(database_url)
    for number in (2, 4):
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with contextlib.suppress(Unavailable):  # whoever comes before it is known is told so
            await log.append(entry(number))
        await log.append(entry(number + 1))
    await admin.close()
    await log.close()
    assert [found.at_us for found in await read(database_url) if found.at_us % 2] == [1, 3, 5]


async def test_a_batch_with_an_entry_that_cannot_be_written_is_refused_whole(database_url):
    log = await open_audit(database_url)
    impossible = entry(2)._replace(event=None)
    answers = await asyncio.gather(*(log.append(each) for each in (entry(1), impossible)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    await log.append(entry(3))
    assert await read(database_url) == [entry(3)]
    await log.close()


async def test_two_filters_are_both_meant(database_url):
    log = await open_audit(database_url)
    for number, event in enumerate(("share.open", "share.page", "share.page")):
        await log.append(entry(number, event=event))
    await log.close()
    both = Filter(share_id="mslink_000000000001", event="share.page", since_us=2)
    assert [found.at_us for found in await read(database_url, both)] == [2]
    assert await read(database_url, Filter(share_id="mslink_000000000009", event="share.page")) == []


@pytest.mark.parametrize("inline_s", [0.0, 60.0])
async def test_a_batch_of_any_size_is_whole(tmp_path, monkeypatch, inline_s):
    monkeypatch.setattr(SqliteWriter, "INLINE_S_MAX", inline_s)
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    log = await open_audit(url)
    for size in (1, 3, 4, 5, 16, 21, 64, 85, 149, 256):
        await log._writer.write([entry(number) for number in range(size)])
    await log.close()
    assert len(await read(url)) == 1 + 3 + 4 + 5 + 16 + 21 + 64 + 85 + 149 + 256


CHILD = """
import asyncio, sys
from segue.audit import Entry, open_audit

async def main():
    log = await open_audit(sys.argv[1])
    async def one(number):
        while True:
            await log.append(Entry(number, "share.open", "granted", None, None, None, None, None, str(number)))
            print(number, flush=True)
            number += 8
    await asyncio.gather(*(one(number) for number in range(8)))

asyncio.run(main())
"""


async def test_a_killed_process_has_lost_nothing_that_it_acknowledged(database_url):
    child = subprocess.Popen([sys.executable, "-c", CHILD, database_url], stdout=subprocess.PIPE, text=True)
    acknowledged = {child.stdout.readline().strip() for _ in range(200)}
    child.kill()
    acknowledged |= {line.strip() for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")}
    child.wait()
    child.stdout.close()
    found = [each.request_id for each in await read(database_url)]
    assert acknowledged <= set(found)
    assert len(found) == len(set(found))
    if database_url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
