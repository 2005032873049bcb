"""Pure. What is asked of the child and what it may answer: the only shapes that cross the pipe.

The child has read a file nobody trusts, so its answer is not trusted either: every text in it has a longest length.
"""

from typing import Annotated

from msgspec import Meta, Struct

WAVEFORM_NAME = "waveform.dat"
ARTWORK_NAME = "artwork.jpg"

TAG_CHARS_MAX = 1_024
LYRICS_CHARS_MAX = 20_000

Word = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=LYRICS_CHARS_MAX)]


class AudioLimits(Struct, frozen=True, kw_only=True):
    """What one file may cost. The defaults hold two hours of sound at 192 kHz on a slow machine."""

    seconds_max: float = 7_200
    """Of decoded sound."""
    cpu_s_max: int = 900
    wall_s_max: float = 1_800
    memory_bytes_max: int = 512 * 1_024 * 1_024
    """Of address space, libraries and all (RLIMIT_AS)."""
    output_bytes_max: int = 512 * 1_024 * 1_024
    """Of each file that the child writes."""


class SoundFacts(Struct, frozen=True, kw_only=True, tag=True):
    """What a file turned out to be, by decoding it from end to end. A measure that does not exist is None."""

    container: Word
    """mp3, flac, wav, ogg, m4a, aiff or adts."""
    codec: Word
    """FFmpeg's name of it: mp3, flac, pcm_s16le, vorbis, opus, aac, alac, ..."""
    mime_type: Word
    extension: Word
    """With its dot, by the content and never by the file's name."""
    browser_playable: bool
    duration_s: float
    """Decoded samples by sample rate, whatever the file claims."""
    sample_rate_hz: int
    channels: int
    bit_rate_bps: int | None
    """Bytes of sound by seconds of sound; None when there is too little of it to say."""
    loudness_lufs: float | None
    """Integrated, ITU-R BS.1770 with gates; None for silence and for less than 0.4 s."""
    true_peak_dbtp: float | None
    """ITU-R BS.1770 Annex 2; None for digital silence."""
    tags: dict[Word, Text]
    """Plain text that the file claims, under the names in `segue.audio.tags.NAMES`."""
    has_artwork: bool


class MasterFacts(Struct, frozen=True, kw_only=True, tag=True):
    duration_s: float
    mime_type: Word


class Refusal(Struct, frozen=True, tag=True):
    """The file is at fault; the sentence is for a person."""

    sentence: Annotated[str, Meta(max_length=400)]


class Breakdown(Struct, frozen=True, tag=True):
    """This machine is at fault (disk full, file gone); the sentence is for its operator."""

    sentence: Annotated[str, Meta(max_length=400)]


class Inspect(Struct, frozen=True, kw_only=True, tag=True):
    source: str
    into: str


class EncodeMaster(Struct, frozen=True, kw_only=True, tag=True):
    source: str
    target: str


class DrawArtwork(Struct, frozen=True, kw_only=True, tag=True):
    source: str
    target: str


class Drawn(Struct, frozen=True, tag=True):
    """The picture was drawn anew."""


class Order(Struct, frozen=True, kw_only=True):
    task: Inspect | EncodeMaster | DrawArtwork
    limits: AudioLimits
    parent_pid: int
