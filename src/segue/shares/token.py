"""Pure but for its randomness. The secret of a link and its digest, as two types that cannot be mixed up."""

import hashlib
import re
import secrets

import msgspec

_SHAPE = re.compile(r"shr_[0-9a-f]{32}", re.ASCII)


class ShareDigest(msgspec.Struct, frozen=True, gc=False):
    """SHA-256 of a token. 128 random bits need no slow hash: there is nothing to guess at."""

    value: bytes


# Looked up for what has not even the shape of a token, so that it takes the same way as every other wrong one. No
# token has it: it is the digest of nothing.
NO_DIGEST = ShareDigest(hashlib.sha256(b"").digest())


class ShareToken(msgspec.Struct, frozen=True, gc=False):
    """`shr_` and 32 hex digits (128 bits). It does not print itself."""

    raw: str

    def digest(self) -> ShareDigest:
        return ShareDigest(hashlib.sha256(self.raw.encode()).digest())

    def __repr__(self) -> str:
        return "ShareToken(…)"

    __str__ = __repr__


def new_token() -> ShareToken:
    return ShareToken("shr_" + secrets.token_hex(16))


def digest_of(text: str) -> ShareDigest:
    """The digest to look up for whatever stood in the address."""
    return ShareDigest(hashlib.sha256(text.encode()).digest()) if _SHAPE.fullmatch(text) else NO_DIGEST


def token_in(text: str) -> ShareToken | None:
    """The token at the end of a link, or the token itself; None when there is none."""
    last = text.strip().partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    return ShareToken(last) if _SHAPE.fullmatch(last) else None
