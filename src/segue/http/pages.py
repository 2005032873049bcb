"""Shapes that many calls share: the acknowledgement of a change, and which page of a list is wanted."""

import msgspec

from segue.errors import Invalid
from segue.http.framework import FrameworkRequest
from segue.limits import PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX

_OFFSET_MAX = 10**9


class Ack(msgspec.Struct, kw_only=True):
    """A change was made: `id` names what was acted on."""

    success: bool = True
    id: str
    detail: str


def page(
    request: FrameworkRequest, *, default: int = PAGE_LIMIT_DEFAULT, maximum: int = PAGE_LIMIT_MAX
) -> tuple[int, int]:
    """`limit` and `offset` of the query. Raises `Invalid`: a value out of range is refused, never bent."""
    faults: dict[str, str] = {}
    limit = _whole(request.query_params.get("limit"), default, 1, maximum, "limit", faults)
    offset = _whole(request.query_params.get("offset"), 0, 0, _OFFSET_MAX, "offset", faults)
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)
    return limit, offset


def _whole(text: str | None, default: int, low: int, high: int, name: str, faults: dict[str, str]) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high):
        faults[name] = f"Expected a whole number from {low} to {high}."
        return default
    return int(text)
