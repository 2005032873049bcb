"""`segue worker`: jobs are done without a server, beside one, and by several; one that is stopped hands its job on."""

import asyncio
import sqlite3
from contextlib import contextmanager

import asyncpg
import pytest
from factories import sound
from factories.program import Program, until

PLAYS = "SELECT count(*) FROM tracks WHERE playback = 'master'"


def row(program, statement):
    with sqlite3.connect(program.data / "segue.db") as database:
        found = database.execute(statement).fetchone()
    database.close()
    return found


def test_a_worker_that_is_stopped_hands_its_job_on(program, tmp_path):
    program.init()
    program.done("import", str(sound.write(tmp_path / "long.flac", sound.noise(25.0), "flac")))
    program.work()
    until(lambda: row(program, "SELECT holder FROM jobs") != (None,))
    assert program.stop() == 0
    assert row(program, "SELECT holder, attempts, state FROM jobs") == (None, 0, "open")
    assert row(program, PLAYS) == (0,)
    program.work()
    until(lambda: row(program, PLAYS) == (1,))
    assert program.stop() == 0
    assert row(program, "SELECT count(*) FROM jobs") == (0,)


@pytest.fixture
def program_on_postgresql(program, new_database):
    program.settings = {"database_url": asyncio.run(new_database()), "work_in_server": "no"}
    return program


def ask(url, statement):
    async def inside():
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(inside())


@contextmanager
def workers_beside(program, number):
    workers = [Program(program.data, program.settings) for _ in range(number)]
    try:
        for worker in workers:
            worker.work()
        yield workers
    finally:
        for worker in workers:
            if worker.process is not None and worker.process.poll() is None:
                worker.kill()


def test_several_workers_share_the_jobs_of_a_server_that_does_none(program_on_postgresql, tmp_path):
    program = program_on_postgresql
    url = program.settings["database_url"]
    program.init()
    program.start()
    program.done("import", *(str(sound.write(tmp_path / f"{n}.flac", sound.sine(0.2), "flac")) for n in range(6)))
    assert ask(url, "SELECT count(*) FROM procrastinate_workers") == 0
    with workers_beside(program, 2) as workers:
        until(lambda: ask(url, PLAYS) == 6)
        assert ask(url, "SELECT count(*) FROM procrastinate_jobs") == 0
        assert [each.stop() for each in (*workers, program)] == [0, 0, 0]
    assert ask(url, "SELECT count(*) FROM procrastinate_workers") == 0, "they have said goodbye"
