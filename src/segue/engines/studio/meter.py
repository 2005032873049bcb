"""Measures the loudness of finished sound by FFmpeg's meter (ITU-R BS.1770, EBU R 128)."""

import math

import numpy as np
import numpy.typing as npt
from av import AudioFrame
from av.filter import Graph

_SILENCE_LUFS = -70.0


class Meter:
    """Hears a whole sound block by block."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._graph = Graph()
        self._graph.threads = 1
        source = self._graph.add_abuffer(sample_rate=rate_hz, format="flt", layout="stereo")
        self._sink = self._graph.add("abuffersink")
        self._graph.link_nodes(source, self._graph.add("ebur128", "metadata=1:framelog=quiet"), self._sink).configure()
        self._reported = "nan"

    def add(self, block: npt.NDArray[np.float32]) -> None:
        """Hear (2, samples)."""
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block.T).reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = self._rate_hz
        self._graph.push(frame)
        self._pull()

    def loudness_lufs(self) -> float | None:
        """The integrated loudness after the last block; None for silence and for less than 0.4 s."""
        self._graph.push(None)
        self._pull()
        lufs = float(self._reported)
        return lufs if math.isfinite(lufs) and lufs > _SILENCE_LUFS else None

    def _pull(self) -> None:
        try:
            while True:
                self._reported = self._sink.pull().metadata.get("lavfi.r128.I", self._reported)
        except (BlockingIOError, EOFError):  # FFmpeg's words for "give me more first" and "that was all"
            return
