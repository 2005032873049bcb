"""The index behind the journal on SQLite: whatever happens to it, it says what the journal says."""

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from segue.audit import Entry, open_audit, open_history
from segue.audit.index import ShareIndex, index_path
from segue.errors import Unavailable

SHARES = [f"mslink_{number:012x}" for number in range(5)]
ALL = "SELECT share_id, at_us, id, event, outcome, client FROM entries ORDER BY id"


def entry(number):
    share_id = None if number % 7 == 6 else SHARES[number % len(SHARES)]
    return Entry(number, "share.open", "granted", share_id, None, None, f"192.0.2.{number % 9}", "x", f"req_{number}")


class Journal:
    """An audit in a folder, and everything that may be asked of it without its index."""

    def __init__(self, folder):
        self.path = folder / "segue-audit.db"
        self.index = index_path(self.path)
        self.url = f"sqlite:///{self.path}"
        self.numbers = iter(range(1_000_000))

    async def write(self, rows):
        log = await open_audit(self.url)
        await asyncio.gather(*(log.append(entry(next(self.numbers))) for _ in range(rows)))
        await log.close()

    def rows(self):
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(
                "SELECT share_id, at_us, id, event, outcome, client FROM audit WHERE share_id IS NOT NULL ORDER BY id"
            ).fetchall()

    def opened(self):
        return ShareIndex(self.path, self.index)


@pytest.fixture
async def journal(tmp_path):
    made = Journal(tmp_path)
    await made.write(50)
    return made


@pytest.fixture
def index(journal):
    opened = journal.opened()
    yield opened
    opened.close()


def test_it_lies_beside_the_audit(tmp_path):
    assert index_path(tmp_path / "segue-audit.db") == tmp_path / "segue-audit-index.db"


async def test_it_holds_what_the_journal_holds_of_shares(journal, index):
    assert index.find(ALL, {}, list) == journal.rows() != []
    await journal.write(20)
    assert index.find(ALL, {}, list) == journal.rows()


@pytest.mark.parametrize("batch", [1, 3, 50, 51, 1_000])
async def test_batches_of_any_size_make_the_same_index(journal, index, monkeypatch, batch):
    monkeypatch.setattr(ShareIndex, "BATCH_ROWS", batch)
    assert index.find(ALL, {}, list) == journal.rows()


async def test_an_empty_journal_has_an_empty_index(tmp_path):
    journal = Journal(tmp_path)
    await journal.write(0)
    with closing(journal.opened()) as index:
        assert index.find(ALL, {}, list) == []


async def test_it_takes_nothing_when_there_is_nothing_new(journal, index, monkeypatch):
    index.catch_up()
    monkeypatch.setattr(index, "_take_batch", None)
    index.catch_up()
    index.keep_up()


async def test_keeping_up_takes_little_while_the_journal_grows_fast_and_then_the_rest(journal, index, monkeypatch):
    monkeypatch.setattr(ShareIndex, "BUSY_ROWS", 10)
    monkeypatch.setattr(ShareIndex, "BATCH_ROWS", 40)

    def kept():
        index.keep_up()
        return index._opened().execute("SELECT id FROM mark").fetchall()

    assert kept() == [(10,)], "50 rows are new to it"
    await journal.write(20)
    assert kept() == [(20,)]
    await journal.write(10)
    assert kept() == [(60,)], "ten are few enough"
    assert kept() == [(80,)]
    await journal.write(30)
    assert kept() == [(90,)]
    assert index.find(ALL, {}, list) == journal.rows(), "an answer has everything, however busy it is"


async def test_the_writer_of_the_journal_is_never_held_up(journal, index):
    index.catch_up()
    connection = index._opened()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("SELECT * FROM journal.audit").fetchone()
    with closing(sqlite3.connect(journal.path, timeout=0)) as writer:
        writer.execute("INSERT INTO audit (at_us, event, outcome) VALUES (1, 'a', 'b')")
        writer.commit()
    connection.execute("ROLLBACK")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM journal.audit")


@pytest.mark.parametrize("breaks_at", ["INSERT INTO entries", "DELETE FROM mark", "INSERT INTO mark", "COMMIT"])
async def test_a_batch_that_breaks_off_has_not_been(journal, index, monkeypatch, breaks_at):
    """At every step: what was taken before stands, and catching up again misses nothing and has nothing twice."""
    monkeypatch.setattr(ShareIndex, "BATCH_ROWS", 20)
    index.catch_up()
    before = index.find(ALL, {}, list)
    await journal.write(30)
    real = index._connection

    class Breaking:
        in_transaction = property(lambda _: real.in_transaction)

        def execute(self, statement, *values):
            if statement.startswith(breaks_at):
                raise OSError(5, "Input/output error")
            return real.execute(statement, *values)

        def close(self):
            real.close()

    index._connection = Breaking()
    with pytest.raises(OSError, match="Input"):
        index.catch_up()
    assert real.execute(ALL).fetchall() == before
    index._connection = real
    assert index.find(ALL, {}, list) == journal.rows()


CHILD = """
import sys
from pathlib import Path
from segue.audit.index import ShareIndex

ShareIndex.BATCH_ROWS = 1
index = ShareIndex(Path(sys.argv[1]), Path(sys.argv[2]))
taken = index._take_batch
def told(connection, rows):
    found = taken(connection, rows)
    print(found, flush=True)
    return found
index._take_batch = told
index.catch_up()
"""


