"""Writes what is heard: 24-bit FLAC files, and the raw files of samples that a rendering works on and leaves behind for
nobody.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import numpy.typing as npt
from av import AudioFrame

FULL_SCALE = 2**23  # of 24 bits

Block = npt.NDArray[np.float32]
Steps = npt.NDArray[np.int32]
_FRAME_BYTES = 8  # two samples of 32 bits


def stepped(block: Block) -> Steps:
    """A block in whole steps of 24 bits. What is louder than full scale ends there."""
    steps = np.rint(block * np.float32(FULL_SCALE))
    return np.asarray(np.clip(steps, -FULL_SCALE, FULL_SCALE - 1), np.int32)


class Flac:
    """A stereo FLAC file of 24 bits that is written block by block."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._container = av.open(f"file:{path}", "w", format="flac", container_options={"fflags": "+bitexact"})
        # FFmpeg's encoder takes 32-bit samples for 24-bit ones that are moved up by 8.
        self._stream = self._container.add_stream("flac", rate=rate_hz, layout="stereo", format="s32")

    def add(self, steps: Steps) -> None:
        """Write (2, samples) of 24 bits."""
        packed = np.ascontiguousarray(steps.T).reshape(1, -1) << 8
        frame = AudioFrame.from_ndarray(packed, format="s32", layout="stereo")
        frame.sample_rate = self._rate_hz
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()


class Raw:
    """A file of stereo samples, read and written anywhere. It begins as silence."""

    def __init__(self, path: Path, samples: int) -> None:
        self.samples = samples
        self._file = path.open("w+b")
        self._file.truncate(samples * _FRAME_BYTES)

    def read(self, start: int, samples: int) -> Block:
        """(2, samples) from a sample on."""
        self._file.seek(start * _FRAME_BYTES)
        flat = np.frombuffer(self._file.read(samples * _FRAME_BYTES), np.float32)
        return np.ascontiguousarray(flat.reshape(samples, 2).T)

    def write(self, start: int, block: Block) -> None:
        self._file.seek(start * _FRAME_BYTES)
        self._file.write(block.T.tobytes())

    def close(self) -> None:
        self._file.close()
