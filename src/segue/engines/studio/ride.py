"""Rides the fader at the ends of a segment, where only those play who may be faded over: without it every join of a
session would be a hole in its loudness. Elsewhere the fader stays where it is.
"""

import numpy as np

from segue.engines.studio.voices import RATE_HZ, Curve, Wave

_STEP = RATE_HZ // 10
# How far beyond the soft bars the level is listened to that they are brought to.
_BESIDE_S = 16.0
_RIDE_MAX_DB = 12.0
# The way back is short: it lies under whoever comes in.
_RAMP_S = 0.4


class Levels:
    """The power of a sound, in tenths of a second."""

    def __init__(self) -> None:
        self._squares: list[Curve] = []
        self._rest = np.zeros((2, 0), np.float32)

    def add(self, block: Wave) -> None:
        held = np.concatenate([self._rest, block], axis=1)
        whole = held.shape[1] // _STEP * _STEP
        steps = held[:, :whole].reshape(2, -1, _STEP)
        self._squares.append(np.square(steps, dtype=np.float64).mean(axis=(0, 2)))
        self._rest = held[:, whole:]

    def power(self, from_s: float, to_s: float) -> float:
        """The mean over a stretch of the sound; 0 where there is none of it."""
        squares = np.concatenate(self._squares) if self._squares else np.zeros(0)
        part = squares[max(0, round(from_s * 10)) : max(0, round(to_s * 10))]
        return float(part.mean()) if part.size else 0.0


class Ride:
    """The gain at every moment of a piece of `samples` whose first and last seconds are `soft_s`."""

    def __init__(self, levels: Levels, soft_s: tuple[float, float], samples: int) -> None:
        length_s = samples / RATE_HZ
        head_s, tail_s = soft_s
        ends_s = length_s - tail_s
        head = _gain(levels.power(0, head_s), levels.power(head_s, head_s + _BESIDE_S))
        tail = _gain(levels.power(ends_s, length_s), levels.power(ends_s - _BESIDE_S, ends_s))
        self._times_s = np.array([head_s - _RAMP_S, head_s, max(ends_s, head_s), ends_s + _RAMP_S])
        self._gains = np.array([head if head_s else 1.0, 1.0, 1.0, tail if tail_s else 1.0])

    def gains(self, start: int, samples: int) -> Curve:
        at_s = (start + np.arange(samples)) / RATE_HZ
        return np.asarray(np.interp(at_s, self._times_s, self._gains), np.float32)


def _gain(there: float, wanted: float) -> float:
    """From one power to the other, up and not down, and not without end."""
    if there <= 0 or wanted <= there:
        return 1.0
    return min(float(np.sqrt(wanted / there)), 10 ** (_RIDE_MAX_DB / 20))
