"""The RSGI application: a few hot routes, which see as little of a request as they need, and the API.

Every answer leaves through here, so every answer carries its request id and its time, and no failure leaves without
the envelope.
"""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

from segue.clock import now_s
from segue.errors import Failure, Unavailable
from segue.http.answers import Answer, FileAnswer, Headers
from segue.http.api import Api
from segue.http.calls import Call
from segue.http.clients import ClientAddresses
from segue.http.envelope import broken_answer, failure_answer, wrong_method_answer
from segue.http.operation import Operation, operation_of
from segue.http.outgoing import COMPRESSED_BYTES_MIN, compressed
from segue.http.requests import Request
from segue.http.routes import Route
from segue.ids import new_request_id

_log = structlog.get_logger()

_ALLOWED = "GET, HEAD, OPTIONS"

# Public answers are for anybody and for nobody's cache, and they lead nowhere else.
PUBLIC: Headers = [
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "x-request-id, retry-after, content-range, accept-ranges"),
    ("x-robots-tag", "noindex, nofollow, noarchive, noimageindex"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
]
# What an error, a refusal or a preflight of a public route has beside them.
_BARE: Headers = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
]
_PREFLIGHT: Headers = [
    *PUBLIC,
    *_BARE,
    ("access-control-allow-methods", _ALLOWED),
    ("access-control-allow-headers", "*, authorization"),
    ("access-control-max-age", "86400"),
    ("allow", _ALLOWED),
]


@dataclass(frozen=True, slots=True)
class HotRoute:
    """Paths that begin with `prefix` and have exactly `slashes` slashes. They are public, and read-only.

    `documents` are its calls as their reference shows them.
    """

    prefix: str
    slashes: int
    handle: Callable[[Request], Awaitable[Answer | FileAnswer]]
    documents: tuple[Operation, ...] = ()

    def fits(self, path: str) -> bool:
        return path.startswith(self.prefix) and path.count("/") == self.slashes


def operations_of(hot: Iterable[HotRoute], routes: Iterable[Route]) -> list[Operation]:
    """Every call that a server answers, as its reference shows it."""
    return [*(each for route in hot for each in route.documents), *map(operation_of, routes)]


class Application:
    """One RSGI callable over a few hot routes and the API."""

    def __init__(self, hot: tuple[HotRoute, ...], clients: ClientAddresses, api: Api) -> None:
        self.hot = hot
        self._clients = clients
        self.api = api

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        started_ns = time.perf_counter_ns()
        request_id = new_request_id()
        path = scope.path
        for route in self.hot:
            if route.fits(path):
                answer = await self._answer(route, scope, path, request_id)
                _send(scope, protocol, answer, request_id, started_ns)
                return
        header = scope.headers.get
        call = Call(
            scope.method,
            path,
            scope.query_string,
            header,
            client=self._client(scope),
            request_id=request_id,
            now=now_s(),
            protocol=protocol,
        )
        _send(scope, protocol, await self.api.answer(call), request_id, started_ns)
        await call.drain()

    async def _answer(self, route: HotRoute, scope: Scope, path: str, request_id: str) -> Answer | FileAnswer:
        method = scope.method
        if method not in {"GET", "HEAD"}:
            if method == "OPTIONS":
                return Answer(204, _PREFLIGHT)
            return wrong_method_answer(_ALLOWED, request_id, now=now_s(), headers=[*PUBLIC, *_BARE])
        request = Request(method, path, scope.query_string, self._client(scope), request_id, scope.headers.get)
        try:
            answer = await route.handle(request)
        except Failure as failure:
            if isinstance(failure, Unavailable):
                _log.error("unavailable", request_id=request_id, route=route.prefix, exc_info=failure)
            answer = failure_answer(failure, request_id, now=now_s(), headers=_BARE)
        except Exception:  # noqa: BLE001 - the last edge: whatever it was, the client gets an answer
            _log.exception("request failed", request_id=request_id, route=route.prefix)
            answer = broken_answer(request_id, now=now_s(), headers=_BARE)
        answer.headers = PUBLIC + answer.headers
        return answer

    def _client(self, scope: Scope) -> str:
        peer = scope.client.rpartition(":")[0].strip("[]")
        if not self._clients.trusts_somebody:
            return peer
        lines = [value for name, value in scope.headers.items() if name == "x-forwarded-for"]
        return self._clients.find(peer, ",".join(lines))


def _send(scope: Scope, protocol: HTTPProtocol, answer: Answer | FileAnswer, request_id: str, started_ns: int) -> None:
    body = b""
    headers = answer.headers
    if isinstance(answer, Answer):
        body = answer.body
        if len(body) >= COMPRESSED_BYTES_MIN:
            headers, body = compressed(headers, body, scope.headers.get("accept-encoding"), answer.packed)
    elapsed_ms = (time.perf_counter_ns() - started_ns) // 1_000_000
    headers = [*headers, ("x-request-id", request_id), ("freddy-processing-ms", str(elapsed_ms))]
    if isinstance(answer, FileAnswer):
        protocol.response_file_range(answer.status, headers, answer.path, answer.first, answer.end)
    elif body:
        protocol.response_bytes(answer.status, headers, body)
    else:
        protocol.response_empty(answer.status, headers)
