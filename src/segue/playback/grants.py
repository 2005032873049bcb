"""Pure. Playback addresses: what is signed, how, and how it is read back.

A signature says that somebody with a right asked for these bytes a short while ago. It is not the right itself:
whoever serves the bytes looks at the share, or at the user, again.
"""

import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

from segue.errors import Unauthenticated

STREAM = "stream"
VIEW = "view"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with the id that signatures name it by."""

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
        self._key = key
        self._start = f"{public_url}/media/"
        self._ttl_s = ttl_s

    def url(self, grantee: str, track_id: str, rendition: str, action: str = STREAM, *, now: int) -> str:
        """An absolute URL that is good for the signer's lifetime from `now` on."""
        expires_at = now + self._ttl_s
        key_id = self._key.key_id
        signature = _signature(self._key.secret, key_id, grantee, track_id, rendition, action, str(expires_at))
        return (
            f"{self._start}{track_id}/{rendition}"
            f"?grant={grantee}&action={action}&expires={expires_at}&key={key_id}&signature={signature}"
        )


def verify(keys: dict[str, SigningKey], track_id: str, rendition: str, query: str, *, now: int) -> Grant:
    """The grant that a request carries. Raises `Unauthenticated` (TOKEN_INVALID) for every kind of no, alike."""
    given = dict(parse_qsl(query[:1024]))
    key = keys.get(given.get("key", ""))
    expires = given.get("expires", "")
    if key is not None and expires.isascii() and expires.isdigit() and len(expires) <= 12:
        grant = Grant(given.get("grant", ""), track_id, rendition, given.get("action", ""), int(expires))
        expected = _signature(key.secret, key.key_id, grant.grantee, track_id, rendition, grant.action, expires)
        good = hmac.compare_digest(expected.encode(), given.get("signature", "").encode("utf-8", "replace"))
        if good and grant.expires_at > now:
            return grant
    raise Unauthenticated("This address is no longer valid. Open the link again.", code="TOKEN_INVALID")


def _signature(secret: bytes, *parts: str) -> str:
    # No part holds a line feed: ids, names and numbers are ours, and a forged one changes the message anyway.
    return hmac.digest(secret, "\n".join(parts).encode("utf-8", "replace"), "sha256").hex()
