"""What a handler gives back, free of any server: a status, headers, and bytes or a piece of a file."""

from typing import Any

import msgspec

Headers = list[tuple[str, str]]

_encode = msgspec.json.Encoder().encode


class Answer(msgspec.Struct):
    """A whole answer. `headers` are lower-case; the length and the request id are added on the way out.

    `packed` is the body as gzip, from whoever sends the same one again and again.
    """

    status: int
    headers: Headers = []
    body: bytes = b""
    packed: bytes | None = None


class FileAnswer(msgspec.Struct):
    """Bytes `first` to `end` (excluded) of a file, sent by the server without passing through Python."""

    status: int
    headers: Headers
    path: str
    first: int
    end: int


def json_answer(value: Any, status: int = 200, headers: Headers | None = None) -> Answer:
    """Any msgspec-encodable value as JSON."""
    return Answer(status, [("content-type", "application/json"), *(headers or [])], _encode(value))
