"""From a credential to a person. It says whether the credential is good, and nothing about anybody else's."""

from segue.access import Person
from segue.accounts import store
from segue.accounts.keys import ApiKey, Secret, SessionToken
from segue.database import Reader
from segue.errors import Unauthenticated


def secret_of(raw: str) -> Secret:
    """What a bearer token is: a session's, or an API key."""
    return SessionToken(raw) if raw.startswith(SessionToken.PREFIX) else ApiKey(raw)


async def authenticate(reader: Reader, secret: Secret, *, now: int) -> Person:
    """The person whom a credential stands for. Raises `Unauthenticated`."""
    if isinstance(secret, SessionToken):
        return await _by_session(reader, secret, now=now)
    row = await store.key_by_digest(reader, secret.digest())
    if row is None:
        raise Unauthenticated("Your API key is invalid.", code="INVALID_API_KEY")
    if row.expires_at is not None and row.expires_at <= now:
        raise Unauthenticated("Your API key has expired.", code="API_KEY_EXPIRED")
    if row.revoked_at is not None or row.barred_at is not None:
        raise Unauthenticated("Your API key has been deactivated.", code="API_KEY_DEACTIVATED")
    return row.person


async def _by_session(reader: Reader, token: SessionToken, *, now: int) -> Person:
    row = await store.session_by_digest(reader, token.digest())
    if row is None or row.ended_at is not None or row.disabled_at is not None:
        raise Unauthenticated("Your session is invalid.", code="TOKEN_INVALID")
    if row.expires_at <= now:
        raise Unauthenticated("Your session has expired.", code="TOKEN_EXPIRED")
    return row.person
