"""Takes the stems out of an archive that somebody else's server has sent.

Nothing in it is trusted: its names become labels and never paths, and its sizes count only once they are read.
"""

import re
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

STEMS_MAX = 12
_CHUNK_BYTES = 2**16
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9 _-]{0,31})\.(mp3|wav|flac|ogg|opus)", re.ASCII)


class Unusable(Exception):  # noqa: N818 - named for what it is
    """The archive is damaged, too large, or not what it should be."""


def taken_out(archive: Path, folder: Path, *, bytes_max: int) -> dict[str, str]:
    """Write every stem into the folder as `stem_LABEL.EXTENSION`, and say which is which.

    Raises `Unusable` for anything but a few plain sound files with names of their own, `bytes_max` of them in all; what
    has been written by then is removed.
    """
    written: dict[str, str] = {}
    try:
        with zipfile.ZipFile(archive) as opened:
            left = bytes_max
            for member in _members(opened):
                label, file_name = _names(member, written)
                written[label] = file_name
                left -= _write(opened, member, folder / file_name, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, Unusable):
        unusable = True
    else:
        unusable = not written
    if unusable:
        for file_name in written.values():
            (folder / file_name).unlink(missing_ok=True)
        raise Unusable
    return written


def _members(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = opened.infolist()
    if len(members) > STEMS_MAX:
        raise Unusable
    return members


def _names(member: zipfile.ZipInfo, taken: Collection[str]) -> tuple[str, str]:
    """The label of the stem and the name of its file, both made of letters, digits and `_` only."""
    found = _NAME.fullmatch(member.filename)
    label = re.sub(r"[ -]", "_", found[1]).lower() if found else ""
    if found is None or label in taken:
        raise Unusable
    return label, f"stem_{label}.{found[2]}"


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, bytes_max: int) -> int:
    written = 0
    with opened.open(member) as packed, path.open("wb") as file:
        while chunk := packed.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > bytes_max:
                raise Unusable
            file.write(chunk)
    if written == 0:
        raise Unusable
    return written
