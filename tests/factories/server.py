"""A whole Segue on a free port of this machine, in the event loop of the test and reached over real HTTP.

One is started for each database and each file of tests. Every test brings its own people; and every client comes from
a loopback address of its own, so that no test spends another one's budget.
"""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from factories.documents import Document
from factories.making import Studio, offered
from factories.secrets import look
from granian.constants import Interfaces
from granian.server.embed import Server

from segue import accounts
from segue.access import Caller
from segue.accounts.store import add_organization
from segue.app import application
from segue.audit import Entry, Filter, entries
from segue.clock import now_s
from segue.database import Database, open_database
from segue.engines import Registry
from segue.generations import RENDER_JOB
from segue.ids import new_organization_id
from segue.jobs import Workers
from segue.operations import Installation, Layout, initialise, lanes_of, open_installation, workshop
from segue.settings import Rate, Settings

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z
# Tests that use `served` run in the loop that it serves in.
in_its_loop = pytest.mark.asyncio(loop_scope="module")
# For what no database has a say in.
only_sqlite = pytest.mark.parametrize("served", ["sqlite"], indirect=True)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Member:
    """Somebody with an account and a client that says so. Paths are relative to the member's organization."""

    who: Caller
    key: str
    http: httpx.AsyncClient

    async def share(self, subject_id: str, **wish: Any) -> dict[str, Any]:
        """A new link, as the API answers it."""
        kind = "tracks" if subject_id.startswith("mtrack_") else "collections"
        answer = await self.http.post(f"/{kind}/{subject_id}/share", json=wish)
        assert answer.status_code == 201, answer.text
        return answer.json()


@dataclass(frozen=True)
class Served:
    """A server that answers under `url`, and what lies behind it."""

    parts: Installation
    layout: Layout
    url: str
    _audit: Database
    _stack: AsyncExitStack
    engines: Registry
    _documents: list[Document] = field(default_factory=list)

    async def visitor(self, base_url: str | None = None, **more: Any) -> httpx.AsyncClient:
        """A client without an account, from an address of its own. Each of its answers is looked at: no secret is in
        it, and the reference tells of it.
        """
        number = next(_numbers)
        address = f"127.1.{number // 250}.{number % 250 + 1}"
        transport = httpx.AsyncHTTPTransport(verify=False, local_address=address)
        hooks = {"response": [look, self._documented]}
        client = httpx.AsyncClient(
            base_url=base_url or self.url, transport=transport, timeout=20, event_hooks=hooks, **more
        )
        return await self._stack.enter_async_context(client)

    async def _documented(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type") == "application/json":
            await answer.aread()
        (await self.document()).check(answer)

    async def document(self) -> Document:
        """The reference of this server, as it gives it out."""
        if not self._documents:
            async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(verify=False)) as client:
                answer = await client.get(f"{self.url}/openapi.json")
            self._documents.append(Document(answer.json()))
        return self._documents[0]

    async def organization(self) -> str:
        """The id of a new organization, for whoever wants to end one."""
        async with self.parts.database.transaction() as tx:
            organization_id = new_organization_id()
            await add_organization(tx, organization_id, f"Organization {next(_numbers)}", now=NOW)
        return organization_id

    async def member(self, email: str | None = None, organization: str = "Acme") -> Member:
        """A new user of the first organization, or of another one."""
        async with self.parts.database.transaction() as tx:
            address = email or f"user{next(_numbers)}@example.org"
            new = await accounts.add_user(tx, address, organization, now=NOW)
        base_url = f"{self.url}/v1/music/{new.organization_id}"
        http = await self.visitor(base_url, headers={"X-API-Key": new.key.raw})
        return Member(Caller(new.user_id, new.organization_id), new.key.raw, http)

    async def work(self) -> None:
        """Make the pieces that wait in the queue."""
        tasks = {RENDER_JOB: workshop(self.parts, self.engines).task}
        await Workers(self.parts.database, tasks, lanes_of(self.parts.settings, self.engines), now_s).catch_up()

    async def audit(self, **wanted: Any) -> list[Entry]:
        """What the audit has of one share (`share_id`) or one kind of event (`event`), oldest first."""
        return [entry async for entry in entries(self._audit, Filter(**wanted))]

    async def audited(self, answer: httpx.Response) -> list[Entry]:
        """What the audit has of one request."""
        request_id = answer.headers["x-request-id"]
        return [entry for entry in await self.audit() if entry.request_id == request_id]


@asynccontextmanager
async def serving(
    folder: Path,
    database_url: str | None = None,
    *,
    engines: Registry | None = None,
    watched: Callable[[Installation], Installation] = lambda parts: parts,
    **settings: Any,
) -> AsyncIterator[Served]:
    """Set up, open, serve, and close in the end. `engines` stand in the place of those that are installed, `watched`
    may put something around a part; `settings` are Segue's.
    """
    # The budgets of credentials are for tests of their own.
    settings = {"api_rate": Rate(1_000_000, 60), "api_burst": 1_000_000} | settings
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    layout = Layout(Settings(data_dir=folder / "data", database_url=database_url, public_url=url, **settings))
    if not layout.keys.exists():
        await initialise(layout, "Acme", "founder@example.org", now=NOW)
    async with AsyncExitStack() as stack:
        parts = watched(await stack.enter_async_context(open_installation(layout)))
        audit = await open_database(layout.audit_url)
        stack.push_async_callback(audit.close)
        server = Server(
            application(parts, engines),
            "127.0.0.1",
            port,
            interface=Interfaces.RSGI,
            websockets=False,
            log_enabled=False,
        )
        running = asyncio.create_task(server.serve())
        try:
            await _accepting(port)
            async with AsyncExitStack() as clients:
                yield Served(parts, layout, url, audit, clients, engines or Registry())
        finally:
            server.stop()
            await running


async def _accepting(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.002)
            continue
        writer.close()
        await writer.wait_closed()
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def served(request, tmp_path_factory) -> AsyncIterator[Served]:
    """A server on each database, with one engine: `studio`, which hums and is quick."""
    folder = tmp_path_factory.mktemp("served")
    database_url = None
    if request.param == "postgresql":
        database_url = await request.getfixturevalue("new_database")()
    async with serving(folder, database_url, engines=Registry([offered(Studio)])) as running:
        yield running
