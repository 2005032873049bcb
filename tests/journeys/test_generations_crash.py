"""`kill -9` of servers and workers while they make music: every job ends, and each has exactly one track."""

import asyncio
import json
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import httpx
import pytest
from factories.engines import install
from factories.program import Program, until

JOBS, KILLS = 30, 8
TESTS = Path(__file__).parents[1]
_DAWDLING = "from factories.making import Dawdling as engine\n"


class Rows:
    """Reads the database of a program beside it, whichever kind it is."""

    def __init__(self, program):
        self._program = program

    def ask(self, statement):
        url = self._program.settings.get("database_url")
        if url is None:
            with closing(sqlite3.connect(self._program.data / "segue.db", timeout=20)) as database:
                return [tuple(row) for row in database.execute(statement)]
        return asyncio.run(self._on_postgresql(url, statement))

    async def _on_postgresql(self, url, statement):
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    def statuses(self):
        return dict(self.ask("SELECT status, count(*) FROM generations GROUP BY status"))


@pytest.fixture
def dawdling(tmp_path, monkeypatch):
    """An engine that takes a while, where the programs find it."""
    packages = tmp_path / "packages"
    packages.mkdir()
    install(packages, "segue_dawdling", "dawdling", _DAWDLING)
    monkeypatch.setenv("PYTHONPATH", f"{packages}:{TESTS}")


@pytest.fixture(params=["sqlite", "postgresql"])
def program(request, tmp_path):
    made = Program(tmp_path / "data", {"job_lease_s": "2", "api_rate": "1000/second", "api_burst": "1000"})
    if request.param == "postgresql":
        url = asyncio.run(request.getfixturevalue("new_database")())
        made.settings |= {"database_url": url, "work_in_server": "no"}
    return made


def submitted(program, said):
    """Thirty pieces, each asked for twice under one key, as a client does that has lost an answer."""
    with httpx.Client(base_url=program.url, headers={"X-API-Key": said["api_key"]}, timeout=20) as client:
        for number in range(JOBS):
            wish = {"engine": "dawdling", "prompt": f"hum {number}", "duration_seconds": 1, "seed": number}
            path, key = f"/v1/music/{said['organization_id']}/generations", {"Idempotency-Key": f"piece-{number}"}
            first, again = (client.post(path, json=wish, headers=key) for _ in range(2))
            assert first.status_code == again.status_code == 202, first.text
            assert first.json()["id"] == again.json()["id"]


def killed_again_and_again(processes, rows, dice):
    """Each kill comes while pieces are being made, and whoever was killed begins again."""
    for _ in range(KILLS):
        done = rows.statuses().get("succeeded", 0)
        enough = min(done + dice.randint(1, 3), JOBS)
        until(lambda enough=enough: rows.statuses().get("succeeded", 0) >= enough, 60)
        if rows.statuses().get("succeeded", 0) == JOBS:
            return
        process, begin = dice.choice(processes)
        process.kill()
        begin()


def engines_left():
    found = []
    for about in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [about] if b"segue.engines.child" in about.read_bytes() else []
        except OSError:
            continue
    return found


def test_no_piece_is_lost_and_none_is_made_twice(program, dawdling):
    seed = int(os.environ.get("SEGUE_TEST_SEED", "8600"))
    dice, rows = random.Random(seed), Rows(program)
    said = program.init()
    program.start()
    workers = [
        Program(program.data, program.settings) for _ in range(1 if "database_url" not in program.settings else 2)
    ]
    for worker in workers:
        worker.work()
    everybody = [(program, program.start), *((worker, worker.work) for worker in workers)]
    try:
        submitted(program, said)
        killed_again_and_again(everybody, rows, dice)
        until(lambda: not {"queued", "running"} & rows.statuses().keys(), 90)
    finally:
        for process, _ in everybody:
            process.stop()
    assert rows.statuses() == {"succeeded": JOBS}, f"dice of {seed}"
    assert rows.ask("SELECT count(*), count(DISTINCT track_id) FROM generations") == [(JOBS, JOBS)]
    assert rows.ask("SELECT count(*) FROM tracks WHERE engine = 'dawdling'") == [(JOBS,)]
    assert rows.ask("SELECT count(*) FROM library WHERE source = 'generated'") == [(JOBS,)]
    assert rows.ask("SELECT sum(track_count) FROM spend_days") == [(JOBS,)]
    until(lambda: not engines_left())
    program.done("sweep", "--older-than-hours", "0")
    assert json.loads(program.done("sweep", "--older-than-hours", "0", "--json"))["files"] == 0
    blobs = program.data / "blobs"
    stored = {str(path.relative_to(blobs)) for path in blobs.glob("tracks/*/*/*")}
    assert stored == {key for (key,) in rows.ask("SELECT blob_key FROM renditions")}
