"""Pure. Playback addresses: what is signed, how, and how it is read back.

A signature says that somebody with a right asked for these bytes a short while ago. It is not the right itself:
whoever serves the bytes looks at the share, or at the user, again.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from segue.errors import Unauthenticated

_QUERY_CHARS_MAX = 1024
_BLOCK_BYTES = 64

STREAM = "stream"
VIEW = "view"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of at most 64 bytes, with the id that signatures name it by."""

    key_id: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Grant:
    """Who (a share's or a user's id) may do what (`stream`, `view`) with one rendition of one track, until when."""

    grantee: str
    track_id: str
    rendition: str
    action: str
    expires_at: int


class Signer:
    """Mints playback addresses. HMAC-SHA256 (RFC 2104) over the grant and the key id."""

    def __init__(self, key: SigningKey, public_url: str, ttl_s: int) -> None:
        self._key_id = key.key_id
        # The two halves of RFC 2104 with the key already in them: `hmac` itself would take three times as long.
        block = key.secret.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._start = f"{public_url}/media/"
        self._ttl_s = ttl_s

    def minter(self, grantee: str, *, now: int) -> Callable[[str, str, str], str]:
        """A function from a track id, a rendition and an action to an absolute URL that is good from `now` on.

        What all addresses of one answer have in common is hashed once.
        """
        expires_at = now + self._ttl_s
        outer = self._outer
        begun = self._inner.copy()
        begun.update(f"{self._key_id}\n{grantee}\n{expires_at}\n".encode())
        end = f"&expires={expires_at}&key={self._key_id}&signature="
        middle = f"?grant={grantee}&action="
        start = self._start

        def url(track_id: str, rendition: str, action: str) -> str:
            inner, mac = begun.copy(), outer.copy()
            inner.update(f"{track_id}\n{rendition}\n{action}".encode())
            mac.update(inner.digest())
            return f"{start}{track_id}/{rendition}{middle}{action}{end}{mac.hexdigest()}"

        return url

    def url(self, grantee: str, track_id: str, rendition: str, action: str = STREAM, *, now: int) -> str:
        """One address."""
        return self.minter(grantee, now=now)(track_id, rendition, action)


def verify(keys: dict[str, SigningKey], track_id: str, rendition: str, query: str, *, now: int) -> Grant:
    """The grant that a request carries. Raises `Unauthenticated` (TOKEN_INVALID) for every kind of no, alike."""
    given = dict(parse_qsl(query[:_QUERY_CHARS_MAX]))
    key = keys.get(given.get("key", ""))
    expires = given.get("expires", "")
    if key is not None and expires.isascii() and expires.isdigit() and len(expires) <= 12:
        grantee, action = given.get("grant", ""), given.get("action", "")
        # No part of ours holds a line feed, and a forged one changes the message anyway.
        message = f"{key.key_id}\n{grantee}\n{expires}\n{track_id}\n{rendition}\n{action}"
        expected = hmac.digest(key.secret, message.encode("utf-8", "replace"), "sha256").hex()
        good = hmac.compare_digest(expected.encode(), given.get("signature", "").encode("utf-8", "replace"))
        if good and int(expires) > now:
            return Grant(grantee, track_id, rendition, action, int(expires))
    raise Unauthenticated("This address is no longer valid. Open the link again.", code="TOKEN_INVALID")
