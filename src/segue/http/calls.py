"""One call of the API as its handler sees it: what was asked, who asks, and what the answer carries beside its body."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from granian.rsgi import HTTPProtocol  # type: ignore[attr-defined]

from segue.errors import TooLarge
from segue.limits import JSON_BODY_BYTES_MAX

_DRAINED_BYTES_MAX = 64 * 1_024 * 1_024
_DRAINED_S_MAX = 10


class Call:
    """`params` are the variable parts of the path. `headers` go out with the answer, whatever it will be.

    `actor` is filled in by whoever proves the caller: the id of the user first, then of what else it acts in.
    """

    __slots__ = (
        "_body", "_chunks", "_ended", "_protocol", "actor", "client", "header", "headers", "method", "now", "params",
        "path", "query", "request_id", "status",
    )  # fmt: skip

    def __init__(
        self,
        method: str,
        path: str,
        query: str,
        header: Callable[[str], str | None],
        *,
        client: str,
        request_id: str,
        now: int,
        protocol: HTTPProtocol,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.header = header
        self.client = client
        self.request_id = request_id
        self.now = now
        self.params: dict[str, str] = {}
        self.headers: list[tuple[str, str]] = []
        self.status = 200
        self.actor: tuple[str, ...] = ()
        self._protocol = protocol
        self._body: bytes | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        # Without either header a request has no body (RFC 9112, section 6.3).
        self._ended = header("content-length") in {None, "0"} and header("transfer-encoding") is None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. It can be read once."""
        while not self._ended:
            if self._chunks is None:
                self._chunks = aiter(self._protocol)
            try:
                chunk = await anext(self._chunks)
            except StopAsyncIteration:
                self._ended = True
            else:
                yield chunk

    async def body(self) -> bytes:
        """The whole body. Raises `TooLarge` as soon as it is over the limit, by its claim or by its bytes."""
        if self._body is None:
            claim = self.header("content-length") or "0"
            found = bytearray()
            if not claim.isdigit() or int(claim) > JSON_BODY_BYTES_MAX:
                raise TooLarge("The body is too large.")
            async for chunk in self.chunks():
                found += chunk
                if len(found) > JSON_BODY_BYTES_MAX:
                    raise TooLarge("The body is too large.")
            self._body = bytes(found)
        return self._body

    async def drain(self) -> None:
        """Take what the client is still sending, up to a bound: a connection that is closed on somebody who sends
        is reset, and the answer is lost with it (RFC 9112, section 9.6).
        """
        if self._ended:
            return
        left = _DRAINED_BYTES_MAX
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAINED_S_MAX):
                async for chunk in self.chunks():
                    left -= len(chunk)
                    if left <= 0:
                        return
