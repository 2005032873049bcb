"""Looks at every answer that a test of the suite gets: what the reference does not tell of must not happen.

The status, the media type, the code of an error and the whole shape of a JSON body are compared.
"""

import re
from typing import Any

import httpx
import jsonschema_rs

Json = dict[str, Any]


class Document:
    """An OpenAPI document of one server."""

    def __init__(self, document: Json) -> None:
        self.whole = document
        self._paths = [
            (
                re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/"))),
                path,
            )
            for path in document["paths"]
        ]
        # A part that is spelled out goes before one that varies, as on the server.
        self._paths.sort(key=lambda pair: pair[1].count("{"))
        self._validators: dict[str, Any] = {}

    def operation(self, method: str, path: str) -> Json | None:
        """The call under a method and a path. HEAD is told with GET."""
        asked = "get" if method == "HEAD" else method.lower()
        for pattern, template in self._paths:
            if pattern.fullmatch(path):
                return self.whole["paths"][template].get(asked)
        return None

    def check(self, answer: httpx.Response) -> None:
        """Raises when the answer is none that the document tells of. Paths that it does not know are passed over."""
        request = answer.request
        operation = self.operation(request.method, request.url.path)
        if operation is None or answer.status_code == 405:
            return
        name = f"{operation['operationId']} {answer.status_code}"
        told = operation["responses"].get(str(answer.status_code))
        assert told is not None, f"{name} is not documented: {answer.text[:300]}"
        kind = answer.headers.get("content-type", "").partition(";")[0]
        content = told.get("content", {})
        if not kind or answer.status_code in {204, 304, 416}:
            return
        media_type = next((each for each in content if _fits(kind, each)), None)
        assert media_type is not None, f"{name} answers {kind}"
        if media_type == "application/json" and request.method != "HEAD":
            self._compare(name, answer.json(), content[media_type])

    def _compare(self, name: str, value: Any, content: Json) -> None:
        schema = content.get("schema")
        if schema is not None:
            self.validator(schema).validate(value)
        if "examples" in content:
            codes = {self.example(each)["error"]["code"] for each in content["examples"].values()}
            assert value["error"]["code"] in codes, f"{name} with {value['error']['code']} is not documented"

    def example(self, told: Json) -> Any:
        """The value of an example that the components hold."""
        return self.whole["components"]["examples"][told["$ref"].rpartition("/")[2]]["value"]

    def validator(self, schema: Json) -> Any:
        """A validator of one schema of the document."""
        key = repr(schema)
        if key not in self._validators:
            whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": self.whole["components"]}
            self._validators[key] = jsonschema_rs.validator_for(whole | schema)
        return self._validators[key]


def _fits(kind: str, media_type: str) -> bool:
    return kind == media_type or (media_type.endswith("/*") and kind.startswith(media_type[:-1]))
