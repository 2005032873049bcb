"""Makes the music of the demo: short pieces by rule, in numpy. `python -m segue.operations.tune FOLDER` writes them.

A process of its own, so that no other command pays for numpy. Nothing in them is anybody else's.
"""

import sys
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
_BEATS_PER_BAR = 4

Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece: its tempo, its bars of chords (semitones above the tonic), and how lively it is (0 to 1)."""

    title: str
    beats_per_minute: float
    tonic_midi: int
    chords: tuple[tuple[int, ...], ...]
    repeats: int
    liveliness: float
    seed: int


_MINOR = ((0, 3, 7, 10), (-4, 0, 3, 7), (3, 7, 10, 14), (-2, 2, 5, 9))
_MAJOR = ((0, 4, 7, 11), (-3, 0, 4, 7), (5, 9, 12, 16), (-5, -1, 2, 5))

PIECES = (
    Piece("Late Night Study", 76, 57, _MINOR, 4, 0.7, 1),
    Piece("First Light", 60, 60, _MAJOR, 3, 0.2, 2),
    Piece("Paper Boats", 92, 55, _MAJOR, 4, 1.0, 3),
)


def render(piece: Piece) -> Sound:
    """The piece as two rows of samples between -1 and 1."""
    random = np.random.default_rng(piece.seed)
    bar_s = 60 / piece.beats_per_minute * _BEATS_PER_BAR
    bars = [chord for _ in range(piece.repeats) for chord in piece.chords]
    dry = np.zeros((2, _samples(bar_s * len(bars) + 4)))
    for number, chord in enumerate(bars):
        start_s = number * bar_s
        _add(dry, start_s, _pad(piece, chord, bar_s * 1.15), 0.30, 0.0)
        _add(dry, start_s, _bass(piece, chord, bar_s), 0.16, 0.0)
        _arpeggio(dry, piece, chord, start_s, bar_s, random)
        if number >= len(piece.chords) and piece.liveliness > 0.5:
            _beat(dry, start_s, bar_s, piece.liveliness, random)
    return _finished(dry + 0.35 * _room(dry, random))


def _samples(seconds: float) -> int:
    return int(seconds * RATE_HZ)


def _hertz(midi: float) -> float:
    return float(440 * 2 ** ((midi - 69) / 12))


def _seconds(length_s: float) -> Sound:
    return np.arange(_samples(length_s)) / RATE_HZ


def _add(mix: Sound, start_s: float, voice: Sound, gain: float, pan: float) -> None:
    """Lay a voice into the mix at equal power; `pan` from -1 (left) to 1 (right)."""
    start = _samples(start_s)
    length = min(voice.size, mix.shape[1] - start)
    angle = (pan + 1) * np.pi / 4
    mix[0, start : start + length] += gain * np.cos(angle) * voice[:length]
    mix[1, start : start + length] += gain * np.sin(angle) * voice[:length]


@cache
def _pad(piece: Piece, chord: tuple[int, ...], length_s: float) -> Sound:
    time = _seconds(length_s)
    swell = np.sin(np.pi * np.clip(time / length_s, 0, 1)) ** 0.6
    voice = np.zeros(time.size)
    for note in chord:
        hertz = _hertz(piece.tonic_midi + note)
        for detune in (0.997, 1.003):
            voice += sum(np.sin(2 * np.pi * hertz * detune * k * time) / k**2 for k in (1, 2, 3, 4))
    return swell * voice / (2 * len(chord))


@cache
def _bass(piece: Piece, chord: tuple[int, ...], length_s: float) -> Sound:
    time = _seconds(length_s)
    hertz = _hertz(piece.tonic_midi + chord[0] - 24)
    tone = np.sin(2 * np.pi * hertz * time) + 0.25 * np.sin(4 * np.pi * hertz * time)
    return tone * np.minimum(1, time * 40) * np.exp(-time / (0.6 * length_s))


@cache
def _pluck(midi: float) -> Sound:
    time = _seconds(1.6)
    hertz = _hertz(midi)
    tone = sum(np.exp(-time * (2.5 + 1.5 * k)) * np.sin(2 * np.pi * hertz * k * time) / k for k in (1, 2, 3, 4, 5))
    return np.asarray(tone * np.minimum(1, time * 400))


def _arpeggio(
    mix: Sound, piece: Piece, chord: tuple[int, ...], start_s: float, bar_s: float, random: np.random.Generator
) -> None:
    step_s = bar_s / 8
    order = random.permutation([*chord, *(note + 12 for note in chord)])
    for step, note in enumerate(order):
        if random.random() < 0.35 + 0.6 * piece.liveliness:
            late_s = random.normal(0, 0.006) + (0.12 * step_s if step % 2 else 0)
            gain = 0.22 * random.uniform(0.7, 1.0)
            _add(
                mix,
                max(0, start_s + step * step_s + late_s),
                _pluck(piece.tonic_midi + 12 + note),
                gain,
                0.5 * (-1) ** step,
            )


def _beat(mix: Sound, start_s: float, bar_s: float, liveliness: float, random: np.random.Generator) -> None:
    beat_s = bar_s / _BEATS_PER_BAR
    time = _seconds(0.35)
    kick = np.sin(2 * np.pi * (45 * time + 9 * (1 - np.exp(-time * 30)))) * np.exp(-time * 14)
    noise = np.diff(random.normal(0, 1, _samples(0.12) + 1))
    hat = noise * np.exp(-np.arange(noise.size) / RATE_HZ * 60)
    for beat in range(_BEATS_PER_BAR):
        if beat % 2 == 0:
            _add(mix, start_s + beat * beat_s, kick, 0.32, 0.0)
        _add(mix, start_s + (beat + 0.5) * beat_s, hat, 0.09 * liveliness, 0.3)


def _room(dry: Sound, random: np.random.Generator) -> Sound:
    """A reverberation: the sound convolved with two seconds of dying noise (by FFT)."""
    time = _seconds(2.0)
    size = 1 << int(np.ceil(np.log2(dry.shape[1] + time.size)))
    wet = np.zeros_like(dry)
    for side in (0, 1):
        impulse = random.normal(0, 1, time.size) * np.exp(-time * 3.2) * np.minimum(1, time * 100)
        impulse = np.convolve(impulse, np.ones(8) / 8, "same") / np.sqrt(time.size / 8)
        product = np.fft.irfft(np.fft.rfft(dry[side], size) * np.fft.rfft(impulse, size), size)
        wet[side] = product[: dry.shape[1]]
    return wet


def _finished(mix: Sound) -> Sound:
    """Soft ends, gentle saturation, peak at -1.5 dB."""
    fade = _samples(3)
    mix[:, -fade:] *= np.linspace(1, 0, fade) ** 2
    mix = np.tanh(1.1 * mix / np.abs(mix).max())
    return np.asarray(mix / np.abs(mix).max() * 10 ** (-1.5 / 20))


def write(piece: Piece, folder: Path) -> Path:
    """Write the piece as a 16-bit WAV file named for its title."""
    path = folder / f"{piece.title}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((render(piece).T * 32_767).astype("<i2").tobytes())
    return path


if __name__ == "__main__":
    for each in PIECES:
        write(each, Path(sys.argv[1]))
