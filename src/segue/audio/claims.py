"""How long a file says it is, where it really says so: a length that FFmpeg guessed from a bit rate is no claim.

Reads a few header bytes itself, because FFmpeg cuts a WAV's claim down to what is there and does not tell whether an
MP3's length was written or guessed. Ogg and raw AAC claim nothing: their last page is simply the last one that came.
"""

from pathlib import Path
from typing import BinaryIO

import av

_ID3_HEADER_BYTES = 10
_MP3_LOOK_BYTES = 4_096
_WAV_CHUNKS_MAX = 64
# Writers that cannot seek back put one of a few very large sizes here and mean "until the end".
_WAV_DATA_BYTES_MAX = 0x7FFF_0000


def claimed_s(path: Path, container: str, stream: av.AudioStream) -> float | None:
    """The seconds of sound that the file at `path` claims, or None when it makes no claim of its own."""
    if container in {"ogg", "adts"}:
        return None
    if container == "wav":
        return _wav_claim_s(path)
    if stream.duration is None or stream.time_base is None or (container == "mp3" and not _has_frame_count(path)):
        return None
    return float(stream.duration * stream.time_base)


def _wav_claim_s(path: Path) -> float | None:
    """RIFF: `fmt ` holds the rate at byte 4 and the bytes of one sample of all channels at byte 12; `data` a size."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF" or file.seek(8) != 8 or file.read(4) != b"WAVE":
            return None
        rate_hz = frame_bytes = 0
        for _ in range(_WAV_CHUNKS_MAX):
            name, size = file.read(4), int.from_bytes(file.read(4), "little")
            if name == b"data":
                known = rate_hz and frame_bytes and 0 < size < _WAV_DATA_BYTES_MAX
                return size / frame_bytes / rate_hz if known else None
            start = file.tell()
            if name == b"fmt ":
                header = file.read(14)
                rate_hz, frame_bytes = (int.from_bytes(header[at : at + n], "little") for at, n in ((4, 4), (12, 2)))
            file.seek(start + size + size % 2)
    return None


def _has_frame_count(path: Path) -> bool:
    """Whether the first frame of an MP3 is a Xing, Info or VBRI header that counts the frames."""
    with path.open("rb") as file:
        file.seek(_id3_bytes(file))
        start = file.read(_MP3_LOOK_BYTES)
    for name in (b"Xing", b"Info"):
        at = start.find(name)
        if at >= 0:
            return start[at + 7 : at + 8] != b"" and bool(start[at + 7] & 1)
    return b"VBRI" in start


def _id3_bytes(file: BinaryIO) -> int:
    """Where the ID3v2 tags at the start end (ID3v2.4 section 3.1: seven bits a byte)."""
    end = 0
    while (header := file.read(_ID3_HEADER_BYTES)).startswith(b"ID3") and len(header) == _ID3_HEADER_BYTES:
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte & 0x7F
        end = file.seek(end + _ID3_HEADER_BYTES + size)
    return end
