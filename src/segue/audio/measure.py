"""Measures one file in one pass of the decoder, and writes its waveform and artwork when the whole of it is good."""

from importlib import import_module
from pathlib import Path

from segue.audio.decode import Decoding
from segue.audio.listening import Listening
from segue.audio.model import ARTWORK_NAME, WAVEFORM_NAME, SoundFacts
from segue.audio.source import Source, opened
from segue.audio.tags import tags_of
from segue.audio.true_peak import TruePeak
from segue.audio.waveform import Waveform

# Of less sound than this the headers of its packets are most of it.
_BIT_RATE_S_MIN = 0.1


def measure(path: Path, into: Path, seconds_max: float) -> SoundFacts:
    """The facts of the file at `path`; Invalid when it may not stay, and then nothing was written."""
    with opened(path) as source:
        decoding = Decoding(source, seconds_max)
        listening, true_peak, waveform = Listening(), TruePeak(), Waveform()
        for block in listening.blocks(decoding.frames()):
            true_peak.add(block)
            waveform.add(block)
        waveform.write(into / WAVEFORM_NAME, decoding.rate_hz)
        has_artwork = decoding.picture is not None and draw(decoding.picture, into / ARTWORK_NAME)
        return _facts(source, decoding, listening.loudness_lufs(), true_peak.peak_dbtp(), has_artwork)


def _facts(
    source: Source, decoding: Decoding, loudness_lufs: float | None, true_peak_dbtp: float | None, has_artwork: bool
) -> SoundFacts:
    long_enough = decoding.duration_s >= _BIT_RATE_S_MIN
    return SoundFacts(
        container=source.kind.container,
        codec=source.stream.codec.canonical_name,
        mime_type=source.kind.mime_type,
        extension=source.kind.extension,
        browser_playable=source.kind.browser_playable,
        duration_s=decoding.duration_s,
        sample_rate_hz=decoding.rate_hz,
        channels=decoding.channels,
        bit_rate_bps=round(8 * decoding.sound_bytes / decoding.duration_s) if long_enough else None,
        loudness_lufs=loudness_lufs,
        true_peak_dbtp=true_peak_dbtp,
        tags=tags_of(source.container.metadata, source.stream.metadata),
        has_artwork=has_artwork,
    )


def draw(picture: bytes, target: Path) -> bool:
    """`segue.audio.artwork.write_artwork`, loaded only now: most files have no picture to pay it for."""
    return bool(import_module("segue.audio.artwork").write_artwork(picture, target))
