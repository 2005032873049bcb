"""Pure. The only speller of keys."""

import re
from typing import NewType

BlobKey = NewType("BlobKey", str)

_FOLDER = "tracks"
_PART = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_EXTENSION = re.compile(r"[a-z0-9]{1,8}", re.ASCII)


def rendition_key(track_id: str, rendition: str, sha256: str, extension: str) -> BlobKey:
    """Where one rendition of a track lies. The digest makes a new version a new key: bytes never change."""
    for part in (track_id, rendition):
        if _PART.fullmatch(part) is None:
            raise ValueError(f"not a part of a key: {part!r}")
    if _EXTENSION.fullmatch(extension) is None:
        raise ValueError(f"not an extension: {extension!r}")
    return BlobKey(f"{_FOLDER}/{track_id[-2:]}/{track_id}/{rendition}-{sha256[:16]}.{extension}")


# Every file that a key may name lies so deep under the root.
PATTERN = f"{_FOLDER}/*/*/*"


def track_of(key: BlobKey) -> str:
    """The id of the track that a key belongs to, or what stands in its place in a file that is none of ours."""
    return key.split("/")[2]