async def test_a_killed_process_leaves_an_index_that_goes_on(journal, index):
    await journal.write(2_000)
    command = [sys.executable, "-c", CHILD, str(journal.path), str(journal.index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        for _ in range(30):
            child.stdout.readline()
        child.kill()
    assert index.find(ALL, {}, list) == journal.rows()


async def test_a_missing_index_is_made_anew(journal, index):
    index.catch_up()
    for path in journal.path.parent.glob("segue-audit-index.db*"):
        path.unlink()
    assert index.find(ALL, {}, list) == journal.rows()
    assert journal.index.exists()


@pytest.mark.parametrize("while_open", [True, False])
@pytest.mark.parametrize("damage", ["garbage", "empty", "pages", "tables", "version", "rows"])
async def test_a_broken_index_is_made_anew(journal, monkeypatch, damage, while_open):
    await journal.write(2_000)
    first = journal.opened()
    first.catch_up()
    if not while_open:
        first.close()
    with closing(sqlite3.connect(journal.index)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if damage == "tables":
            db.execute("DROP TABLE entries")
        elif damage == "version":
            db.execute("PRAGMA user_version = 99")
        elif damage == "rows":
            db.execute("DELETE FROM mark")
        db.commit()
    if damage == "garbage":
        journal.index.unlink()
        journal.index.write_bytes(random.Random(1).randbytes(8_192))
    elif damage == "empty":
        journal.index.unlink()
        journal.index.write_bytes(b"")
    elif damage == "pages":
        data = bytearray(journal.index.read_bytes())
        for start in range(4_096, len(data), 4_096):
            data[start : start + 64] = b"\xff" * 64
        journal.index.write_bytes(data)
    await journal.write(10)
    second = first if while_open else journal.opened()
    assert second.find(ALL, {}, list) == journal.rows()
    second.close()


async def test_a_broken_journal_does_not_cost_the_index(journal, index):
    """There is nothing to make it anew from."""
    await journal.write(2_000)
    index.catch_up()
    index.close()
    data = bytearray(journal.path.read_bytes())
    for start in range(4_096 * 3, len(data), 4_096):
        data[start : start + 64] = b"\xff" * 64
    journal.path.write_bytes(data)
    before = journal.index.stat().st_ino
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        index.catch_up()
    assert journal.index.stat().st_ino == before


@pytest.mark.parametrize("later_rows", [0, 5, 30, 60])
async def test_a_journal_restored_to_an_older_state_has_a_new_index(journal, index, later_rows):
    """Also when it has grown beyond the mark before anybody looks."""
    copy = journal.path.with_name("older.db")
    shutil.copy(journal.path, copy)
    await journal.write(30)
    index.catch_up()
    index.close()
    for path in journal.path.parent.glob("segue-audit.db*"):
        path.unlink()
    shutil.copy(copy, journal.path)
    await journal.write(later_rows)
    assert index.find(ALL, {}, list) == journal.rows()


@pytest.mark.parametrize("later_rows", [0, 30, 60])
async def test_a_journal_that_is_replaced_under_an_open_index_is_seen(journal, index, later_rows):
    copy = journal.path.with_name("older.db")
    shutil.copy(journal.path, copy)
    await journal.write(30)
    index.catch_up()
    for path in journal.path.parent.glob("segue-audit.db*"):
        path.unlink()
    shutil.copy(copy, journal.path)
    await journal.write(later_rows)
    assert index.find(ALL, {}, list) == journal.rows()


async def test_an_index_that_somebody_else_has_mended_is_not_removed_again(journal, index):
    """Two meet the broken file; the slower one must not take away what the faster one has made."""
    index.catch_up()
    mended = []

    def broken(connection):
        if not mended:
            for path in journal.path.parent.glob("segue-audit-index.db*"):
                path.unlink()
            with closing(journal.opened()) as other:
                other.catch_up()
            mended.append(journal.index.stat().st_ino)
            error = sqlite3.DatabaseError("file is not a database")
            error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
            raise error
        return connection.execute(ALL).fetchall()

    assert index._mended(broken) == journal.rows()
    assert [journal.index.stat().st_ino] == mended


async def test_a_journal_that_begins_again_has_an_empty_index(journal, index):
    index.catch_up()
    with closing(sqlite3.connect(journal.path)) as db:
        db.execute("DELETE FROM audit")
        db.commit()
    assert index.find(ALL, {}, list) == []


async def test_two_who_catch_up_at_once_do_no_harm(journal, index, monkeypatch):
    await journal.write(3_000)
    monkeypatch.setattr(ShareIndex, "BATCH_ROWS", 10)
    found, begin = [], threading.Barrier(4)

    def catch_up():
        with closing(journal.opened()) as mine:
            begin.wait(10)
            mine.catch_up()
            found.append(mine.find(ALL, {}, list))

    threads = [threading.Thread(target=catch_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [journal.rows()] * 4


async def test_whoever_is_told_to_stop_stops_after_a_batch(journal, index, monkeypatch):
    monkeypatch.setattr(ShareIndex, "BATCH_ROWS", 10)
    index.stop()
    with pytest.raises(Unavailable):
        index.catch_up()
    with closing(journal.opened()) as other:
        assert other._opened().execute("SELECT id FROM mark").fetchall() == [(10,)]


async def test_a_disk_without_room_is_told_and_loses_nothing(journal, index):
    history = open_history(journal.url, None)
    await history.counts(SHARES[0], list, from_us=0, until_us=9)
    before = journal.index.stat().st_ino
    await journal.write(3_000)

    def full():
        history._index._connection.execute("PRAGMA max_page_count = 1")

    await history._in_thread(full)
    with pytest.raises(Unavailable) as refused:
        await history.counts(SHARES[0], list, from_us=0, until_us=9)
    assert "full" in str(refused.value.__cause__)
    assert journal.index.stat().st_ino == before
    await history.close()
    assert index.find(ALL, {}, list) == journal.rows()
