"""Streams a multipart form (RFC 7578) to quarantine files: a file never lies in memory, and is cut off when it grows
over its limit.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from segue.errors import Invalid, Malformed, TooLarge
from segue.limits import FORM_FIELD_BYTES_MAX

_PARTS_MAX = 16


@dataclass(frozen=True, slots=True)
class Expected:
    """The form that is read: its text fields, its files with the most bytes of each, and which files it must have."""

    fields: frozenset[str]
    files: Mapping[str, int]
    needed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Form:
    """What came: text fields by name, files by name, and the name that the client's file has."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    filename: str | None = None

    def content(self) -> bytes:
        """What makes two forms the same: their fields and the digests of their files, in no order."""
        texts = [f"{name}={text}" for name, text in self.fields.items()]
        for name, path in self.files.items():
            with path.open("rb") as file:
                texts.append(f"{name}:{hashlib.file_digest(file, 'sha256').hexdigest()}")
        return "\0".join(sorted(texts)).encode()


@dataclass(slots=True)
class _Part:
    """The part that is being read: a file on disk, or a short text."""

    name: str
    bytes_left: int
    file: IO[bytes] | None
    text: bytearray = field(default_factory=bytearray)


async def read_form(chunks: AsyncIterator[bytes], content_type: str, folder: Path, expected: Expected) -> Form:
    """Read the whole body. Each file lands in `folder` as `NAME-upload`.

    Raises `Malformed` for a body that is no multipart form, `Invalid` for unknown or missing fields, `TooLarge` as
    soon as a part is over its limit.
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Malformed("A multipart form is expected here, with a boundary.")
    reading = _Reading(folder, expected)
    try:
        with PushMultipartParser(options["boundary"], max_segment_count=_PARTS_MAX) as parser:
            async for chunk in chunks:
                for event in parser.parse(chunk) if chunk else ():
                    reading.take(event)
    except MultipartError:
        raise Malformed("The upload ended early or is not a multipart form. Nothing was stored.") from None
    finally:
        reading.close()
    return reading.finished()


class _Reading:
    """Sorts the parser's events into a form."""

    def __init__(self, folder: Path, expected: Expected) -> None:
        self._folder = folder
        self._expected = expected
        self._form = Form()
        self._part: _Part | None = None

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        else:
            self._add(event)

    def _begin(self, segment: MultipartSegment) -> None:
        name, files = segment.name, self._expected.files
        if name not in self._expected.fields and name not in files:
            raise Invalid("Some values cannot be accepted.", faults={name[:64]: "This field is not known."})
        if name in self._form.fields or name in self._form.files:
            raise Invalid("Some values cannot be accepted.", faults={name: "This field came twice."})
        if name not in files:
            self._part = _Part(name, FORM_FIELD_BYTES_MAX, None)
            return
        path = self._folder / f"{name}-upload"
        self._form.files[name] = path
        if name == "file":
            self._form.filename = segment.filename
        self._part = _Part(name, files[name], path.open("wb"))

    def _add(self, data: bytes | bytearray) -> None:
        part = self._part
        if part is None:
            return
        part.bytes_left -= len(data)
        if part.bytes_left < 0:
            raise TooLarge(f"The field {part.name} is too large. Nothing was stored.")
        if part.file is not None:
            part.file.write(data)
        else:
            part.text += data

    def _end(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        if part.file is not None:
            part.file.close()
            return
        try:
            self._form.fields[part.name] = part.text.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed(f"The field {part.name} is not UTF-8 text.") from None

    def finished(self) -> Form:
        missing = sorted(self._expected.needed - self._form.files.keys())
        if missing:
            raise Invalid("Some values cannot be accepted.", faults=dict.fromkeys(missing, "This field is needed."))
        return self._form

    def close(self) -> None:
        if self._part is not None and self._part.file is not None:
            self._part.file.close()
