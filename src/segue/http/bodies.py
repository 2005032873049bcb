"""Reads JSON bodies into structs. A body that is wrong is told everything that is wrong with it, at once."""

import re
from contextlib import suppress
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
            raw = _whole(msgspec.json.decode(body))
            with suppress(msgspec.ValidationError):
                return msgspec.convert(raw, shape)
            faults = _faults(raw, shape) or {"body": sentence(str(error))}
            raise Invalid("Some values cannot be accepted.", faults=faults) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("The body is not JSON.", code="INVALID_JSON") from None


def _whole(raw: Any) -> Any:
    """The same value with `2.0` as 2, which JSON does not tell apart; the decoder does where null is possible too."""
    if isinstance(raw, dict):
        return {name: _whole(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_whole(value) for value in raw]
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


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
                faults[name] = sentence(str(error))
        elif field.required:
            faults[name] = "This field is needed."
    return faults


def sentence(text: str) -> str:
    """What the decoder says of a fault, as a person would say it."""
    text = _AT.sub(lambda match: f" at {match['path'].lstrip('.')}" if match["path"] else "", text)
    return text.replace("`", "") + "."
