"""Makes sound files to measure with: chords with a beat and some noise, always the same, as hard to pack as music."""

from pathlib import Path

import av
import numpy as np

_RATE_HZ = 44_100
_BAR_S = 2
_CHORDS_HZ = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (261.6, 329.6, 392.0), (196.0, 246.9, 293.7))


def write_flac(path: Path, seconds: int) -> None:
    """Stereo, 44.1 kHz, 16 bit."""
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=_RATE_HZ, layout="stereo")
        stream.format = "s16"
        for number in range(seconds // _BAR_S + 1):
            bar_s = min(_BAR_S, seconds - number * _BAR_S)
            if bar_s:
                container.mux(stream.encode(_frame(_bar(number, bar_s))))
        container.mux(stream.encode(None))


def _bar(number: int, seconds: int) -> np.ndarray:
    """Samples by channels, from -1 to 1."""
    time_s = np.arange(seconds * _RATE_HZ) / _RATE_HZ
    noise = np.random.default_rng(number).normal(0, 1, (len(time_s), 2))
    chord = _CHORDS_HZ[number % len(_CHORDS_HZ)]
    tones = sum(np.sin(2 * np.pi * tone * hz * time_s) / tone for hz in chord for tone in (1, 2, 3, 4))
    beat = np.exp(-12 * (time_s % 0.5))
    voices = np.stack([tones, np.roll(tones, 300)], axis=1) * 0.08
    return voices + noise * (0.01 + 0.1 * beat[:, np.newaxis])


def _frame(samples: np.ndarray) -> av.AudioFrame:
    pcm = (np.clip(samples, -1, 1) * 32_767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = _RATE_HZ
    return frame
