"""Pure. Playback addresses: what is signed, how, and how it is read back.

A signature says that somebody with a right asked for these bytes a short while ago. It is not the right itself:
whoever serves the bytes looks at the share, or at the user, again.
"""

import hashlib
import hmac
from collections.abc import Callable

import msgspec

from segue.errors import Unauthenticated

_QUERY_CHARS_MAX = 1024
_BLOCK_BYTES = 64

STREAM = "stream"
VIEW = "view"


class SigningKey:
    """A key of at most 64 bytes, with the id that signatures name it by. HMAC-SHA256 (RFC 2104)."""

    def __init__(self, key_id: str, secret: bytes) -> None:
        self.key_id = key_id
        # The two halves with the key already worked in: beginning with it each time would take three times as long.
        block = secret.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def begun(self, message: str) -> "hashlib._Hash":
        """The signature of a message that goes on; see `signature`."""
        inner = self._inner.copy()
        inner.update(message.encode("utf-8", "replace"))
        return inner

    def signature(self, begun: "hashlib._Hash", rest: str) -> str:
        """The signature, in hexadecimal, of what was begun with the rest behind it."""
        inner, outer = begun.copy(), self._outer.copy()
        inner.update(rest.encode("utf-8", "replace"))
        outer.update(inner.digest())
        return outer.hexdigest()


class Grant(msgspec.Struct, frozen=True, gc=False):
    """Who (a share's or a user's id) may do what (`stream`, `view`) with one rendition of one track, until when."""

    grantee: str
    track_id: str
    rendition: str
    action: str
    expires_at: int


class Signer:
    """Mints playback addresses."""

    def __init__(self, key: SigningKey, public_url: str, ttl_s: int) -> None:
        self._key = key
        self._start = f"{public_url}/media/"
        self._ttl_s = ttl_s

    def minter(self, grantee: str, *, now: int) -> Callable[[str, str, str], str]:
        """A function from a track id, a rendition and an action to an absolute URL that is good from `now` on.

        What all addresses of one answer have in common is hashed once.
        """
        expires_at = now + self._ttl_s
        key, start = self._key, self._start
        begun = key.begun(f"{key.key_id}\n{grantee}\n{expires_at}\n")
        middle = f"?grant={grantee}&action="
        end = f"&expires={expires_at}&key={key.key_id}&signature="

        def url(track_id: str, rendition: str, action: str) -> str:
            signature = key.signature(begun, f"{track_id}\n{rendition}\n{action}")
            return f"{start}{track_id}/{rendition}{middle}{action}{end}{signature}"

        return url

    def url(self, grantee: str, track_id: str, rendition: str, action: str = STREAM, *, now: int) -> str:
        """One address."""
        return self.minter(grantee, now=now)(track_id, rendition, action)


def verify(keys: dict[str, SigningKey], track_id: str, rendition: str, query: str, *, now: int) -> Grant:
    """The grant that a request carries. Raises `Unauthenticated` (TOKEN_INVALID) for every kind of no, alike."""
    # Nothing in an address of ours needs decoding, so whatever is encoded is not ours.
    given = dict(pair.partition("=")[::2] for pair in query[:_QUERY_CHARS_MAX].split("&"))
    key = keys.get(given.get("key", ""))
    expires = given.get("expires", "")
    if key is not None and expires.isascii() and expires.isdigit() and len(expires) <= 12:
        grantee, action = given.get("grant", ""), given.get("action", "")
        # No part of ours holds a line feed, and a forged one changes the message anyway.
        begun = key.begun(f"{key.key_id}\n{grantee}\n{expires}\n")
        expected = key.signature(begun, f"{track_id}\n{rendition}\n{action}")
        good = hmac.compare_digest(expected.encode(), given.get("signature", "").encode("utf-8", "replace"))
        if good and int(expires) > now:
            return Grant(grantee, track_id, rendition, action, int(expires))
    raise Unauthenticated("This address is no longer valid. Open the link again.", code="TOKEN_INVALID")
