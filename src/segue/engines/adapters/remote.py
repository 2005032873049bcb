"""Talks to one server of somebody else over HTTP: to the address that the operator has set, and to no other.

It follows no redirect, reads nothing beyond its bounds, and repeats a request only when the server has said that it was
too busy to take it. What it raises names no address and holds no key, and is chained to nothing that does.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec
import structlog

from segue.engines.adapters.faults import Fault, RemoteFailed, by_status, pause_s

if TYPE_CHECKING:
    from httpx import AsyncClient, Response

T = TypeVar("T")

_log = structlog.get_logger()

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be waited for and taken in. `patience_s` is how long in all a busy server is waited for."""

    connect_s: float = 10.0
    silence_s: float = 60.0
    patience_s: float = 60.0
    json_bytes_max: int = 2**20
    sound_bytes_max: int = 2**28


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `upload` is the name of a form field, the file for it, and the kind of sound in it."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    upload: tuple[str, Path, str] | None = None


class Problem(msgspec.Struct, frozen=True):
    """What a server says of a request that it refuses: its status, its own word for it, and the rest as it came."""

    status: int
    word: str | None
    body: Any


# What a server's refusal means; None leaves it to the status.
Explain = Callable[[Problem], Exception | Fault | None]
Heard = Callable[[int], None]
Sleep = Callable[[float], Awaitable[None]]


def _unheard(_received: int) -> None:
    """Nobody counts."""


class Remote:
    """The server, by the name that users know it by. Use it as an async context."""

    def __init__(
        self,
        name: str,
        engine_key: str,
        url: str,
        headers: Mapping[str, str],
        *,
        bounds: Bounds,
        explain: Explain | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._name = name
        self._engine_key = engine_key
        self._url = url
        self._secrets = tuple(headers.values())
        self._bounds = bounds
        self._explain = explain
        self._sleep = sleep
        httpx = import_module("httpx")
        self._client: AsyncClient = httpx.AsyncClient(
            headers={**headers, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(bounds.silence_s, connect=bounds.connect_s),
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would see the key without the operator's having said so
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def json(self, ask: Ask) -> Any:
        """The JSON that it answers with."""
        return await self._plainly(self._patiently(ask, self._read_json))

    async def save(self, ask: Ask, path: Path, kinds: tuple[str, ...], heard: Heard = _unheard) -> None:
        """Write what it answers with to the file. Its media type begins with one of `kinds`, or says nothing.

        `heard` is told how many bytes there are so far.
        """

        async def read(response: "Response") -> None:
            kind = response.headers.get("content-type", "application/octet-stream").lower()
            if not kind.startswith((*kinds, "application/octet-stream")):
                raise self.failed(Fault.NO_SOUND)
            received = 0
            with path.open("wb") as file:
                async for chunk in self._chunks(response, self._bounds.sound_bytes_max):
                    file.write(chunk)
                    received += len(chunk)
                    heard(received)
            if received == 0:
                raise self.failed(Fault.NO_SOUND)

        await self._plainly(self._patiently(ask, read))

    def failed(self, fault: Fault, **more: object) -> RemoteFailed:
        """The fault as the user hears of it; the operator finds it in the log, with what helps to mend it."""
        _log.warning("a music server has failed", engine=self._engine_key, fault=fault.name.lower(), **more)
        return RemoteFailed(fault, self._name)

    async def _patiently(self, ask: Ask, use: Callable[["Response"], Awaitable[T]]) -> T:
        """A server that is too busy has not taken the request: it is asked again when it says, within bounds."""
        waited_s = 0.0
        while True:
            async with self._asked(ask) as response:
                if response.status_code != 429:
                    await self._check(response)
                    return await use(response)
                wait_s = pause_s(response.headers.get("retry-after"))
            waited_s += wait_s
            if waited_s > self._bounds.patience_s:
                raise self.failed(Fault.BUSY)
            await self._sleep(wait_s)

    @asynccontextmanager
    async def _asked(self, ask: Ask) -> AsyncIterator["Response"]:
        request = self._client.build_request(
            ask.method,
            self._url + ask.path,
            params=dict(ask.query) or None,
            json=ask.json,
            data=dict(ask.form) or None,
            files=_files(ask.upload),
        )
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _check(self, response: "Response") -> None:
        fault = by_status(response.status_code)
        if fault is None:
            return
        body = await self._body_of_refusal(response)
        problem = Problem(response.status_code, self._word(body), body)
        meaning = self._explain(problem) if self._explain else None
        if isinstance(meaning, Exception):
            raise meaning
        raise self.failed(meaning or fault, status=problem.status, said=problem.word)

    def _word(self, body: Any) -> str | None:
        """The word that many servers put under `detail`. One that stands in a key may be repeated from there."""
        detail = body.get("detail") if isinstance(body, dict) else None
        said = [detail.get(name) for name in ("status", "code")] if isinstance(detail, dict) else []
        words = (word for word in said if isinstance(word, str) and _WORD.fullmatch(word))
        return next((word for word in words if not any(word in secret for secret in self._secrets)), None)

    async def _body_of_refusal(self, response: "Response") -> Any:
        """The body as JSON, or None: a refusal that cannot be read is one all the same."""
        try:
            return _decoded(await self._body(response))
        except RemoteFailed:
            return None

    async def _read_json(self, response: "Response") -> Any:
        found = _decoded(await self._body(response))
        if found is None:
            raise self.failed(Fault.UNREADABLE)
        return found

    async def _body(self, response: "Response") -> bytes:
        return b"".join([chunk async for chunk in self._chunks(response, self._bounds.json_bytes_max)])

    async def _chunks(self, response: "Response", bytes_max: int) -> AsyncIterator[bytes]:
        """The body as it comes, never unpacked, so that its size on the way is its size here."""
        received = 0
        async for chunk in response.aiter_raw():
            received += len(chunk)
            if received > bytes_max:
                raise self.failed(Fault.TOO_LARGE)
            yield chunk

    async def _plainly(self, work: Awaitable[T]) -> T:
        """What goes wrong on the way, as a fault. It is raised outside the handler: the error knows the headers."""
        httpx = import_module("httpx")
        try:
            return await work
        except (httpx.ConnectError, httpx.ConnectTimeout):
            fault = Fault.AWAY
        except httpx.TimeoutException:
            fault = Fault.SILENT
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            fault = Fault.BROKEN_OFF
        except (httpx.HTTPError, httpx.InvalidURL):
            fault = Fault.AWAY
        raise self.failed(fault)


def _files(upload: tuple[str, Path, str] | None) -> dict[str, tuple[str, bytes, str]] | None:
    """The file under a name of ours: what it is called here is nobody's business."""
    if upload is None:
        return None
    field_name, path, kind = upload
    return {field_name: (f"seed{path.suffix}", path.read_bytes(), kind)}


def _decoded(body: bytes) -> Any:
    """The JSON, or None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
