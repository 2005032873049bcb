"""The web framework for all but the hot routes: routing, dependencies, and one place where failures become answers."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

import structlog
from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.params import SkipValidation
from litestar.types import ControllerRouterHandler

from segue.clock import now_s
from segue.errors import Failure, Invalid, Malformed, NotFound, TooLarge, Unavailable
from segue.http.answers import Answer
from segue.http.envelope import broken_answer, failure_answer, status_answer, wrong_method_answer
from segue.limits import JSON_BODY_BYTES_MAX

_log = structlog.get_logger()

FrameworkRequest = Request[Any, Any, Any]

T = TypeVar("T")
# What a handler is handed by its name. It is of our own making, so the framework need not look into it.
Given: TypeAlias = SkipValidation[NamedDependency[T]]

# What answers GET answers HEAD (RFC 9110, section 9.1): the server sends the same headers and leaves the body out.
get = partial(route, http_method=(HttpMethod.GET, HttpMethod.HEAD))


def framework(routes: Sequence[ControllerRouterHandler], dependencies: Mapping[str, Provide]) -> Litestar:
    """One ASGI application over these routes. Its handlers may ask for any of the dependencies by name."""
    return Litestar(
        route_handlers=routes,
        dependencies=dependencies,
        exception_handlers={Failure: _failed, HTTPException: _refused, Exception: _broke},
        request_max_body_size=JSON_BODY_BYTES_MAX,
        openapi_config=None,
        logging_config=None,
    )


def request_id(request: FrameworkRequest) -> str:
    found: str = request.scope["state"]["request_id"]
    return found


def _failed(request: FrameworkRequest, failure: Failure) -> Response[bytes]:
    if isinstance(failure, Unavailable):
        _log.error("unavailable", request_id=request_id(request), exc_info=failure)
    return _response(failure_answer(failure, request_id(request), now=now_s()))


def _refused(request: FrameworkRequest, refusal: HTTPException) -> Response[bytes]:
    """The framework's own refusals, in our words: it knows paths, methods, sizes and query parameters."""
    name = request_id(request)
    if isinstance(refusal, MethodNotAllowedException):
        return _response(wrong_method_answer((refusal.headers or {}).get("allow", ""), name, now=now_s()))
    if isinstance(refusal, NotFoundException):
        failure: Failure = NotFound("There is nothing at this address.")
    elif refusal.status_code == 413:
        failure = TooLarge("The body is too large.")
    elif refusal.status_code == 400:
        failure = _faults(refusal)
    else:
        unknown = Failure("The request was refused.", system_message=refusal.detail)
        return _response(status_answer(refusal.status_code, unknown, name, now=now_s()))
    return _response(failure_answer(failure, name, now=now_s()))


def _faults(refusal: HTTPException) -> Failure:
    extra = refusal.extra if isinstance(refusal.extra, list) else []
    faults = {str(fault.get("key", "request")): f"{fault.get('message', 'It is not valid')}." for fault in extra}
    if not faults:
        return Malformed("The request cannot be read.", system_message=refusal.detail)
    return Invalid("Some values cannot be accepted.", faults=faults)


def _broke(request: FrameworkRequest, error: Exception) -> Response[bytes]:
    _log.error("request failed", request_id=request_id(request), exc_info=error)
    return _response(broken_answer(request_id(request), now=now_s()))


def _response(answer: Answer) -> Response[bytes]:
    headers = {name: value for name, value in answer.headers if name != "content-type"}
    return Response(answer.body, status_code=answer.status, media_type="application/json", headers=headers)
