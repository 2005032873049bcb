"""Makes the streaming master: MP3 at 192 kb/s, loudness untouched, nothing of the source but its sound.

An MP3 that is one already is not encoded a second time: its frames go over as they are. Either way the result starts
with an Info header, by which a browser seeks.
"""

from itertools import chain
from pathlib import Path

import av
from av.container import OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext

from segue.audio.decode import Decoding
from segue.audio.graphs import graph_for, pulled
from segue.audio.model import MasterFacts
from segue.audio.source import Source, opened

MASTER_MIME_TYPE = "audio/mpeg"
MASTER_BIT_RATE_BPS = 192_000
# LAME takes every sound down by this factor at this bit rate (abr_switch_map in its presets.c), against clipping.
_LAME_GAIN = 0.97
_LAME_FORMAT = "fltp"
# 192 kb/s exists only in MPEG-1 Layer III, and so do these rates.
_RATES_HZ = (32_000, 44_100, 48_000)

_MUXER_OPTIONS = {"write_xing": "1", "id3v2_version": "0", "write_id3v1": "0", "fflags": "+bitexact"}


def encode(path: Path, target: Path, seconds_max: float) -> MasterFacts:
    """The facts of the master written to `target`; Invalid for the same reasons as `measure`."""
    with (
        opened(path) as source,
        av.open(f"file:{target}", "w", format="mp3", container_options=_MUXER_OPTIONS) as output,
    ):
        decoding = Decoding(source, seconds_max)
        if source.kind.container == "mp3":
            _copy(source, decoding, output)
        else:
            _encode(decoding, output)
        return MasterFacts(duration_s=decoding.duration_s, mime_type=MASTER_MIME_TYPE)


def _copy(source: Source, decoding: Decoding, output: OutputContainer) -> None:
    """Frame by frame, each decoded on the way: what does not decode does not go over, and the length is the truth."""
    stream = output.add_stream_from_template(source.stream)
    for packet in decoding.packets():
        if decoding.decoded(packet) is not None and packet.size:
            packet.stream = stream
            output.mux(packet)
    decoding.check()


def _encode(decoding: Decoding, output: OutputContainer) -> None:
    frames = decoding.frames()
    first = next(frames)  # there is one, or the decoding has said why not
    rate_hz, layout = _master_rate_hz(decoding.rate_hz), "mono" if decoding.channels == 1 else "stereo"
    graph, mixed = _mixing(first, rate_hz, layout)
    stream = output.add_stream("libmp3lame", rate=rate_hz, layout=layout, format=_LAME_FORMAT)
    stream.bit_rate = MASTER_BIT_RATE_BPS
    for frame in chain([first], frames, [None]):
        graph.push(frame)
        for ready in pulled(mixed):
            ready.pts = None
            output.mux(stream.encode(ready))
    output.mux(stream.encode(None))


def _master_rate_hz(rate_hz: int) -> int:
    if rate_hz in _RATES_HZ:
        return rate_hz
    return 44_100 if rate_hz in {11_025, 22_050} else 48_000


def _mixing(frame: av.AudioFrame, rate_hz: int, layout: str) -> tuple[Graph, FilterContext]:
    """Any sound at the master's rate and layout, and as much louder as LAME is going to make it quieter.

    By way of integers, for to those FFmpeg mixes channels down without clipping; the gain needs floats again.
    """
    graph, source = graph_for(frame)
    mixed = graph.add("aformat", f"sample_fmts=s32p:sample_rates={rate_hz}:channel_layouts={layout}")
    gain = graph.add("volume", f"volume={1 / _LAME_GAIN}:precision=float")
    sink = graph.add("abuffersink")
    graph.link_nodes(source, mixed, gain, graph.add("aformat", f"sample_fmts={_LAME_FORMAT}"), sink).configure()
    return graph, sink
