"""Pure. Byte ranges (RFC 9110, section 14): one range is served, anything else is answered as if none was asked for."""

import re

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


class Unsatisfiable(Exception):  # noqa: N818 - it is an answer (416), not an error of ours
    """The range lies beyond the end."""


def satisfy(header: str | None, size: int, *, open_ended_max: int) -> tuple[int, int] | None:
    """The bytes to send as `(first, end)` with the end excluded; None for all of them.

    A range without an end gets at most `open_ended_max` bytes: a server may send less than was asked for, and
    players ask again. Several ranges, other units and nonsense are ignored, as section 14.2 allows; the cost of
    looking does not depend on how many there are. Raises `Unsatisfiable`.
    """
    match = _ONE_RANGE.fullmatch(header.replace(" ", "")) if header is not None and len(header) < 64 else None
    if match is None or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        length = min(int(last_text), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size
    first = int(first_text)
    if last_text and int(last_text) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    if not last_text:
        return first, min(size, first + open_ended_max)
    return first, min(size, int(last_text) + 1)
