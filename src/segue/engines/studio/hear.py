"""Listens to a piece that another one is to follow: its tempo by the onsets, its key by the notes, its energy.

It opens one kind of file, the MP3 that Segue itself has made of a track, and no other.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from segue.engines.studio.heard import Heard
from segue.engines.studio.keys import Key

RATE_HZ = 22_050
_SECONDS_MAX = 180
_WINDOW, _HOP = 4_096, 512
_OPTIONS = {"format_whitelist": "mp3", "codec_whitelist": "mp3float,mp3", "protocol_whitelist": "file"}

# How well each note above the tonic fits a major and a minor key, by the probe-tone ratings of Krumhansl and Kessler,
# "Tracing the dynamic changes in perceived tonal organization", Psychological Review 89 (1982).
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 2_000.0
_SLOWEST_BPM, _FASTEST_BPM, _USUAL_BPM = 50.0, 180.0, 105.0
# Below this correlation with itself a beat later, a piece has no beat to follow.
_BEAT_MIN = 0.08
_KEY_MIN = 0.45

_Sound = npt.NDArray[np.float32]


def hear(path: Path) -> Heard:
    """What its first three minutes sound like. Silence has neither tempo nor key."""
    chroma, onsets, squares, samples = np.zeros(12), [], 0.0, 0
    before = np.zeros(_WINDOW // 2 + 1)
    taper, notes = np.hanning(_WINDOW), _notes()
    for block in _windows(path):
        spectrum = np.abs(np.fft.rfft(block * taper))
        onsets.append(float(np.maximum(np.log1p(spectrum) - np.log1p(before), 0).sum()))
        before = spectrum
        chroma += notes @ spectrum
        squares += float((block[:_HOP] ** 2).sum())
        samples += _HOP
    level_db = 10 * math.log10(squares / samples) if squares else -100.0
    return Heard(_tempo(np.asarray(onsets)), _key(chroma), _energy(level_db, onsets))


def _windows(path: Path) -> Iterator[_Sound]:
    """Overlapping stretches of the sound in mono."""
    held = np.zeros(0, np.float32)
    with av.open(f"file:{path}", "r", options=_OPTIONS) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        heard = 0
        for frame in container.decode(audio=0):
            for plain in resampler.resample(frame):
                held = np.concatenate([held, plain.to_ndarray().ravel()])
            while len(held) >= _WINDOW:
                yield held[:_WINDOW]
                held = held[_HOP:]
                heard += _HOP
            if heard > _SECONDS_MAX * RATE_HZ:
                return


def _notes() -> npt.NDArray[np.float64]:
    """(12, bins): which of the twelve notes each bin of a spectrum belongs to, from C up."""
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    table = np.zeros((12, len(hertz)))
    for place, frequency in enumerate(hertz):
        if _LOWEST_HZ <= frequency <= _HIGHEST_HZ:
            pitch = 69 + 12 * math.log2(frequency / 440)
            # A bin between two notes says little.
            table[round(pitch) % 12, place] = max(0.0, 1 - 2 * abs(pitch - round(pitch))) / frequency**0.5
    return table


def _tempo(onsets: npt.NDArray[np.float64]) -> float | None:
    """The lag at which the onsets are most like themselves; of a tempo and its double, the one that people tap."""
    if len(onsets) < 8:
        return None
    wave = onsets - np.convolve(onsets, np.ones(43) / 43, "same")
    power = float(wave @ wave)
    if power <= 0:
        return None
    frames_a_minute = 60 * RATE_HZ / _HOP
    best = (0.0, 0.0)
    for bpm in np.arange(_SLOWEST_BPM, _FASTEST_BPM, 0.25):
        lag = frames_a_minute / bpm
        alike = sum(_at_lag(wave, lag * beats) for beats in (1, 2, 4)) / (3 * power)
        usual = math.exp(-0.5 * (math.log2(bpm / _USUAL_BPM) / 0.8) ** 2)
        best = max(best, (alike * usual, float(bpm)))
    return best[1] if best[0] >= _BEAT_MIN else None


def _at_lag(wave: npt.NDArray[np.float64], lag: float) -> float:
    """The autocorrelation, between two whole lags."""
    whole = int(lag)
    if whole + 2 >= len(wave):
        return 0.0
    low, high = (float(wave[shift:] @ wave[: len(wave) - shift]) for shift in (whole, whole + 1))
    return low + (lag - whole) * (high - low)


def _key(chroma: npt.NDArray[np.float64]) -> str | None:
    """The key whose profile is most like what is there."""
    if chroma.sum() <= 0:
        return None
    found = [
        (float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]), tonic, mode)
        for mode, profile in _PROFILES.items()
        for tonic in range(12)
    ]
    likeness, tonic, mode = max(found)
    return Key(tonic, mode).name if likeness >= _KEY_MIN else None


def _energy(level_db: float, onsets: list[float]) -> float:
    """From 0 for a quiet drone to 1 for what is loud and busy."""
    if not onsets or level_db <= -90:
        return 0.0
    flux = np.asarray(onsets)
    busy = float(np.mean(flux > 2 * np.median(flux)))
    return min(max(0.5 * (level_db + 35) / 25 + 2.5 * busy, 0.0), 1.0)
