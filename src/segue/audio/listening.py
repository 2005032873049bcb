"""Runs the decoded frames through one FFmpeg graph: `ebur128` measures the loudness (ITU-R BS.1770, EBU R 128), and
beside it the same samples come out in large arrays of one plain shape, so that numpy is called seldom and on much.
"""

import math
from collections.abc import Iterator
from itertools import chain
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.filter import Graph
from av.filter.context import FilterContext

from segue.audio.graphs import graph_for, pulled

# Samples a channel. A multiple of what one waveform point holds, so that only the last block leaves a rest.
BLOCK_SAMPLES = 128 * 512

Block = npt.NDArray[np.int16] | npt.NDArray[np.float32]

# What the meter reports for sound that its gate never let through: no loudness, not a quiet one.
_NOTHING_LUFS = -70.0


class Listening:
    """One pass over a sound; the loudness is known after its last block."""

    def __init__(self) -> None:
        self._reported = "nan"

    def blocks(self, frames: Iterator[av.AudioFrame]) -> Iterator[Block]:
        """(samples, channels) arrays of `BLOCK_SAMPLES`, the last one shorter: int16, or float32 and full scale is 1.

        There has to be a first frame.
        """
        first = next(frames)
        graph, meter, sink = _graph(first)
        waiting = 0
        for frame in chain([first], frames, [None]):
            graph.push(frame)
            waiting += frame.samples if frame else BLOCK_SAMPLES
            if waiting >= BLOCK_SAMPLES:
                waiting = 0
                for heard in pulled(meter):
                    self._reported = heard.metadata.get("lavfi.r128.I", self._reported)
                yield from map(_block, pulled(sink))

    def loudness_lufs(self) -> float | None:
        """The integrated loudness of all blocks; None for silence and for less than one gate block (0.4 s)."""
        lufs = float(self._reported)
        return lufs if math.isfinite(lufs) and lufs > _NOTHING_LUFS else None


def full_scale(block: Block) -> float:
    return 32_768.0 if block.dtype == np.int16 else 1.0


def _graph(frame: av.AudioFrame) -> tuple[Graph, FilterContext, FilterContext]:
    """The graph, the sink behind the meter and the sink of the samples."""
    graph, source = graph_for(frame)
    meter, sink = graph.add("abuffersink"), graph.add("abuffersink")
    both = graph.add("asplit", "2")
    plain = graph.add("aformat", f"sample_fmts={'s16' if frame.format.bits <= 16 else 'flt'}")
    both.link_to(plain, 1)
    graph.link_nodes(source, both, graph.add("ebur128", "metadata=1:framelog=quiet"), meter)
    graph.link_nodes(plain, graph.add("asetnsamples", f"{BLOCK_SAMPLES}:p=0"), sink).configure()
    return graph, meter, sink


def _block(frame: av.AudioFrame) -> Block:
    plane = cast("memoryview[int]", frame.planes[0])  # PyAV's stubs do not say that it is a buffer
    shape = frame.samples, frame.layout.nb_channels
    if frame.format.name == "s16":
        return np.frombuffer(plane, np.int16, math.prod(shape)).reshape(shape)
    return np.frombuffer(plane, np.float32, math.prod(shape)).reshape(shape)
