"""Pure. What the reference says of the whole: how callers prove themselves, and what comes along with that.

The sentences are those that the gate says; tests make the calls and compare.
"""

import segue
from segue.accounts import not_from_our_page, not_your_organization, session_cookie
from segue.errors import Conflict, Forbidden, Invalid, TooMany, Unauthenticated
from segue.http import About, Follows

_TEXT = """\
Segue takes sound files in, keeps them as tracks, and shares a track or a collection by a link that anybody can open.

Every call but the public ones needs an API key, in `X-API-Key` or as a bearer token, or a session. Every answer carries
`x-request-id`. Every error wears one envelope: `error.code` is for programs, `error.message` for people. A path that
nothing stands under is 404, a method that a path does not know is 405 with `Allow`; what answers `GET` answers `HEAD`,
and every path answers `OPTIONS`. Lists take `limit` and `offset`, and say which they used. Times are UTC.

A change may be sent again under the same `Idempotency-Key` within 24 hours: it happens once, and the first answer comes
again with `idempotent-replayed: true`."""

_COUNT = {"type": "string", "pattern": "^[0-9]+$"}
_LIMITS = {
    "x-ratelimit-limit": {
        "description": "Calls that this credential may make in one period.",
        "schema": _COUNT,
    },
    "x-ratelimit-remaining": {"description": "How many of them are left.", "schema": _COUNT},
    "x-ratelimit-reset": {"description": "When all of them are back, in seconds since 1970.", "schema": _COUNT},
    "x-ratelimit-retry-after": {"description": "Seconds until the next call; 0 while some are left.", "schema": _COUNT},
    "x-ratelimit-limit-requests": {"description": "The same as `x-ratelimit-limit`.", "schema": _COUNT},
    "x-ratelimit-remaining-requests": {"description": "The same as `x-ratelimit-remaining`.", "schema": _COUNT},
    "x-ratelimit-reset-requests": {"description": "The same as `x-ratelimit-reset`.", "schema": _COUNT},
}
_ORGANIZATION = {
    "aitronos-organization": {"description": "The organization that the call acts in.", "schema": {"type": "string"}}
}

_PROOF = (
    Unauthenticated(
        "Authentication required. Please provide a valid API key.",
        system_message="Missing or invalid authorization header",
    ),
    Unauthenticated("Your API key is invalid.", code="INVALID_API_KEY"),
    Unauthenticated("Your API key has expired.", code="API_KEY_EXPIRED"),
    Unauthenticated("Your API key has been deactivated.", code="API_KEY_DEACTIVATED"),
    Unauthenticated("Your session is invalid.", code="TOKEN_INVALID"),
    Unauthenticated("Your session has expired.", code="TOKEN_EXPIRED"),
    TooMany(
        "Too many requests. Please try again later.",
        system_message="Request rate limit exceeded for this credential",
        retry_after_s=1,
    ),
)
_DENIED = not_your_organization()
_KEY = "An idempotency key has 1 to 255 printable characters and no space."

# By the names that handlers ask for.
FOLLOWS = {
    "person": Follows(errors=_PROOF, proves=True, answer_headers=_LIMITS),
    "who": Follows(errors=(*_PROOF, _DENIED), proves=True, answer_headers=_ORGANIZATION | _LIMITS),
    "acting": Follows(
        errors=(
            *_PROOF,
            Forbidden("You are not a member of any organization.", code="NO_ORGANIZATION_MEMBERSHIP"),
            _DENIED,
            Forbidden("Please specify which organization to use.", code="AMBIGUOUS_ORGANIZATION"),
        ),
        proves=True,
        request_headers={
            "Aitronos-Organization": {
                "description": "Which organization to act in, for a session of somebody who belongs to several.",
                "schema": {"type": "string"},
            }
        },
        answer_headers=_ORGANIZATION | _LIMITS,
    ),
    "change": Follows(
        errors=(
            not_from_our_page(),
            Conflict("This idempotency key was used for another request.", code="IDEMPOTENCY_KEY_REUSED"),
            Invalid(_KEY, faults={"Idempotency-Key": _KEY}),
        ),
        request_headers={
            "Idempotency-Key": {
                "description": "A name for this call: sent again under it, the call happens once.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            }
        },
        answer_headers={
            "idempotent-replayed": {
                "description": "`true` when this is the answer to an earlier call under the same key.",
                "schema": {"const": "true"},
            }
        },
    ),
}


def about(public_url: str) -> About:
    """What is said of a server that is reached under `public_url`."""
    return About(
        title="Segue",
        version=segue.__version__,
        text=_TEXT,
        server=public_url,
        schemes={
            "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
            "Bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or the token of a session."},
            "Session": {
                "type": "apiKey",
                "in": "cookie",
                "name": session_cookie(public_url),
                "description": "The session of a browser. What changes something must come from a page of this server.",
            },
        },
        follows=FOLLOWS,
    )
