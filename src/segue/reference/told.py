"""Makes the reference once, when somebody first asks for it, and holds it as the bytes that are sent."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from segue.http import Answer, Call, Headers, Operation, document, gzipped, knows
from segue.reference.about import about
from segue.reference.page import page_of
from segue.web import Templates

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class _Held:
    """One thing to send, plain and as gzip, and what names its state."""

    body: bytes
    packed: bytes
    tag: str
    headers: Headers

    def answer(self, call: Call) -> Answer:
        if knows(call.header("if-none-match"), self.tag):
            return Answer(304, [header for header in self.headers if header[0] != "content-type"])
        return Answer(200, list(self.headers), self.body, self.packed)


class Reference:
    """The document and the page about these calls, for a server that is reached under `public_url`."""

    def __init__(self, operations: Iterable[Operation], templates: Templates, public_url: str) -> None:
        self._operations = tuple(operations)
        self._templates = templates
        self._public_url = public_url
        self._told: tuple[_Held, _Held] | None = None

    async def openapi(self, call: Call) -> Answer:
        openapi, _ = await self._both()
        return openapi.answer(call)

    async def page(self, call: Call) -> Answer:
        _, page = await self._both()
        return page.answer(call)

    async def _both(self) -> tuple[_Held, _Held]:
        # In a thread, so that no open link waits for it. Two who are first at once make the same.
        if self._told is None:
            self._told = await asyncio.to_thread(self._tell)
        return self._told

    def _tell(self) -> tuple[_Held, _Held]:
        whole = document(self._operations, about(self._public_url))
        page = self._templates.render("reference.html", page=page_of(whole))
        return (
            _held(
                msgspec.json.encode(whole), [("content-type", "application/json"), ("access-control-allow-origin", "*")]
            ),
            _held(page, [("content-type", "text/html; charset=utf-8"), ("content-security-policy", _POLICY)]),
        )


def _held(body: bytes, headers: Headers) -> _Held:
    tag = hashlib.sha256(body).hexdigest()[:32]
    # Weak: the same state may leave compressed or not.
    return _Held(body, gzipped(body), tag, [*headers, ("etag", f'W/"{tag}"'), ("cache-control", "public, no-cache")])
