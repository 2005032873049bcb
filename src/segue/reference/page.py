"""Pure. An OpenAPI document as the page shows it: calls by their tags, then the shapes that they speak of.

It reads the document and nothing else, so the page never says more or less than the document does.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from segue.reference.kinds import Row, parameter_row, rows_of, shape_name

Json = dict[str, Any]
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Content:
    """A body in one media type: its fields, or the shape that lists them, and an example."""

    media_type: str
    shape: str | None
    rows: list[Row]
    example: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One status of a call that is no error."""

    status: int
    phrase: str
    contents: list[Content]


@dataclass(frozen=True, slots=True)
class Refused:
    """One error of a call."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    is_public: bool
    parameters: list[Row]
    bodies: list[Content]
    body_needed: bool
    answers: list[Answered]
    errors: list[Refused]
    statuses: list[int]
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """The calls under one tag."""

    name: str
    text: str
    calls: list[CallShown]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that calls speak of."""

    name: str
    text: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows."""

    title: str
    version: str
    paragraphs: list[str]
    server: str
    schemes: list[tuple[str, str]]
    groups: list[Group]
    shapes: list[Shape]
    envelope: str
    headers: list[tuple[str, str]]


def page_of(document: Json) -> Page:
    components = document["components"]
    calls = [
        (told["tags"][0], _call(document, method, path, told))
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    return Page(
        title=document["info"]["title"],
        version=document["info"]["version"],
        paragraphs=[" ".join(text.split()) for text in document["info"]["description"].split("\n\n")],
        server=document["servers"][0]["url"],
        schemes=[(_sent(told), told["description"]) for told in components["securitySchemes"].values()],
        groups=[
            Group(tag["name"], tag["description"], [call for name, call in calls if name == tag["name"]])
            for tag in document["tags"]
        ],
        shapes=[
            Shape(name, schema.get("description", ""), rows_of(schema))
            for name, schema in components["schemas"].items()
        ],
        envelope=_pretty(next(iter(components["examples"].values()))["value"]),
        headers=[(name, told["description"]) for name, told in components["headers"].items()],
    )


def _call(document: Json, method: str, path: str, told: Json) -> CallShown:
    responses = {int(status): response for status, response in told["responses"].items()}
    errors = [each for status, response in responses.items() for each in _refused(document, status, response)]
    body = told.get("requestBody", {})
    return CallShown(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        text=told["description"].removeprefix(told["summary"]).removeprefix(".").strip(),
        is_public=not told["security"],
        parameters=[parameter_row(parameter) for parameter in told.get("parameters", ())],
        bodies=[_content(media, content) for media, content in body.get("content", {}).items()],
        body_needed=body.get("required", False),
        answers=[
            Answered(
                status, HTTPStatus(status).phrase, [_content(*pair) for pair in response.get("content", {}).items()]
            )
            for status, response in responses.items()
            if not any(each.status == status for each in errors)
        ],
        errors=errors,
        statuses=sorted({each.status for each in errors}),
        curl=_curl(document["servers"][0]["url"], method.upper(), path, told),
    )


def _refused(document: Json, status: int, response: Json) -> list[Refused]:
    names = response.get("content", {}).get(_JSON, {}).get("examples", {})
    errors = [document["components"]["examples"][name]["value"]["error"] for name in names]
    return [Refused(status, error["code"], error["message"]) for error in errors]


def _content(media_type: str, content: Json) -> Content:
    schema = content.get("schema", {})
    example = content.get("example")
    shape = shape_name(schema)
    return Content(media_type, shape, [] if shape else rows_of(schema), None if example is None else _pretty(example))


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _sent(scheme: Json) -> str:
    """How a credential is sent, in a word or two."""
    if scheme["type"] == "http":
        return "Authorization: Bearer …"
    return f"{scheme['name']}: …" if scheme["in"] == "header" else f"Cookie: {scheme['name']}=…"


def _curl(server: str, method: str, path: str, told: Json) -> str:
    """The call as one would paste it. What differs from caller to caller is a variable of the shell."""
    parts = [f"${part[1:-1].upper()}" if part.startswith("{") else part for part in path.split("/")]
    words = ["curl", *([] if method == "GET" else ["-X", method]), f'"{server}{"/".join(parts)}"']
    lines = [" ".join(words)]
    if told["security"]:
        lines.append('-H "X-API-Key: $API_KEY"')
    content = told.get("requestBody", {}).get("content", {})
    if _JSON in content and "example" in content[_JSON]:
        body = json.dumps(content[_JSON]["example"], ensure_ascii=False).replace("'", "'\\''")
        lines += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    elif "multipart/form-data" in content and _JSON not in content:
        lines.append('-F "file=@song.flac"')
    return " \\\n  ".join(lines)
