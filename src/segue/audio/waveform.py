"""Draws the waveform of a sound into the binary format of audiowaveform, version 2, which players read as it is."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from segue.audio.listening import Block, full_scale

POINT_SAMPLES = 512

_VERSION, _EIGHT_BIT, _CHANNELS = 2, 1, 1


class Waveform:
    """Lowest and highest sample of every 512, all channels mixed to one by their mean."""

    def __init__(self) -> None:
        self._points: list[npt.NDArray[np.int8]] = []

    def add(self, block: Block) -> None:
        """Takes the next block; only the last may leave a rest that does not fill a point."""
        mono = _mono(block)
        whole = len(mono) - len(mono) % POINT_SAMPLES
        for rows in (mono[:whole].reshape(-1, POINT_SAMPLES), mono[whole:].reshape(1, -1)):
            if rows.size:
                pairs = np.stack([rows.min(axis=1), rows.max(axis=1)], axis=1)
                self._points.append(_eight_bit(pairs / full_scale(block) / block.shape[1]))

    def write(self, path: Path, rate_hz: int) -> None:
        """24 bytes of header (little endian), then a pair of int8 a point, as audiowaveform's DataFormat.md has it."""
        points = np.concatenate(self._points)
        header = struct.pack("<iIiiIi", _VERSION, _EIGHT_BIT, rate_hz, POINT_SAMPLES, len(points), _CHANNELS)
        path.write_bytes(header + points.tobytes())


def _mono(block: Block) -> npt.NDArray[Any]:
    """The sum of the channels, which is their mean times their number; that is divided out of the few points later."""
    if block.shape[1] == 1:
        return block[:, 0]
    mixed: npt.NDArray[Any] = block[:, 0].astype(np.int32 if block.dtype == np.int16 else np.float32)
    for channel in range(1, block.shape[1]):
        mixed += block[:, channel]
    return mixed


def _eight_bit(pairs: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    """Full scale to -128 and 127, towards zero; a sample that is no number is drawn as silence."""
    eight_bit: npt.NDArray[np.int8] = np.nan_to_num(np.clip(pairs * 128, -128, 127)).astype(np.int8)
    return eight_bit
