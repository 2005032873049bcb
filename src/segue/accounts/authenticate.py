"""From a credential to a caller. It says whether the credential is good, and nothing about anybody else's."""

from segue.access import Caller
from segue.accounts import store
from segue.accounts.keys import ApiKey
from segue.database import Reader
from segue.errors import Unauthenticated


async def authenticate(reader: Reader, key: ApiKey, *, now: int) -> Caller:
    """The user and the organization that an API key stands for. Raises `Unauthenticated`."""
    row = await store.key_by_digest(reader, key.digest())
    if row is None:
        raise Unauthenticated("Your API key is invalid.", code="INVALID_API_KEY")
    if row.expires_at is not None and row.expires_at <= now:
        raise Unauthenticated("Your API key has expired.", code="API_KEY_EXPIRED")
    if row.revoked_at is not None or row.barred_at is not None:
        raise Unauthenticated("Your API key has been deactivated.", code="API_KEY_DEACTIVATED")
    return Caller(row.user_id, row.organization_id)
