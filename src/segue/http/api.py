"""Finds the route of a call, hands its handler what it asks for, and turns what comes of it into an answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from segue.errors import Failure, NotFound, Unavailable
from segue.http.answers import Answer, FileAnswer, json_answer
from segue.http.calls import Call
from segue.http.envelope import broken_answer, failure_answer, wrong_method_answer
from segue.http.outgoing import validated, with_defaults
from segue.http.routes import Provider, Reply, Route, bound

_log = structlog.get_logger()

_VARIABLE = "{}"
_NAME_CHARS_MAX = 256


class Replay(Exception):  # noqa: N818 - it is an answer, not an error
    """The call was made before: `answer` is what it got then."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _name(part: str) -> str:
    """A variable part of a path. What cannot name anything is looked up all the same, as a name that nothing has."""
    return part if part.isascii() and part.isprintable() and len(part) <= _NAME_CHARS_MAX else "-"


class _Place:
    """A point in the tree of paths: the places behind it by their next part, and the methods it knows."""

    __slots__ = ("behind", "methods", "names")

    def __init__(self) -> None:
        self.behind: dict[str, _Place] = {}
        self.names: tuple[str, ...] = ()
        self.methods: dict[str, tuple[Route, Callable[[Call], Any]]] = {}


class Api:
    """All routes but the hot ones. `constants` and `providers` are what handlers may ask for by name."""

    def __init__(
        self, routes: Iterable[Route], constants: Mapping[str, Any], providers: Mapping[str, Provider]
    ) -> None:
        self.routes = tuple(routes)
        self._root = _Place()
        for route in self.routes:
            self._add(route, bound(route, constants, providers))

    def _add(self, route: Route, run: Callable[[Call], Any]) -> None:
        place, names = self._root, []
        for part in route.path.strip("/").split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                part = _VARIABLE  # noqa: PLW2901 - what its place is called
            place = place.behind.setdefault(part, _Place())
        if place.methods and tuple(names) != place.names:
            raise TypeError(f"{route.path} names its parts in two ways")
        if route.method in place.methods:
            raise TypeError(f"{route.method} {route.path} stands there twice")
        place.names = tuple(names)
        place.methods[route.method] = (route, run)

    def _find(self, path: str) -> tuple[_Place, list[str]] | None:
        """The place of a path and its variable parts. A part that is spelled out goes before one that varies."""
        place, values = self._root, []
        for part in path[1:].removesuffix("/").split("/"):
            found = place.behind.get(part)
            if found is None:
                found = place.behind.get(_VARIABLE)
                if found is None or not part:
                    return None
                values.append(part)
            place = found
        return (place, values) if place.methods else None

    async def answer(self, call: Call) -> Answer | FileAnswer:
        """The whole answer, whatever happens."""
        try:
            answer = await self._answer(call)
        except Replay as replay:
            answer = replay.answer
        except Failure as failure:
            if isinstance(failure, Unavailable):
                _log.error("unavailable", request_id=call.request_id, exc_info=failure)
            answer = failure_answer(failure, call.request_id, now=call.now)
        except Exception as error:  # noqa: BLE001 - the last edge: whatever it was, the client gets an answer
            _log.error("request failed", request_id=call.request_id, exc_info=error)
            answer = broken_answer(call.request_id, now=call.now)
        answer.headers = with_defaults(answer.headers + call.headers)
        return answer

    async def _answer(self, call: Call) -> Answer | FileAnswer:
        found = self._find(call.path)
        if found is None:
            raise NotFound("There is nothing at this address.")
        place, values = found
        asked = "GET" if call.method == "HEAD" else call.method
        if asked not in place.methods:
            return self._other(call, place)
        route, run = place.methods[asked]
        call.params = {name: _name(value) for name, value in zip(place.names, values, strict=True)}
        call.status = route.status
        value = await run(call)
        if isinstance(value, Answer | FileAnswer):
            return value
        if isinstance(value, Reply):
            answer = json_answer(value.value, value.status or route.status, value.headers)
        else:
            answer = json_answer(value, route.status)
        return validated(answer, call.header("if-none-match")) if route.cached else answer

    def _other(self, call: Call, place: _Place) -> Answer:
        """What answers GET answers HEAD (RFC 9110, section 9.1), and every path answers OPTIONS."""
        known = {*place.methods, "OPTIONS", *({"HEAD"} if "GET" in place.methods else ())}
        allowed = ", ".join(sorted(known))
        if call.method == "OPTIONS":
            return Answer(204, [("allow", allowed)])
        return wrong_method_answer(allowed, call.request_id, now=call.now)
