"""Seals what has to rest in the database and must not be readable there.

The key comes from a file of the server and from the client's own `Idempotency-Key`, of which the database has only a
digest: a copy of the database opens nothing, and neither does one together with the key file.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Seal:
    """AES-256-GCM (NIST SP 800-38D) under keys derived from one secret of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def close(self, name: str, content: bytes) -> bytes:
        """The content, sealed under a name that it takes to open it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher(name).encrypt(nonce, content, None)

    def open(self, name: str, sealed: bytes) -> bytes | None:
        """The content, or None when it was not sealed under this name by this secret."""
        try:
            return self._cipher(name).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except InvalidTag:
            return None

    def digest(self, name: str) -> bytes:
        """What a name is looked up by."""
        return hmac.digest(self._secret, b"look-up\n" + name.encode(), hashlib.sha256)

    def _cipher(self, name: str) -> AESGCM:
        return AESGCM(hmac.digest(self._secret, b"seal\n" + name.encode(), hashlib.sha256))
