"""Opens one file as sound and nothing else: by its content, from the disk, first audio stream, no video.

FFmpeg would open playlists and session descriptions as well, and follow them to other files and over the network;
the three whitelists are what keeps it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from segue.audio import refusals
from segue.audio.claims import claimed_s
from segue.audio.kinds import DECODERS, DEMUXERS, KINDS, Kind
from segue.errors import Invalid

RATE_HZ_MIN, RATE_HZ_MAX = 8_000, 192_000
CHANNELS_MAX = 8

_OPTIONS = {
    "format_whitelist": ",".join(DEMUXERS),
    "codec_whitelist": ",".join(DECODERS),
    "protocol_whitelist": "file",
}


@dataclass(frozen=True, slots=True)
class Source:
    container: InputContainer
    stream: av.AudioStream
    pictures: tuple[VideoStream, ...]
    kind: Kind
    claimed_s: float | None


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The file as a `Source`, for as long as the block runs; Invalid when it is not sound that is read here."""
    if path.stat().st_size == 0:
        raise Invalid(refusals.EMPTY)
    with _open(path) as container:
        stream = _first_audio(container)
        kind = KINDS.get((container.format.name.split(",")[0], stream.codec.canonical_name))
        if kind is None:
            raise refusals.unknown_codec(stream.codec.canonical_name)
        refuse_strange(stream.sample_rate, stream.codec_context.layout.nb_channels)
        stream.codec_context.thread_count = 1
        yield Source(container, stream, container.streams.video, kind, claimed_s(path, kind.container, stream))


def refuse_strange(rate_hz: int, channels: int) -> None:
    """Invalid unless sound of this rate and channel count is read here; a header of nonsense has zero of either."""
    if not (rate_hz and channels):
        raise Invalid(refusals.NOT_SOUND)
    if not RATE_HZ_MIN <= rate_hz <= RATE_HZ_MAX:
        raise refusals.strange_rate(rate_hz, RATE_HZ_MIN, RATE_HZ_MAX)
    if channels > CHANNELS_MAX:
        raise refusals.strange_channels(channels, CHANNELS_MAX)


def _open(path: Path) -> InputContainer:
    # With its scheme the path is a path, whatever it looks like ("concat:", "http:").
    try:
        return av.open(f"file:{path}", "r", options=_OPTIONS, metadata_errors="replace")
    except MemoryError:
        raise
    except av.FFmpegError as error:
        raise Invalid(refusals.NOT_SOUND) from error


def _first_audio(container: InputContainer) -> av.AudioStream:
    if any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video):
        raise Invalid(refusals.VIDEO)
    if not container.streams.audio:
        raise Invalid(refusals.NO_SOUND)
    return container.streams.audio[0]
