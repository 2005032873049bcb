"""Wiring only: settings to stores to routes to one server."""

import asyncio
import fcntl
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.server.embed import Server

from segue import accounts, collections, library, shares, tracks
from segue.access import Caller
from segue.audit import Trail, agent_class
from segue.clock import now_s
from segue.errors import Conflict, Unavailable
from segue.http import (
    Application,
    ClientAddresses,
    FrameworkRequest,
    FromPath,
    Given,
    HotRoute,
    Provide,
    framework,
    request_id,
)
from segue.jobs import Effect, Runner
from segue.operations import Installation, Layout, open_installation
from segue.playback import Media, Signer
from segue.ratelimit import Gcra
from segue.settings import Settings
from segue.shares import Budgets, Resolve, SharePage
from segue.web import Assets, Templates

_ROOMS_WITH_PAGES = (Path(shares.__file__).parent,)
_WEB = Path(__file__).parent / "web"


def application(parts: Installation) -> Application:
    """The whole of Segue as one RSGI application over an open installation."""
    settings, reader = parts.settings, parts.database.reader
    signer = Signer(list(parts.keys.values())[-1], parts.public_url, settings.playback_ttl_s)
    assets = Assets((_WEB / "static", *(room / "static" for room in _ROOMS_WITH_PAGES)))
    templates = Templates(tuple(room / "templates" for room in _ROOMS_WITH_PAGES), assets)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(parts.public_url))
    budgets = Budgets(Gcra(settings.share_rate), Gcra(settings.unknown_token_rate))
    resolve = Resolve(parts.database, parts.log, parts.keeper, budgets, signer, SharePage(templates, origin))
    gates = {"mslink": shares.share_gate(reader), "usr": library.user_gate(reader)}
    hot = (
        HotRoute("/v1/music/shared/", 4, resolve),
        HotRoute("/media/", 3, Media(parts.blobs, parts.keys, gates)),
        HotRoute("/assets/", 2, assets),
    )
    rest = framework([library.upload_track, *collections.ENDPOINTS, *shares.ENDPOINTS], _dependencies(parts, signer))
    return Application(hot, ClientAddresses(settings.trusted_proxies), rest)


def _dependencies(parts: Installation, signer: Signer) -> dict[str, Provide]:
    """What endpoints may ask for by name."""

    async def who(request: FrameworkRequest, organization_id: FromPath[str], now: Given[int]) -> Caller:
        return await accounts.caller(request, parts.database.reader, organization_id, now=now)

    def trail(request: FrameworkRequest) -> Trail:
        client = request.client.host if request.client else "unknown"
        agent = agent_class(request.headers.get("user-agent", ""))
        return Trail(parts.log, parts.keeper(client), agent, request_id(request))

    def given(value: object) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    return {
        "who": Provide(who),
        "trail": Provide(trail, sync_to_thread=False),
        "now": Provide(now_s, sync_to_thread=False),
        "database": given(parts.database),
        "intake": given(parts.intake),
        "signer": given(signer),
        "settings": given(parts.settings),
        "public_url": given(parts.public_url),
    }


async def serve(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way. `ready` is called when requests are accepted."""
    layout = Layout(settings)
    _refuse_taken_port(host, port)
    with _only_server(layout):
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        layout.address.write_text(url)
        async with open_installation(layout) as parts, _jobs(parts):
            parts.intake.quarantine.sweep()
            server = Server(
                application(parts),
                host,
                port,
                interface=Interfaces.RSGI,
                websockets=False,
                log_enabled=False,
                backlog=2048,
            )
            for name in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(name, server.stop)
            # What stands now stands to the end: the garbage collector need not look at it at every turn.
            gc.collect()
            gc.freeze()
            announcing = asyncio.create_task(_announce(host, port, lambda: ready(url)))
            await server.serve()
            announcing.cancel()


@asynccontextmanager
async def _jobs(parts: Installation) -> AsyncIterator[None]:
    """Runs jobs beside the requests."""

    async def master(payload: dict[str, str]) -> Effect:
        return await tracks.make_master(parts.database, parts.intake, payload, now=now_s())

    running = asyncio.create_task(Runner(parts.database, {tracks.MASTER_JOB: master}, now_s).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@contextmanager
def _only_server(layout: Layout) -> Iterator[None]:
    """Holds the folder for this server: the audit on SQLite and the rate limits in memory are one process's."""
    with layout.server_lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"A server is running already on {layout.settings.data_dir}.") from None
        yield


async def _announce(host: str, port: int, ready: Callable[[], None]) -> None:
    """Say so once a connection is really accepted."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        ready()
        return


def _refuse_taken_port(host: str, port: int) -> None:
    """The server itself would share a port silently with another one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Segue cannot listen on {host}:{port}: {error.strerror}.") from None
