"""Builds FFmpeg filter graphs for sound and empties their sinks: the few lines that measuring and encoding share."""

from collections.abc import Iterator
from typing import cast

import av
from av.filter import Graph
from av.filter.context import FilterContext

# FFmpeg's defaults (av_channel_layout_default), which are what WAVE files without a channel mask mean.
_USUAL_LAYOUTS = ("mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1")


def graph_for(frame: av.AudioFrame) -> tuple[Graph, FilterContext]:
    """A graph without threads, and its source for frames like `frame`.

    Whoever holds a filter of a graph has to hold the graph too: PyAV frees it with its last reference.
    """
    named = not frame.layout.name.endswith(" channels")
    layout = frame.layout.name if named else _USUAL_LAYOUTS[frame.layout.nb_channels - 1]
    graph = Graph()
    graph.threads = 1
    return graph, graph.add_abuffer(sample_rate=frame.sample_rate, format=frame.format, layout=layout)


def pulled(sink: FilterContext) -> Iterator[av.AudioFrame]:
    """Everything that lies ready in `sink`."""
    try:
        while True:
            yield cast("av.AudioFrame", sink.pull())
    except (BlockingIOError, EOFError):  # FFmpeg's words for "give me more first" and "that was all"
        return
