"""Pure. A stored waveform as JSON, in the form that audiowaveform's DataFormat.md gives it."""

import struct
from array import array

import msgspec

_HEADER = struct.Struct("<iIiiIi")
_BITS = 8


class Peaks(msgspec.Struct):
    """Lowest and highest value of every point in turn, from -128 to 127."""

    version: int
    channels: int
    sample_rate: int
    samples_per_pixel: int
    bits: int
    length: int
    data: list[int]


def peaks_of(stored: bytes) -> Peaks:
    """Reads the binary form, version 2 with eight bits, which is what `audio` writes."""
    version, _, rate_hz, point_samples, length, channels = _HEADER.unpack_from(stored)
    data = array("b", stored[_HEADER.size :])
    return Peaks(version, channels, rate_hz, point_samples, _BITS, length, data.tolist())
