"""Wiring only: settings to stores to routes to one server."""

import asyncio
import fcntl
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.server.embed import Server

from segue import (
    accounts,
    collections,
    engines,
    focus,
    generations,
    library,
    operations,
    playback,
    reference,
    shares,
    spending,
    tracks,
)
from segue.audit import Trail, agent_class
from segue.changes import Change
from segue.clock import now_s
from segue.errors import Conflict, Unavailable
from segue.http import Api, Application, Call, ClientAddresses, HotRoute, Provider, operations_of
from segue.jobs import UPKEEP, Effect, JobCall, Pace, Payload, Task, Workers
from segue.operations import (
    Health,
    Installation,
    Layout,
    engines_of,
    lanes_of,
    open_installation,
    policy_of,
    workshop,
)
from segue.playback import Media, Signer
from segue.ratelimit import Gcra
from segue.settings import Settings
from segue.shares import Budgets, Resolve, SharePage
from segue.web import Assets, Templates

_ROOMS_WITH_PAGES = (Path(shares.__file__).parent, Path(reference.__file__).parent)
_WEB = Path(__file__).parent / "web"


def application(
    parts: Installation, registry: engines.Registry | None = None, wake: Callable[[], None] = lambda: None
) -> Application:
    """The whole of Segue as one RSGI application over an open installation, with all engines that are installed or
    with those of a registry. `wake` is called when a job was queued.
    """
    settings, reader = parts.settings, parts.database.reader
    signer = Signer(list(parts.keys.values())[-1], parts.public_url, settings.playback_ttl_s)
    assets = Assets((_WEB / "static", *(room / "static" for room in _ROOMS_WITH_PAGES)))
    templates = Templates(tuple(room / "templates" for room in _ROOMS_WITH_PAGES), assets)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(parts.public_url))
    budgets = Budgets(Gcra(settings.share_rate), Gcra(settings.unknown_token_rate))
    resolve = Resolve(parts.database, parts.log, parts.keeper, budgets, signer, SharePage(templates, origin))
    gates = {"mslink": shares.share_gate(reader), "usr": library.user_gate(reader)}
    hot = (
        HotRoute("/v1/music/shared/", 4, resolve, shares.OPERATIONS),
        HotRoute("/media/", 3, Media(parts.blobs, parts.keys, gates), playback.OPERATIONS),
        HotRoute("/assets/", 2, assets),
    )
    routes = [
        *accounts.ENDPOINTS,
        *library.ENDPOINTS,
        *collections.ENDPOINTS,
        *shares.ENDPOINTS,
        *generations.ENDPOINTS,
        *focus.ENDPOINTS,
        *engines.ENDPOINTS,
        *spending.ENDPOINTS,
        *operations.ENDPOINTS,
        *reference.ENDPOINTS,
    ]
    told = reference.Reference(operations_of(hot, routes), templates, parts.public_url)
    made = {"signer": signer, "budgets": budgets, "health": Health(parts), "reference": told}
    made |= {"engines": registry or engines_of(settings), "policy": policy_of(settings), "wake": wake}
    gate = accounts.Gate(reader, Gcra(settings.api_rate, settings.api_burst), parts.last_used, parts.public_url)
    made |= {"gate": gate, "doorkeeper": _doorkeeper(parts)}
    api = Api(routes, _constants(parts) | made, _providers(parts, gate))
    return Application(hot, ClientAddresses(settings.trusted_proxies), api)


def _constants(parts: Installation) -> dict[str, object]:
    """What handlers may ask for by name, the same for every call."""
    return {
        "database": parts.database,
        "blobs": parts.blobs,
        "intake": parts.intake,
        "settings": parts.settings,
        "public_url": parts.public_url,
        "last_used": parts.last_used,
        "members_of": collections.members_of,
        "history": parts.history,
    }


def _doorkeeper(parts: Installation) -> accounts.Doorkeeper:
    settings = parts.settings
    throttle = accounts.SignInThrottle(settings.sign_in_rate, settings.sign_in_failures_rate)
    return accounts.Doorkeeper(parts.database, accounts.Passwords(), throttle, settings.session_days)


def _providers(parts: Installation, gate: accounts.Gate) -> dict[str, Provider]:
    """What is made for each call, in this order: who calls is asked before anything else of the call is looked at."""

    def trail(call: Call) -> Trail:
        agent = agent_class(call.header("user-agent") or "")
        return Trail(parts.log, parts.keeper(call.client), agent, call.request_id)

    return {
        "who": gate.caller,
        "acting": gate.somewhere,
        "person": gate.person,
        "now": lambda call: call.now,
        "trail": trail,
        "change": lambda call: Change(parts.database, trail(call), parts.seal, call),
    }


async def serve(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way. `ready` is called when requests are accepted."""
    layout = Layout(settings)
    _refuse_taken_port(host, port)
    with _only_server(layout):
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        layout.address.write_text(url)
        async with open_installation(layout) as parts:
            registry = engines_of(settings)
            workers = _workers(parts, registry)
            parts.intake.quarantine.sweep()
            server = Server(
                application(parts, registry, workers.wake),
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
            async with _beside(parts, workers):
                await server.serve()
            announcing.cancel()


async def work(settings: Settings, ready: Callable[[], None]) -> None:
    """Do jobs until SIGTERM or SIGINT; what is under way is then given back. Any number of processes may do so at once,
    beside a server or without one. `ready` is called when it begins.
    """
    async with open_installation(Layout(settings)) as parts:
        working = asyncio.create_task(_workers(parts, engines_of(settings)).run())
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, working.cancel)
        ready()
        with suppress(asyncio.CancelledError):
            await working


def _tasks(parts: Installation, registry: engines.Registry) -> dict[str, Task]:
    """What is done in the background, by kind."""

    async def master(payload: Payload, _call: JobCall) -> Effect:
        return await tracks.make_master(parts.database, parts.intake, payload, now=now_s())

    async def erase(payload: Payload, _call: JobCall) -> Effect:
        return await tracks.erase(parts.database, parts.intake, payload)

    return {
        tracks.MASTER_JOB: Task(master),
        tracks.ERASE_JOB: Task(erase),
        generations.RENDER_JOB: workshop(parts, registry).task,
    }


def _workers(parts: Installation, registry: engines.Registry) -> Workers:
    lanes = {UPKEEP: 1} | lanes_of(parts.settings, registry)
    pace = Pace(lease_s=parts.settings.job_lease_s)
    return Workers(parts.database, _tasks(parts, registry), lanes, now_s, pace=pace)


@asynccontextmanager
async def _beside(parts: Installation, workers: Workers) -> AsyncIterator[None]:
    """Runs what goes on beside the requests."""
    running = [
        asyncio.create_task(parts.last_used.keep_writing()),
        asyncio.create_task(parts.history.keep_up()),
    ]
    if parts.settings.work_in_server:
        running.append(asyncio.create_task(workers.run()))
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await parts.last_used.write()


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
