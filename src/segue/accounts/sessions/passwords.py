"""Passwords: hashed by Argon2id (RFC 9106) and compared in the same time whether or not there is an account.

Hashing takes 64 MiB and some 50 ms by design, so it runs in a thread, and only a few run at once: a flood of guesses
waits, and cannot eat the memory.
"""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from segue.errors import Invalid
from segue.limits import PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN

_AT_ONCE_MAX = 2

# The second recommended set of RFC 9106, section 4, which is argon2-cffi's own default.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)

# A hash of random bytes that nobody kept: what is compared for an account that is not there.
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$6eP217bLUKpzP31+w9177A$u9CqO6RIGI3J9ihNJ1DEmjqlYCOf5jFLib0nj02fAYU"


class Passwords:
    """Hashes and compares for one process."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE_MAX)

    async def hashed(self, password: str) -> str:
        """The hash to store, in Argon2's own notation."""
        async with self._free:
            return await asyncio.to_thread(_hasher.hash, password.encode("utf-8", "surrogatepass"))

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether this is the password. None, for nobody's, takes as long and never fits."""
        async with self._free:
            return await asyncio.to_thread(_fits, password, stored)

    async def renewed(self, password: str, stored: str) -> str:
        """The hash to keep of a password that fits: `stored`, or a new one where that was made in an older way."""
        return await self.hashed(password) if _hasher.check_needs_rehash(stored) else stored


def check_password(password: str, field: str = "password") -> None:
    """Raises `Invalid` for one that is too short or too long, or holds NUL. Nothing else is demanded of a password."""
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX or "\0" in password:
        sentence = f"A password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters, none of them NUL."
        raise Invalid(sentence, faults={field: sentence})


def _fits(password: str, stored: str | None) -> bool:
    try:
        _hasher.verify(stored or NOBODYS, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
