"""Lets an ASGI application answer an RSGI request. It maps one protocol to the other and knows no route."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import structlog
from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

from segue.clock import now_s
from segue.http.envelope import broken_answer

Message = MutableMapping[str, Any]
ASGIApplication = Callable[[Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_log = structlog.get_logger()

_DRAINED_BYTES_MAX = 64 * 1_024 * 1_024
_DRAINED_S_MAX = 10

# What an answer says unless it says otherwise: an API's answers, new secrets among them, rest in no cache.
_DEFAULTS = (("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"))


async def bridged(
    application: ASGIApplication,
    scope: Scope,
    protocol: HTTPProtocol,
    *,
    request_id: str,
    client: str,
    started_ns: int,
) -> None:
    """Run the application for one request. An exception that it lets through becomes a 500 with the envelope."""
    exchange = _Exchange(protocol, request_id, started_ns)
    try:
        await application(_asgi_scope(scope, request_id, client), exchange.receive, exchange.send)
    except Exception:  # noqa: BLE001 - the last edge: whatever it was, the client gets an answer
        _log.exception("request failed", request_id=request_id)
        if not exchange.begun:
            answer = broken_answer(request_id, now=now_s())
            exchange.begin(answer.status, answer.headers)
            exchange.finish(answer.body)
    await exchange.drain()


def _asgi_scope(scope: Scope, request_id: str, client: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": scope.path,
        "raw_path": scope.path.encode("utf-8", "surrogatepass"),
        "query_string": scope.query_string.encode("latin-1", "replace"),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in scope.headers.items()
        ],
        "client": (client, 0),
        "server": None,
        "state": {"request_id": request_id},
        "extensions": {},
    }


class _Exchange:
    """One request's two directions. An answer in one piece is sent in one piece."""

    def __init__(self, protocol: HTTPProtocol, request_id: str, started_ns: int) -> None:
        self._protocol = protocol
        self._request_id = request_id
        self._started_ns = started_ns
        self._chunks: Any = None
        self._body_ended = False
        self._status = 0
        self._headers: Any = []
        self._stream: Any = None
        self.begun = False

    async def receive(self) -> Message:
        if self._body_ended:
            await self._protocol.client_disconnect()
            return {"type": "http.disconnect"}
        if self._chunks is None:
            self._chunks = self._protocol.__aiter__()
        try:
            chunk = await self._chunks.__anext__()
        except StopAsyncIteration:
            self._body_ended = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            self.begin(message["status"], headers)
        elif self._stream is None and not message.get("more_body"):
            self.finish(message.get("body", b""))
        else:
            if self._stream is None:
                self._stream = self._protocol.response_stream(self._status, self._headers)
            if message.get("body"):
                await self._stream.send_bytes(message["body"])

    async def drain(self) -> None:
        """Take what the client is still sending, up to a bound: a connection that is closed on somebody who sends
        is reset, and the answer is lost with it (RFC 9112, section 9.6).
        """
        if self._body_ended:
            return
        chunks = self._chunks or self._protocol.__aiter__()
        left = _DRAINED_BYTES_MAX
        with suppress(StopAsyncIteration, TimeoutError):
            async with asyncio.timeout(_DRAINED_S_MAX):
                while left > 0:
                    left -= len(await anext(chunks))

    def begin(self, status: int, headers: list[tuple[str, str]]) -> None:
        elapsed_ms = (time.perf_counter_ns() - self._started_ns) // 1_000_000
        # The server writes the length itself, and writes it right for HEAD as well.
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        named = {name.lower() for name, _ in kept}
        kept += [header for header in _DEFAULTS if header[0] not in named]
        self._status = status
        self._headers = [*kept, ("x-request-id", self._request_id), ("freddy-processing-ms", str(elapsed_ms))]
        self.begun = True

    def finish(self, body: bytes) -> None:
        if body:
            self._protocol.response_bytes(self._status, self._headers, body)
        else:
            self._protocol.response_empty(self._status, self._headers)
