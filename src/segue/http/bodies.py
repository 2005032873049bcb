"""Reads JSON bodies into structs. A body that is wrong is told everything that is wrong with it, at once."""

import re
from typing import Any, TypeVar

import msgspec

from segue.errors import Invalid, Malformed

T = TypeVar("T")

_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def read_json(body: bytes, shape: type[T]) -> T:
    """The body as a struct that forbids unknown fields. An empty body counts as `{}`.

    Raises `Malformed` (INVALID_JSON) for what is no JSON, and `Invalid` with every fault for what breaks a rule.
    """
    body = body or b"{}"
    try:
        try:
            return msgspec.json.decode(body, type=shape)
        except msgspec.ValidationError as error:
            # It stops at the first fault: what comes after it may not even be JSON.
            faults = _faults(msgspec.json.decode(body), shape) or {"body": _sentence(str(error))}
            raise Invalid("Some values cannot be accepted.", faults=faults) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("The body is not JSON.", code="INVALID_JSON") from None


def _faults(raw: Any, shape: type[Any]) -> dict[str, str]:
    """Every fault, field by field."""
    if not isinstance(raw, dict):
        return {"body": "Expected an object."}
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    faults = {name: "This field is not known." for name in raw if name not in known}
    for name, field in known.items():
        if name in raw:
            try:
                msgspec.convert(raw[name], field.type)
            except msgspec.ValidationError as error:
                faults[name] = _sentence(str(error))
        elif field.required:
            faults[name] = "This field is needed."
    return faults


def _sentence(text: str) -> str:
    text = _AT.sub(lambda match: f" at {match['path'].lstrip('.')}" if match["path"] else "", text)
    return text.replace("`", "") + "."
