"""Routes of the API as values: a handler with all that its answer, its reference page and its tests need to know.

A handler names what it needs; `bound` hands it in. Parts of the path are strings under their own names, `body` and
`query` are structs, read and checked; all else is given by whoever wires the server.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec

from segue.errors import Failure
from segue.http.answers import Headers
from segue.http.bodies import read_json
from segue.http.calls import Call
from segue.http.queries import read_query

T = TypeVar("T")
Handler = Callable[..., Awaitable[Any]]
# Makes something out of a call: the caller, a page, a transaction.
Provider = Callable[[Call], Any]


class Reply(msgspec.Struct, Generic[T]):
    """An answer whose status differs from the route's own, or that carries headers."""

    value: T
    status: int | None = None
    headers: Headers = []


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path, such as `/v1/music/{organization_id}/tracks`.

    `errors` are the failures of its own, beside those that follow from what it takes; `example` is an answer, and
    `asks` a body, as its reference shows them (or the type of the body, where the handler reads it by itself, and
    `form` that of the parts where it takes a form as well). `also` are further statuses of the same answer. With
    `cached` a client may keep the answer and ask whether it has changed.
    """

    method: str
    path: str
    handler: Handler
    status: int
    errors: tuple[Failure, ...] = ()
    example: Any = None
    asks: Any = None
    form: type[msgspec.Struct] | None = None
    also: tuple[int, ...] = ()
    cached: bool = False
    media_types: tuple[str, ...] = ("application/json",)
    takes: tuple[str, ...] = ("application/json",)

    @property
    def wants(self) -> Mapping[str, Any]:
        """What the handler asks for, by name, with its type."""
        hints = get_type_hints(self.handler)
        return {name: hints[name] for name in inspect.signature(self.handler).parameters}

    @property
    def answers(self) -> Any:
        """The type of the answer's value."""
        hint = get_type_hints(self.handler)["return"]
        return hint.__args__[0] if getattr(hint, "__origin__", None) is Reply else hint


def get(path: str, **more: Any) -> Callable[[Handler], Route]:
    return _route("GET", path, {"status": 200} | more)


def post(path: str, *, status: int, **more: Any) -> Callable[[Handler], Route]:
    return _route("POST", path, {"status": status} | more)


def put(path: str, **more: Any) -> Callable[[Handler], Route]:
    return _route("PUT", path, {"status": 200} | more)


def patch(path: str, **more: Any) -> Callable[[Handler], Route]:
    return _route("PATCH", path, {"status": 200} | more)


def delete(path: str, **more: Any) -> Callable[[Handler], Route]:
    return _route("DELETE", path, {"status": 200} | more)


def _route(method: str, path: str, more: dict[str, Any]) -> Callable[[Handler], Route]:
    return lambda handler: Route(method, path, handler, **more)


def bound(route: Route, constants: Mapping[str, Any], providers: Mapping[str, Provider]) -> Callable[[Call], Any]:
    """The handler as a function of a call. What it needs is made in the order of `providers`, the body last."""
    wants = route.wants
    fixed = {name: constants[name] for name in wants if name in constants}
    made = [(name, make, inspect.iscoroutinefunction(make)) for name, make in providers.items() if name in wants]
    parts = [name for name in wants if f"{{{name}}}" in route.path]
    query, body = wants.get("query"), wants.get("body")
    unknown = wants.keys() - fixed.keys() - providers.keys() - {*parts, "query", "body", "call"}
    if unknown:
        raise TypeError(f"{route.method} {route.path}: nobody provides {', '.join(sorted(unknown))}")
    handler = route.handler

    async def run(call: Call) -> Any:
        given = dict(fixed)
        for name, make, waits in made:
            given[name] = await make(call) if waits else make(call)
        for name in parts:
            given[name] = call.params[name]
        if query is not None:
            given["query"] = read_query(call.query, query)
        if body is not None:
            given["body"] = read_json(await call.body(), body)
        if "call" in wants:
            given["call"] = call
        return await handler(**given)

    return run
