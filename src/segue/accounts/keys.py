"""API keys as values: the raw key that a person keeps, and the digest that the database keeps.

They are different types, so that storing the wrong one does not pass the type checker.
"""

import hashlib
import secrets
import string
from dataclasses import dataclass

_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class ApiKeyDigest:
    """SHA-256 of the raw key. 40 random characters need no slow hash: there is nothing to guess at."""

    value: bytes


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The raw key, `sgk_` and 40 characters (238 bits). It prints as its first characters only."""

    raw: str

    def digest(self) -> ApiKeyDigest:
        return ApiKeyDigest(hashlib.sha256(self.raw.encode("utf-8", "surrogatepass")).digest())

    def hint(self) -> str:
        """Enough to recognise a key in a list, far too little to use it."""
        return self.raw[:8]

    def __repr__(self) -> str:
        return f"ApiKey({self.hint()}…)"

    __str__ = __repr__


def new_api_key() -> ApiKey:
    return ApiKey("sgk_" + "".join(secrets.choice(_ALPHABET) for _ in range(40)))
