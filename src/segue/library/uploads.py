"""Streams a multipart upload (RFC 7578) to a quarantine file: the file never lies in memory, and is cut off when it
grows over its limit.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from segue.errors import Invalid, Malformed, TooLarge
from segue.limits import FORM_FIELD_BYTES_MAX

ARTWORK_BYTES_MAX = 20_000_000
_PARTS_MAX = 16
_FIELDS = frozenset({"title", "instrumental", "licence", "credits"})
_FILES = frozenset({"file", "artwork"})


@dataclass(slots=True)
class Upload:
    """What came: text fields by name, files by name, and the name that the client's file has."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    filename: str | None = None


@dataclass(slots=True)
class _Part:
    """The part that is being read: a file on disk, or a short text."""

    name: str
    bytes_left: int
    file: IO[bytes] | None
    text: bytearray = field(default_factory=bytearray)


async def read_upload(
    chunks: AsyncIterator[bytes], content_type: str, folder: Path, *, upload_bytes_max: int
) -> Upload:
    """Read the whole body. Files land in `folder` as `upload` and `artwork`.

    Raises `Malformed` for a body that is no multipart form, `Invalid` for unknown or missing fields, `TooLarge` as
    soon as a part is over its limit.
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Malformed("An upload is a multipart form with a field named file.")
    reading = _Reading(folder, upload_bytes_max)
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
    """Sorts the parser's events into an upload."""

    def __init__(self, folder: Path, upload_bytes_max: int) -> None:
        self._folder = folder
        self._limits = {"file": upload_bytes_max, "artwork": ARTWORK_BYTES_MAX}
        self._upload = Upload()
        self._part: _Part | None = None

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        else:
            self._add(event)

    def _begin(self, segment: MultipartSegment) -> None:
        name = segment.name
        if name not in _FIELDS | _FILES:
            raise Invalid("Some values cannot be accepted.", faults={name[:64]: "This field is not known."})
        if name in self._upload.fields or name in self._upload.files:
            raise Invalid("Some values cannot be accepted.", faults={name: "This field came twice."})
        limit = self._limits.get(name, FORM_FIELD_BYTES_MAX)
        if name in _FIELDS:
            self._part = _Part(name, limit, None)
            return
        path = self._folder / {"file": "upload", "artwork": "artwork-upload"}[name]
        self._upload.files[name] = path
        if name == "file":
            self._upload.filename = segment.filename
        self._part = _Part(name, limit, path.open("wb"))

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
            self._upload.fields[part.name] = part.text.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed(f"The field {part.name} is not UTF-8 text.") from None

    def finished(self) -> Upload:
        if "file" not in self._upload.files:
            raise Invalid("Some values cannot be accepted.", faults={"file": "This field is needed."})
        return self._upload

    def close(self) -> None:
        if self._part is not None and self._part.file is not None:
            self._part.file.close()
