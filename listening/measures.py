"""What can be measured of music: what tells it from noise, from a beep, from silence, and from one bar for ever.

Sounds are float arrays of shape (2, samples), full scale 1.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

RATE_HZ = 44_100
_WINDOW, _HOP = 4_096, 1_024
_SILENT_DB = -60.0
_STEP_S = 0.05


def read(path: Path) -> np.ndarray:
    """The sound in a file."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE_HZ)
        frames = [plain.to_ndarray() for frame in container.decode(audio=0) for plain in resampler.resample(frame)]
        frames += [plain.to_ndarray() for plain in resampler.resample(None)]
    return np.concatenate(frames, axis=1)


def decibels(level: float) -> float:
    return float(20 * np.log10(max(level, 1e-9)))


def rms_db(sound: np.ndarray) -> float:
    return decibels(float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))))


def spectra(sound: np.ndarray) -> np.ndarray:
    """(frames, bins): magnitudes of overlapping windows of the sound in mono."""
    mono = sound.mean(axis=0)
    starts = range(0, max(len(mono) - _WINDOW, 1), _HOP)
    taper = np.hanning(_WINDOW).astype(np.float32)
    return np.array([np.abs(np.fft.rfft(mono[start : start + _WINDOW] * taper, _WINDOW)) for start in starts])


def centroid_hz(sound: np.ndarray) -> float:
    """Where the middle of the spectrum lies, by power."""
    power = np.square(spectra(sound)).mean(axis=0)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    return float((hertz * power).sum() / max(power.sum(), 1e-12))


def width_db(sound: np.ndarray) -> float:
    """What differs between the sides, beside what they have in common; -60 and less is one point in the middle."""
    return rms_db(sound[0] - sound[1]) - rms_db(sound[0] + sound[1])


def onsets_per_s(sound: np.ndarray) -> float:
    """How often something begins: peaks of what is new in the spectrum."""
    loud = np.log1p(1_000 * spectra(sound))
    flux = np.maximum(np.diff(loud, axis=0), 0).sum(axis=1)
    around = np.convolve(flux, np.ones(15) / 15, "same")
    peaks = (flux[1:-1] > flux[:-2]) & (flux[1:-1] >= flux[2:]) & (flux[1:-1] > 1.3 * around[1:-1] + 10)
    return float(peaks.sum() / (sound.shape[1] / RATE_HZ))


def flatness(sound: np.ndarray) -> float:
    """From 0 for a tone to 1 for white noise: the geometric mean of the power by its arithmetic mean."""
    power = np.square(spectra(sound)).mean(axis=0)[1:] + 1e-12
    return float(np.exp(np.log(power).mean()) / power.mean())


def offset(sound: np.ndarray) -> float:
    """The largest mean of a side: direct current."""
    return float(np.abs(sound.mean(axis=1, dtype=np.float64)).max())


def longest_silence_s(sound: np.ndarray) -> float:
    """The longest stretch below -60 dB of full scale that has sound before and after it."""
    step = int(_STEP_S * RATE_HZ)
    mono = sound.mean(axis=0)[: sound.shape[1] // step * step].reshape(-1, step)
    silent = np.sqrt(np.mean(np.square(mono, dtype=np.float64), axis=1)) < 10 ** (_SILENT_DB / 20)
    heard = np.flatnonzero(~silent)
    if not heard.size:
        return sound.shape[1] / RATE_HZ
    gaps = np.diff(heard) - 1
    return float(gaps.max(initial=0) * _STEP_S)


def chroma(sound: np.ndarray) -> np.ndarray:
    """How much of each of the twelve notes there is, of 1 in all."""
    power = np.square(spectra(sound)).mean(axis=0)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    inside = (hertz > 60) & (hertz < 2_000)
    notes = np.round(69 + 12 * np.log2(hertz[inside] / 440)).astype(int) % 12
    weights = np.bincount(notes, np.sqrt(power[inside]), 12)
    return weights / max(weights.sum(), 1e-12)


def distinct(parts: Sequence[np.ndarray], *, apart: float = 0.08, apart_db: float = 1.5) -> int:
    """How many of the parts of a piece differ from each other: in their notes, or in how loud they are."""
    kinds: list[tuple[np.ndarray, float]] = []
    for part in parts:
        notes, level_db = chroma(part), rms_db(part)
        if all(np.abs(notes - other).sum() > apart or abs(level_db - db) > apart_db for other, db in kinds):
            kinds.append((notes, level_db))
    return len(kinds)


def bands_db(sound: np.ndarray) -> tuple[float, ...]:
    """Power below 120 Hz, to 400 Hz, to 2 kHz, to 8 kHz and above, in dB of the whole."""
    power = np.square(spectra(sound)).mean(axis=0)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    edges = (0, 120, 400, 2_000, 8_000, RATE_HZ)
    whole = max(power.sum(), 1e-12)
    shares = [power[(hertz >= low) & (hertz < high)].sum() / whole for low, high in pairwise(edges)]
    return tuple(round(float(10 * np.log10(max(share, 1e-9))), 1) for share in shares)
