"""Secrets as values: the raw one that a person keeps, and the digest that the database keeps.

They are different types, so that storing the wrong one does not pass the type checker.
"""

import hashlib
import secrets
import string
from dataclasses import dataclass

_ALPHABET = string.ascii_letters + string.digits


# 40 of these are 238 bits.
_CHARS = 40


@dataclass(frozen=True, slots=True)
class SecretDigest:
    """SHA-256 of a raw secret. 40 random characters need no slow hash: there is nothing to guess at."""

    value: bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """A raw secret: a prefix that says what it opens, and 40 characters. It prints as its first characters only."""

    raw: str

    def digest(self) -> SecretDigest:
        return SecretDigest(hashlib.sha256(self.raw.encode("utf-8", "surrogatepass")).digest())

    def hint(self) -> str:
        """Enough to recognise it in a list, far too little to use it."""
        return self.raw[:8]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hint()}…)"

    __str__ = __repr__


class ApiKey(Secret):
    """`sgk_…`: acts for one user in one organization."""


class SessionToken(Secret):
    """`sgs_…`: acts for one user until it expires or the user signs out."""

    PREFIX = "sgs_"


class InvitationToken(Secret):
    """`sgi_…`: lets whoever holds it join an organization, once."""


def new_api_key() -> ApiKey:
    return ApiKey("sgk_" + _random())


def new_session_token() -> SessionToken:
    return SessionToken(SessionToken.PREFIX + _random())


def new_invitation_token() -> InvitationToken:
    return InvitationToken("sgi_" + _random())


def _random() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CHARS))
