"""Pure. Gives the tones of one part their place: filters, width and pan are laid into each tone once, since what is
linear may as well be done before tones are added up. It knows by the way how loud each tone is.
"""

from collections import OrderedDict
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from segue.engines.studio.score import Part
from segue.engines.studio.voices import RATE_HZ, Curve, Dice, Sound, Voice, Wave, lines_hz, smooth

# How finely a tone's loudness is known: four of these are one block of the loudness meter.
HOP = RATE_HZ // 10

_SETTLING = 4_096  # samples after which every filter here has forgotten what was before
_RAMP = 24  # samples: no tone begins or ends in a step
_SIDES_FROM_HZ = 130.0  # below this both channels are alike
_LOWEST_HZ = 22.0  # below this nothing is heard, it only takes room
_SHELF_HZ = 2_200.0
_SHELF_DB = 9.0
_RESPONSES_MAX = 6

_Complex = npt.NDArray[np.complexfloating[Any]]


class Shaped(NamedTuple):
    """A tone in its place. `energies` are the sums of its squares, weighted as ears weigh them, for each `HOP`."""

    samples: Wave
    loop_from: int | None
    energies: Curve


class _Responses(NamedTuple):
    """For one length of transform: to the middle, to the sides, and how ears weigh each line."""

    middle: _Complex
    sides: _Complex
    weights: Curve


class Shaping:
    """The filters and the place of one part."""

    def __init__(self, part: Part, voice: Voice) -> None:
        self._part, self._voice = part, voice
        self._responses: OrderedDict[int, _Responses] = OrderedDict()
        angle = (np.clip(part.pan, -1, 1) + 1) * np.pi / 4
        self._pan = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.float32(np.sqrt(2))

    def shaped(self, sound: Sound) -> Shaped:
        samples = sound.samples
        if sound.loop_from is None:
            kept, loop_from = samples.shape[1], None
        else:
            samples = np.concatenate([samples, _around(sound, _SETTLING)], axis=1)
            kept, loop_from = samples.shape[1], sound.loop_from + _SETTLING
        placed, weight = self._placed(samples, kept)
        placed[:, :_RAMP] *= np.linspace(0, 1, _RAMP, dtype=np.float32)
        if loop_from is None:
            placed[:, -_RAMP:] *= np.linspace(1, 0, _RAMP, dtype=np.float32)
        plain = _hops(placed)
        level = 1.0
        if self._voice.even:
            level = 1 / np.sqrt(max(_hops(samples).max() / (2 * HOP), 1e-12))
            placed *= np.float32(level)
        share = weight / max(float(plain.sum()), 1e-12)
        return Shaped(placed, loop_from, plain * (share * level**2))

    def _placed(self, samples: Wave, kept: int) -> tuple[Wave, float]:
        """(2, kept), and the sum of its squares as ears weigh them."""
        size = smooth(kept + (_SETTLING if kept > 8 * _SETTLING else 1_024))
        to = self._response(size)
        if self._voice.mono:
            middle = np.fft.rfft(samples[0], size)
            sides = middle * to.sides
        else:
            left, right = np.fft.rfft(samples, size)
            middle, sides = (left + right) / 2, (left - right) / 2 * to.sides
        middle *= to.middle
        both = np.stack([middle + sides, middle - sides]) * self._pan
        weight = float((both.real**2 + both.imag**2).sum(axis=0) @ to.weights)
        wave = np.fft.irfft(both, size)[:, :kept].astype(np.float32, copy=False)
        return np.ascontiguousarray(wave), weight * 2 / size

    def _response(self, size: int) -> _Responses:
        if size in self._responses:
            self._responses.move_to_end(size)
        else:
            self._responses[size] = _responses(self._part, self._voice, size)
            if len(self._responses) > _RESPONSES_MAX:
                self._responses.popitem(last=False)
        return self._responses[size]


def _responses(part: Part, voice: Voice, size: int) -> _Responses:
    hz = lines_hz(size)
    middle: _Complex = _cuts(hz, part)
    width = float(np.clip(part.width, 0, 1))
    if voice.mono:
        sides: _Complex = middle * np.fft.rfft(_SCATTER, size) * (0.85 * width)
    else:
        sides = middle * (0.4 + 0.65 * width if width else 0.0)
    sides = sides * _butterworth(hz, _SIDES_FROM_HZ, high=True)
    return _Responses(middle.astype(np.complex64), sides.astype(np.complex64), weighting(hz).astype(np.float32))


def _cuts(hz: Curve, part: Part) -> _Complex:
    gain = 10 ** (np.clip(part.brightness - 0.5, -0.5, 0.5) * 2 * _SHELF_DB / 20)
    through = (1 + 1j * gain * hz / _SHELF_HZ) / (1 + 1j * hz / _SHELF_HZ)
    through = through * _butterworth(hz, max(part.low_cut_hz, _LOWEST_HZ), high=True)
    if part.high_cut_hz < 19_000:
        through = through * _butterworth(hz, part.high_cut_hz, high=False)
    return np.asarray(through)


def _butterworth(hz: Curve, cut_hz: float, *, high: bool) -> _Complex:
    """A filter of two poles, flat where it lets through."""
    s = 1j * hz / cut_hz
    return np.asarray((s * s if high else 1) / (s * s + np.sqrt(2) * s + 1))


def weighting(hz: Curve) -> Curve:
    """How much each frequency counts as loudness (power): the K-weighting of ITU-R BS.1770 as an analogue filter."""
    s = 1j * hz
    high = s * s / (s * s + s * 38.13 / 0.5003 + 38.13**2)
    lift = 10 ** (3.99984 / 20)
    shelf_hz, quality = 1_681.97, 0.70718
    shelf = (lift * s * s + lift**0.4997 * s * shelf_hz / quality + shelf_hz**2) / (
        s * s + s * shelf_hz / quality + shelf_hz**2
    )
    return np.asarray(np.abs(high * shelf) ** 2)


def _scatter() -> Wave:
    """Some 12 ms that spread one channel into the sides: at every frequency about as much, nowhere in step."""
    size = 1_024
    turns = Dice("scatter").noise(size // 2 + 1) * np.pi
    wave = np.fft.irfft(np.exp(1j * turns), size)[:540] * np.hanning(540)
    return np.asarray(wave / np.sqrt((wave**2).sum()), np.float32)


_SCATTER = _scatter()


def _around(sound: Sound, samples: int) -> Wave:
    """What comes after the end of a loop."""
    begin = sound.loop_from or 0
    length = sound.samples.shape[1] - begin
    return sound.samples[:, begin + np.arange(samples) % length]


def _hops(wave: Wave) -> Curve:
    """The sums of squares of both channels, hop by hop."""
    squares = np.einsum("ct,ct->t", wave, wave, dtype=np.float64)
    return np.add.reduceat(squares, np.arange(0, len(squares), HOP))
