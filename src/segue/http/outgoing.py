"""Pure. What an answer gets on its way out: standing headers, a validator, a smaller body."""

import hashlib
import re
import zlib

from segue.http.answers import Answer, Headers

COMPRESSED_BYTES_MIN = 1_024
_COMPRESSIBLE = re.compile(r"(application/json|text/|image/svg)")
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_FAST = 4

# What an API's answer says unless it says otherwise: new secrets among them, it rests in no cache.
_ALWAYS: Headers = [("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")]
_UNCACHED: Headers = [*_ALWAYS, ("cache-control", "no-store")]


def with_defaults(headers: Headers) -> Headers:
    """The headers with those that every answer of the API has."""
    for name, _ in headers:
        if name == "cache-control":
            return headers + _ALWAYS
    return headers + _UNCACHED


def validated(answer: Answer, if_none_match: str | None) -> Answer:
    """The answer under a weak validator (RFC 9110, section 8.8.3): 304 for a client that has these very bytes."""
    tag = hashlib.sha256(answer.body).hexdigest()[:32]
    headers = [*answer.headers, ("etag", f'W/"{tag}"'), ("cache-control", "private, no-cache")]
    if knows(if_none_match, tag):
        return Answer(304, [header for header in headers if header[0] != "content-type"])
    return Answer(answer.status, headers, answer.body)


def knows(if_none_match: str | None, tag: str) -> bool:
    """Whether a client says that it has what this entity tag (without quotes) stands for; compared weakly."""
    return if_none_match is not None and (if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match))


def compressed(
    headers: Headers, body: bytes, accept_encoding: str | None, packed: bytes | None = None
) -> tuple[Headers, bytes]:
    """The body as gzip when it is text over 1 KiB and the client takes it: `packed`, where it was made before."""
    if len(body) < COMPRESSED_BYTES_MIN:
        return headers, body
    kind = next((value for name, value in headers if name == "content-type"), "")
    if not _COMPRESSIBLE.match(kind):
        return headers, body
    vary = next((value for name, value in headers if name == "vary"), None)
    others = [header for header in headers if header[0] != "vary"]
    named = [*others, ("vary", f"{vary}, accept-encoding" if vary else "accept-encoding")]
    if accept_encoding is None or not _takes_gzip(accept_encoding):
        return named, body
    return [*named, ("content-encoding", "gzip")], gzipped(body) if packed is None else packed


def gzipped(body: bytes) -> bytes:
    """The body as gzip (RFC 1952)."""
    squeezer = zlib.compressobj(_FAST, zlib.DEFLATED, 31)
    return squeezer.compress(body) + squeezer.flush()


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named, or everything is, and not with a weight of nothing (RFC 9110, section 12.5.3)."""
    wishes = {}
    for part in accept_encoding[:512].lower().split(","):
        name, _, more = part.strip().partition(";")
        wishes[name.strip()] = re.fullmatch(r"\s*q=0(\.0*)?\s*", more) is None
    return wishes.get("gzip", wishes.get("*", False))
