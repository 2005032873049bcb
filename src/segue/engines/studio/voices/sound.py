"""Pure. What a voice is asked for and what it gives: one tone as stereo samples. It plays no part and mixes nothing."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from segue.engines.studio.voices.dice import Dice

RATE_HZ = 44_100
# Nothing is made above this: what a filter or a bent string adds has room up to half the rate.
HIGHEST_HZ = 19_000.0

Wave = npt.NDArray[np.float32]
Curve = npt.NDArray[np.float64]


class Touch(NamedTuple):
    """How a tone is played: its pitches (one, or those of a chord), how hard from 0 to 1, how bright the part is from 0
    to 1, how many seconds of it are needed at most, and which of its variants it is.
    """

    pitches: tuple[int, ...]
    velocity: float
    brightness: float
    seconds: float
    turn: int = 0

    @property
    def pitch(self) -> int:
        return self.pitches[0]

    @property
    def hz(self) -> float:
        return hertz(self.pitch)


class Sound(NamedTuple):
    """(2, samples) of a held tone. With `loop_from` it goes on for ever: at its end it goes on from there, and it has
    been periodic for some time before.
    """

    samples: Wave
    loop_from: int | None = None


class Tremolo(NamedTuple):
    """A swing of the loudness, `stereo` when left and right swing against each other."""

    hz: float
    depth: float
    stereo: bool = False


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How an instrument makes its tones and how they are cut.

    `attack_s` and `release_s` are ramps laid over the tone at its ends. `layers` is into how many steps velocity is
    rounded for the timbre, `variants` how many tones of one kind take turns. `chords` hands notes that begin together
    to one tone; `fits` makes a tone for each length; a voice that is not `damped` rings on after its note. `choked`
    pitches end whatever sounds of the group. `even` brings all its pitches to one level. `curve` is the power of
    velocity that is its loudness. `mono` voices have no width of their own; one is made for them.
    """

    tone: Callable[[Touch, Dice], Sound]
    attack_s: float = 0.0
    release_s: float = 0.06
    layers: int = 3
    variants: int = 1
    chords: bool = False
    fits: bool = False
    damped: bool = True
    choked: frozenset[int] = frozenset()
    even: bool = True
    curve: float = 1.4
    mono: bool = True
    tremolo: Tremolo | None = None


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch; 69 is 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def count(seconds: float) -> int:
    """Seconds as whole samples."""
    return round(seconds * RATE_HZ)


def seconds(samples: int) -> Curve:
    """The moments of the first samples."""
    return np.arange(samples, dtype=np.float64) / RATE_HZ


def lines_hz(samples: int) -> Curve:
    """The frequencies of the lines of a transform of so many samples."""
    return np.arange(samples // 2 + 1, dtype=np.float64) * (RATE_HZ / samples)


def smooth(samples: int) -> int:
    """A length from here on that transforms quickly, one of few."""
    step = 1 << max((samples - 1).bit_length() - 3, 1)
    return -(-samples // step) * step


def mono(wave: npt.NDArray[np.floating]) -> Wave:
    """One channel as two equal ones."""
    return np.broadcast_to(wave.astype(np.float32, copy=False), (2, wave.shape[-1]))


def placed(wave: npt.NDArray[np.floating], pan: float) -> Wave:
    """One channel at a place from -1 (left) to 1 (right), at constant power."""
    angle = (pan + 1) * np.pi / 4
    gains = np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(np.sqrt(2))
    return np.asarray(gains[:, None] * wave, np.float32)
