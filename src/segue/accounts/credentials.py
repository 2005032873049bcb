"""Reads the credentials of a request and says who is calling, in which organization."""

from segue.access import Caller
from segue.accounts.authenticate import authenticate
from segue.accounts.keys import ApiKey
from segue.database import Reader
from segue.errors import Forbidden, Unauthenticated
from segue.http import FrameworkRequest


async def caller(request: FrameworkRequest, reader: Reader, organization_id: str, *, now: int) -> Caller:
    """The caller of a call on `/v1/music/{organization_id}/…`.

    Raises `Unauthenticated` for missing or bad credentials, and `Forbidden` for an organization that is not the
    caller's, whether or not it exists.
    """
    keys = _keys(request.headers.get("x-api-key"), request.headers.get("authorization"))
    if not keys:
        raise Unauthenticated(
            "Authentication required. Please provide a valid API key.",
            system_message="Missing or invalid authorization header",
        )
    callers = [await authenticate(reader, key, now=now) for key in keys]
    who = callers[0]
    if any(other.user_id != who.user_id for other in callers):
        raise Unauthenticated("Your API key is invalid.", code="INVALID_API_KEY")
    if who.organization_id != organization_id:
        raise Forbidden("You don't have access to this organization.", code="ORGANIZATION_ACCESS_DENIED")
    return who


def _keys(header: str | None, authorization: str | None) -> list[ApiKey]:
    kind, _, bearer = (authorization or "").partition(" ")
    found = [header] if header else []
    if kind.lower() == "bearer" and bearer.strip():
        found.append(bearer.strip())
    return [ApiKey(raw) for raw in found]
