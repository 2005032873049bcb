"""Makes the reference once, when the server starts, and holds it as the bytes that are sent."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from segue.http import Answer, Call, Headers, Operation, document, knows
from segue.reference.about import about
from segue.reference.page import page_of
from segue.web import Templates

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class _Held:
    """One thing to send, and what names its state."""

    body: bytes
    tag: str
    headers: Headers

    def answer(self, call: Call) -> Answer:
        if knows(call.header("if-none-match"), self.tag):
            return Answer(304, [header for header in self.headers if header[0] != "content-type"])
        return Answer(200, list(self.headers), self.body)


@dataclass(frozen=True, slots=True)
class Reference:
    """The document and the page."""

    openapi: _Held
    page: _Held


def told(operations: Iterable[Operation], templates: Templates, public_url: str) -> Reference:
    """The reference of these calls, for a server that is reached under `public_url`."""
    whole = document(operations, about(public_url))
    page = templates.render("reference.html", page=page_of(whole))
    return Reference(
        _held(msgspec.json.encode(whole), [("content-type", "application/json"), ("access-control-allow-origin", "*")]),
        _held(page, [("content-type", "text/html; charset=utf-8"), ("content-security-policy", _POLICY)]),
    )


def _held(body: bytes, headers: Headers) -> _Held:
    tag = hashlib.sha256(body).hexdigest()[:32]
    # Weak: the same state may leave compressed or not.
    return _Held(body, tag, [*headers, ("etag", f'W/"{tag}"'), ("cache-control", "public, no-cache")])
