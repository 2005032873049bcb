"""The one shape of every error, and the table that turns kinds of failure into statuses and codes."""

from typing import Any

import msgspec

from segue import errors
from segue.clock import utc_text
from segue.http.answers import Answer, Headers, json_answer

_KINDS: dict[type[errors.Failure], tuple[int, str]] = {
    errors.Malformed: (400, "INVALID_REQUEST"),
    errors.Unauthenticated: (401, "AUTHENTICATION_REQUIRED"),
    errors.Forbidden: (403, "OPERATION_NOT_ALLOWED"),
    errors.NotFound: (404, "RESOURCE_NOT_FOUND"),
    errors.Conflict: (409, "OPERATION_NOT_ALLOWED"),
    errors.TooLarge: (413, "PAYLOAD_TOO_LARGE"),
    errors.Invalid: (422, "VALIDATION_ERROR"),
    errors.TooMany: (429, "RATE_LIMIT_EXCEEDED"),
    errors.Unavailable: (503, "SERVICE_UNAVAILABLE"),
}

# A cache may keep a 404 or a 405 without being told to (RFC 9111, section 4.2.2).
_NO_STORE = ("cache-control", "no-store")


class ErrorBody(msgspec.Struct):
    """`error` in the envelope."""

    code: str
    message: str
    system_message: str
    type: str
    status: int
    details: dict[str, Any]
    trace_id: str
    timestamp: str


class Envelope(msgspec.Struct):
    """Every error that a client can get."""

    success: bool
    error: ErrorBody


def failure_answer(failure: errors.Failure, request_id: str, *, now: int, headers: Headers | None = None) -> Answer:
    """The answer to a failure, with `Retry-After` where there is something to wait for."""
    status, code = _KINDS[type(failure)]
    more = list(headers or [])
    if isinstance(failure, errors.TooMany):
        more.append(("retry-after", str(failure.retry_after_s)))
    return _answer(status, failure.code or code, failure, request_id, more, now=now)


def wrong_method_answer(allowed: str, request_id: str, *, now: int, headers: Headers | None = None) -> Answer:
    """405 with the methods that the path does know."""
    failure = errors.Failure("This address does not know that method.", system_message=f"Allowed: {allowed}")
    return _answer(405, "METHOD_NOT_ALLOWED", failure, request_id, [*(headers or []), ("allow", allowed)], now=now)


def broken_answer(request_id: str, *, now: int, headers: Headers | None = None) -> Answer:
    """500: something of ours failed. The inside stays in the log, under the same id."""
    failure = errors.Failure("Something went wrong on our side.", system_message="Unexpected failure, see the log")
    return _answer(500, "INTERNAL_ERROR", failure, request_id, list(headers or []), now=now)


def _answer(status: int, code: str, failure: errors.Failure, request_id: str, headers: Headers, *, now: int) -> Answer:
    body = ErrorBody(
        code=code,
        message=failure.message,
        system_message=failure.system_message,
        type=_type(status),
        status=status,
        details=failure.details,
        trace_id=request_id,
        timestamp=utc_text(now),
    )
    uncached = headers if _NO_STORE in headers else [*headers, _NO_STORE]
    return json_answer(Envelope(success=False, error=body), status, uncached)


def _type(status: int) -> str:
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "client_error"
