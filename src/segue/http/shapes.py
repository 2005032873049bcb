"""Pure. Types as the JSON Schemas of an OpenAPI document, and values as its examples."""

from collections.abc import Iterable
from typing import Any

import msgspec

_REF = "#/components/schemas/{name}"


def schemas_of(types: Iterable[Any]) -> tuple[dict[int, dict[str, Any]], dict[str, Any]]:
    """The schema of each type, by its place in `types`, and the components that they refer to."""
    found, components = msgspec.json.schema_components(list(types), ref_template=_REF)
    return dict(enumerate(_told(schema) for schema in found)), _told(dict(components))


def parameters_of(query: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """The fields of a struct as parameters of a query. What may be None there may be left out here."""
    _, components = msgspec.json.schema_components([query])
    found = components[query.__name__]
    return [
        _parameter(name, schema, required=name in found["required"])
        for name, schema in _told(found)["properties"].items()
    ]


def plain(value: Any) -> Any:
    """A value as the plain objects that it has in JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _parameter(name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    default = schema.get("default")
    one = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), None)
    inner = dict(one if one is not None else schema)
    text = inner.pop("description", schema.get("description"))
    inner.pop("default", None)
    if default is not None:
        inner["default"] = default
    told = {"name": name, "in": "query", "required": required, "schema": inner}
    return told if text is None else told | {"description": text}


def _told(schema: Any) -> Any:
    """The same schema. Bytes are the bytes of a file, an empty list of needed fields is none, and what can be null
    has its description on the outside, where people look for it.
    """
    if isinstance(schema, list):
        return [_told(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _told(value) for name, value in schema.items()}
    if told.get("contentEncoding") == "base64":
        del told["contentEncoding"]
        told = {"contentMediaType": "application/octet-stream"} | told | {"format": "binary"}
    kinds = told.get("anyOf")
    if isinstance(kinds, list) and "description" not in told:
        texts = [kind.pop("description") for kind in kinds if "$ref" not in kind and "description" in kind]
        told |= {"description": texts[0]} if texts else {}
    return told
