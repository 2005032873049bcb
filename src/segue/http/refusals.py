"""Pure. Every failure that a call can answer, by status, as the examples that its reference shows.

They are made by the very code that makes the answers, so they are true.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from segue.errors import Failure, Invalid, Malformed, TooLarge, Unavailable
from segue.http.answers import Answer
from segue.http.bodies import read_json
from segue.http.envelope import broken_answer, failure_answer, wrong_method_answer
from segue.http.operation import Operation
from segue.http.queries import read_query
from segue.http.shapes import plain

_MOMENT = 1_782_642_600  # 2026-06-28T10:30:00Z, as in all examples
_TRACE_ID = "req_7b1e4c9a2f6d"
UNAVAILABLE = Unavailable("Segue cannot answer at the moment. Please try again later.")


@dataclass(frozen=True, slots=True)
class Follows:
    """What comes along when a handler asks for something: failures, headers of the request and of the answer, and
    whether a credential is needed. Headers are OpenAPI's objects, by name.
    """

    errors: tuple[Failure, ...] = ()
    proves: bool = False
    request_headers: Mapping[str, dict[str, Any]] | None = None
    answer_headers: Mapping[str, dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error: its status, its whole body, and the seconds to wait where there is something to wait for."""

    status: int
    body: dict[str, Any]
    retry_after: str | None

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])

    @property
    def message(self) -> str:
        return str(self.body["error"]["message"])

    @property
    def name(self) -> str:
        """What it is called among all examples: one name for one sentence."""
        words = re.sub(r"[^a-z0-9]+", "-", self.body["error"]["system_message"].lower()).strip("-")
        return f"{self.code}.{words[:80]}"


def refusals_of(operation: Operation, follows: Mapping[str, Follows]) -> list[Refusal]:
    """Every failure of a call, each once, in the order of their statuses."""
    failures = [*(error for name in follows if name in operation.wants for error in follows[name].errors)]
    failures += [*_of_the_body(operation), *_of_the_query(operation), *operation.errors]
    if not any(isinstance(failure, Unavailable) for failure in failures):
        failures.append(UNAVAILABLE)
    told = {refusal.name: refusal for refusal in map(_refusal, failures)}
    return sorted([*told.values(), broken()], key=lambda refusal: refusal.status)


def broken() -> Refusal:
    return _read(broken_answer(_TRACE_ID, now=_MOMENT))


def wrong_method() -> Refusal:
    return _read(wrong_method_answer("GET, HEAD, OPTIONS", _TRACE_ID, now=_MOMENT))


def _refusal(failure: Failure) -> Refusal:
    return _read(failure_answer(failure, _TRACE_ID, now=_MOMENT))


def _read(answer: Answer) -> Refusal:
    return Refusal(answer.status, plain(msgspec.Raw(answer.body)), dict(answer.headers).get("retry-after"))


def _of_the_body(operation: Operation) -> Iterable[Failure]:
    """What every JSON body can be told. Those of forms are the route's own."""
    shape = next((shape for media, shape in operation.bodies if media == "application/json"), None)
    if shape is None:
        return ()
    found = [_caught(read_json, body, shape) for body in (b"{", b'{"colour":"blue"}')]
    return [*(failure for failure in found if failure is not None), TooLarge("The body is too large.")]


def _of_the_query(operation: Operation) -> Iterable[Failure]:
    shape = operation.query
    if shape is None:
        return ()
    wrong = (f"{field.encode_name}={text}" for field in msgspec.structs.fields(shape) for text in ("0", "-1", "?"))
    found = (_caught(read_query, query, shape) for query in wrong)
    first = next((failure for failure in found if failure is not None), None)
    return () if first is None else (first,)


def _caught(read: Callable[[Any, Any], object], given: Any, shape: Any) -> Failure | None:
    try:
        read(given, shape)
    except (Invalid, Malformed) as failure:
        return failure
    return None
