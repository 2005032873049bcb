"""Pure. One call as its reference shows it, whoever answers it: a route of the API, or a hot route."""

import inspect
import sys
from dataclasses import dataclass
from typing import Any

import msgspec

from segue.errors import Failure
from segue.http.answers import Answer, FileAnswer
from segue.http.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What OpenAPI calls an operation.

    `tag` and `about_tag` are what it is listed under. `answers` is the type of the answer, or None for bytes; `wants`
    the names of what its handler asks for. `bodies` are the types of the body by media type, `parameters` OpenAPI's
    objects for those that no type tells of.
    """

    name: str
    tag: str
    about_tag: str
    method: str
    path: str
    text: str
    status: int
    answers: Any = None
    wants: frozenset[str] = frozenset()
    query: type[msgspec.Struct] | None = None
    bodies: tuple[tuple[str, Any], ...] = ()
    errors: tuple[Failure, ...] = ()
    example: Any = None
    asks: Any = None
    also: tuple[int, ...] = ()
    cached: bool = False
    media_types: tuple[str, ...] = ("application/json",)
    parameters: tuple[dict[str, Any], ...] = ()

    @property
    def summary(self) -> str:
        """The first sentence."""
        return self.text.partition(". ")[0].removesuffix(".")


def operation_of(route: Route) -> Operation:
    """A route as its reference shows it: its handler's name and sentences, under the name of its handler's room."""
    wants = route.wants
    by_itself = isinstance(route.asks, type)
    body = route.asks if by_itself else wants.get("body")
    forms = {"multipart/form-data": route.form} if route.form is not None else {}
    tag, about_tag = room_of(route.handler.__module__)
    return Operation(
        name=route.handler.__name__.removesuffix("_endpoint"),
        tag=tag,
        about_tag=about_tag,
        method=route.method,
        path=route.path,
        text=" ".join((inspect.getdoc(route.handler) or "").split()),
        status=route.status,
        answers=_answers(route),
        wants=frozenset(wants),
        query=wants.get("query"),
        bodies=() if body is None else tuple((media, forms.get(media, body)) for media in route.takes),
        errors=route.errors,
        example=route.example,
        asks=None if by_itself else route.asks,
        also=route.also,
        cached=route.cached,
        media_types=route.media_types,
    )


def room_of(module: str) -> tuple[str, str]:
    """What the calls of a module are listed under: its package's name, and the sentence that this begins with."""
    package = module.rpartition(".")[0]
    about = inspect.cleandoc(sys.modules[package].__doc__ or "")
    return package.rpartition(".")[2].replace("_", " ").capitalize(), " ".join(about.partition("\n\n")[0].split())


def _answers(route: Route) -> Any:
    """The type of the answer. A handler that makes bytes itself says it by its example, or not at all."""
    hint = route.answers
    makes_bytes = {Answer, FileAnswer} & {hint, *getattr(hint, "__args__", ())}
    if not makes_bytes:
        return hint
    return type(route.example) if isinstance(route.example, msgspec.Struct) else None
