"""Pure. The OpenAPI 3.1 document of a list of calls: every parameter, body, answer and error of each.

It knows no product word. Whoever asks for a document says what the server is called, how callers prove themselves, and
what follows from the names that handlers ask for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from segue.http.envelope import Envelope
from segue.http.operation import Operation
from segue.http.refusals import Follows, Refusal, broken, refusals_of, wrong_method
from segue.http.shapes import parameters_of, plain, schemas_of

Json = dict[str, Any]
_JSON = "application/json"
_FORM = "multipart/form-data"
_PAGE = "text/html"

_EVERY_ANSWER = {
    "x-request-id": {
        "description": "The id of this call; `trace_id` in an error is the same.",
        "schema": {"type": "string"},
    },
    "freddy-processing-ms": {
        "description": "How long the server took, in milliseconds.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}
_ETAG = {"etag": {"description": "Names this state of the answer, for `If-None-Match`.", "schema": {"type": "string"}}}
_RETRY_AFTER = {
    "retry-after": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    }
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `etag` of an answer that the client has: 304 without a body says that it still holds.",
    "schema": {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of the whole. `schemes` are OpenAPI's security schemes; any one of them is enough."""

    title: str
    version: str
    text: str
    server: str
    schemes: Mapping[str, Json]
    follows: Mapping[str, Follows]


def document(operations: Iterable[Operation], about: About) -> Json:
    """The whole document as plain objects."""
    return _Document(list(operations), about).whole()


class _Document:
    """What has been collected so far. `_examples` holds each error once, under a name of its own."""

    def __init__(self, operations: Sequence[Operation], about: About) -> None:
        self._operations = operations
        self._about = about
        types = [each for operation in operations for each in _types_of(operation)]
        found, self._schemas = schemas_of([*types, Envelope])
        self._by_type = {id(each): found[number] for number, each in enumerate([*types, Envelope])}
        self._examples: Json = {}
        self._headers: Json = {}

    def whole(self) -> Json:
        paths: Json = {}
        for operation in self._operations:
            paths.setdefault(operation.path, {})[operation.method.lower()] = self._operation(operation)
        tags = {operation.tag: operation.about_tag for operation in self._operations}
        about = self._about
        return {
            "openapi": "3.1.0",
            "info": {"title": about.title, "version": about.version, "description": about.text},
            "servers": [{"url": about.server}],
            "tags": [{"name": name, "description": text} for name, text in sorted(tags.items())],
            "paths": dict(sorted(paths.items())),
            "components": {
                "schemas": dict(sorted(self._schemas.items())),
                "responses": {
                    "WrongMethod": self._refused([wrong_method()]),
                    "Broken": self._refused([broken()]),
                },
                "headers": dict(sorted(self._headers.items())),
                "examples": dict(sorted(self._examples.items())),
                "securitySchemes": dict(about.schemes),
            },
        }

    def _operation(self, operation: Operation) -> Json:
        follows = [told for name, told in self._about.follows.items() if name in operation.wants]
        proves = any(each.proves for each in follows)
        told: Json = {
            "operationId": operation.name,
            "tags": [operation.tag],
            "summary": operation.summary,
            "description": operation.text,
            "security": [{name: []} for name in self._about.schemes] if proves else [],
        }
        parameters = _parameters(operation, follows)
        if parameters:
            told["parameters"] = parameters
        if operation.bodies:
            told["requestBody"] = self._body(operation)
        told["responses"] = self._responses(operation, follows)
        return told

    def _body(self, operation: Operation) -> Json:
        content: Json = {}
        for media_type, shape in operation.bodies:
            content[media_type] = {"schema": self._by_type[id(shape)]}
            if media_type == _FORM:
                content[media_type]["encoding"] = self._parts(shape)
            if operation.asks is not None and media_type == _JSON:
                content[media_type]["example"] = plain(operation.asks)
        return {"required": all(_needs_something(shape) for _, shape in operation.bodies), "content": content}

    def _parts(self, form: type[msgspec.Struct]) -> Json:
        """What each file of a form is."""
        fields = self._schemas[form.__name__]["properties"].items()
        return {name: {"contentType": told["contentMediaType"]} for name, told in fields if "contentMediaType" in told}

    def _responses(self, operation: Operation, follows: Sequence[Follows]) -> Json:
        headers: Json = {}
        for each in follows:
            headers |= each.answer_headers or {}
        responses = {
            str(status): self._answer(operation, status, headers)
            for status in (operation.status, *operation.also, *((304,) if operation.cached else ()))
        }
        refusals = refusals_of(operation, self._about.follows)
        for status in dict.fromkeys(refusal.status for refusal in refusals):
            alike = [refusal for refusal in refusals if refusal.status == status]
            negotiates = {_JSON, _PAGE} <= {*operation.media_types}
            responses.setdefault(str(status), self._refused(alike, also_page=negotiates))
        return dict(sorted(responses.items()))

    def _answer(self, operation: Operation, status: int, headers: Json) -> Json:
        more = headers | (_ETAG if operation.cached or status == HTTPStatus.NOT_MODIFIED else {})
        told: Json = {"description": HTTPStatus(status).phrase, "headers": self._named(_EVERY_ANSWER | more)}
        if status not in {HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}:
            told["content"] = {media: self._content(operation, media) for media in operation.media_types}
        return told

    def _content(self, operation: Operation, media_type: str) -> Json:
        if media_type == _JSON and operation.answers is not None:
            told = {"schema": self._by_type[id(operation.answers)]}
            return told if operation.example is None else told | {"example": plain(operation.example)}
        return {"schema": {"type": "string"}} if media_type.startswith("text/") else {}

    def _refused(self, refusals: Sequence[Refusal], *, also_page: bool = False) -> Json:
        """Before the caller is known no header can say anything about it, so none is promised with a refusal."""
        waits = any(refusal.retry_after for refusal in refusals)
        told: Json = {
            "description": " ".join(dict.fromkeys(refusal.message for refusal in refusals)),
            "headers": self._named(_EVERY_ANSWER | (_RETRY_AFTER if waits else {})),
            "content": {
                _JSON: {
                    "schema": self._by_type[id(Envelope)],
                    "examples": {refusal.name: self._example(refusal) for refusal in refusals},
                }
            },
        }
        if also_page:
            told["content"][_PAGE] = {"schema": {"type": "string"}}
        return told

    def _example(self, refusal: Refusal) -> Json:
        self._examples[refusal.name] = {"summary": refusal.message, "value": refusal.body}
        return {"$ref": f"#/components/examples/{refusal.name}"}

    def _named(self, headers: Json) -> Json:
        """The headers as references to components, so that each is told once."""
        self._headers |= headers
        return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _types_of(operation: Operation) -> list[Any]:
    answers = [] if operation.answers is None else [operation.answers]
    return [*answers, *(shape for _, shape in operation.bodies)]


def _parameters(operation: Operation, follows: Sequence[Follows]) -> list[Json]:
    parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    told: list[Json] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parts]
    if operation.query is not None:
        told += parameters_of(operation.query)
    for each in follows:
        told += [
            {"name": name, "in": "header", "required": False} | header
            for name, header in (each.request_headers or {}).items()
        ]
    told += operation.parameters
    return [*told, _IF_NONE_MATCH] if 304 in operation.also or operation.cached else told


def _needs_something(shape: Any) -> bool:
    """Whether a body must come at all: an empty one counts as `{}`."""
    return any(field.required for field in msgspec.structs.fields(shape))
