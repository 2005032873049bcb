"""Reads a seed into samples and writes samples as a master: FLAC with 24 bits.

Samples are an array of float32, channels first, at full scale 1. PyAV and NumPy come in when a piece is made.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from segue.engines.adapters.faults import Fault, RemoteFailed
from segue.engines.endings import EngineFailed

_SEED_UNREADABLE = "The piece to go on from cannot be read."
_FRAME_SAMPLES = 4_096
_INT32_PEAK = 2**31 - 2**8  # the largest sample whose lowest byte is empty: 24 bits in 32


def read(path: Path, rate_hz: int, channels: int, *, seconds_max: float, unreadable: str = _SEED_UNREADABLE) -> Any:
    """The sound at this rate, mono or stereo, and no more than `seconds_max` of it from its beginning.

    Raises `EngineFailed` with the sentence `unreadable` when there is no sound in the file.
    """
    av, numpy = import_module("av"), import_module("numpy")
    blocks: list[Any] = []
    try:
        with av.open(str(path)) as container:
            _decode(av, container, rate_hz, int(seconds_max * rate_hz), blocks)
    except (av.FFmpegError, IndexError):
        blocks = []
    if not blocks:
        raise EngineFailed(unreadable)
    samples = numpy.concatenate(blocks, axis=1)[:, : int(seconds_max * rate_hz)].astype(numpy.float32)
    # FFmpeg's own way keeps the power and changes the peak by three decibels.
    return samples.mean(axis=0, keepdims=True) if channels == 1 else samples.repeat(channels // len(samples), axis=0)


def _decode(av: Any, container: Any, rate_hz: int, samples_max: int, blocks: list[Any]) -> None:
    """The sound block by block, mono where it is mono and stereo where it is more, until there is enough."""
    samples, resampler = 0, None
    for frame in container.decode(audio=0):
        layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
        resampler = resampler or av.AudioResampler(format="fltp", layout=layout, rate=rate_hz)
        for part in resampler.resample(frame):
            blocks.append(part.to_ndarray())
            samples += part.samples
        if samples >= samples_max:
            return
    if resampler is not None:
        blocks += [part.to_ndarray() for part in resampler.resample(None)]


def write(path: Path, samples: Any, rate_hz: int, name: str) -> None:
    """Write the samples, made quieter as a whole where they would clip. Raises `EngineFailed` for what is no sound."""
    av, numpy = import_module("av"), import_module("numpy")
    if samples.size == 0 or not numpy.isfinite(samples).all():
        raise RemoteFailed(Fault.NOT_MADE, name)
    peak = max(1.0, float(numpy.abs(samples).max()))
    whole = (samples.astype(numpy.float64) * (_INT32_PEAK / peak)).astype(numpy.int32)
    layout = "mono" if len(whole) == 1 else "stereo"
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate_hz, layout=layout, format="s32")
        for begin in range(0, whole.shape[1], _FRAME_SAMPLES):
            block = numpy.ascontiguousarray(whole[:, begin : begin + _FRAME_SAMPLES].T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s32", layout=layout)
            frame.sample_rate, frame.pts = rate_hz, begin
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def led_in(seed: Any, rate_hz: int, lead_s: float, duration_s: float) -> Any:
    """The last `lead_s` of the seed, and behind it silence of `duration_s` that a model is to fill."""
    numpy = import_module("numpy")
    lead = seed[:, -round(lead_s * rate_hz) :]
    return numpy.concatenate([lead, numpy.zeros((len(seed), round(duration_s * rate_hz)), numpy.float32)], axis=1)
