"""Pure. The last limiter: it knows the peaks of the whole piece, between the samples too, and plans its gain ahead.

Peaks are kept for every `HOP` samples, which is little; from them a gain follows for any level, without another look at
the sound. The gain comes down before a peak and goes up again slowly.
"""

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from segue.engines.studio.voices import RATE_HZ, Wave

HOP = 32  # samples
_TAPS = 24
_OVER = 4
_AHEAD = 8  # hops: 5.8 ms
_RECOVERY_S = 0.12  # until of what was taken 1/e is left; the last decibel goes at an even pace

Gains = npt.NDArray[np.float32]


def _oversampler() -> Wave:
    """(window, 3 outputs a sample): a row of samples times this is what lies between them, by a windowed sinc."""
    matrix = np.zeros((HOP + _TAPS, (_OVER - 1) * HOP), np.float32)
    places = np.arange(_TAPS) - _TAPS // 2 + 1
    for phase in range(1, _OVER):
        away = places - phase / _OVER
        taps = np.sinc(away) * np.kaiser(1_001, 6.0)[np.rint(500 + 500 * away / (_TAPS // 2 + 1)).astype(int)]
        taps /= taps.sum()
        for sample in range(HOP):
            matrix[sample : sample + _TAPS, (phase - 1) * HOP + sample] += taps
    return matrix


class Peaks:
    """The peak of every hop of a sound that comes block by block."""

    def __init__(self) -> None:
        self._matrix = _oversampler()
        self._rest = np.zeros((2, _TAPS // 2 - 1), np.float32)
        self._found: list[Gains] = []

    def add(self, block: Wave) -> None:
        samples = np.concatenate([self._rest, block], axis=1)
        hops = (samples.shape[1] - _TAPS) // HOP
        if hops > 0:
            self._found.append(self._measured(samples, hops))
            samples = samples[:, hops * HOP :]
        self._rest = samples

    def peaks(self) -> Gains:
        """After the last block: the largest magnitude of each hop, and of one after the last."""
        self.add(np.zeros((2, 2 * HOP + _TAPS), np.float32))
        return np.concatenate(self._found)

    def _measured(self, samples: Wave, hops: int) -> Gains:
        loudest = np.zeros(hops, np.float32)
        for channel in samples:
            windows = sliding_window_view(channel, HOP + _TAPS)[::HOP][:hops]
            between = windows @ self._matrix
            at = windows[:, _TAPS // 2 - 1 : _TAPS // 2 - 1 + HOP]
            for values in (between, at):
                np.maximum(loudest, values.max(axis=1), out=loudest)
                np.maximum(loudest, -values.min(axis=1), out=loudest)
        return loudest


def planned(peaks: Gains, level: float, ceiling: float) -> Gains:
    """The gain at the beginning of every hop, `level` included, so that no peak is above `ceiling`."""
    over_db = 20 * np.log10(np.maximum(peaks.astype(np.float64) * (level / ceiling), 1.0))
    needed_db = np.maximum(over_db, np.concatenate([[0.0], over_db[:-1]]))  # a hop lies between two gains
    ahead = np.concatenate([needed_db, np.zeros(_AHEAD)])
    highest = sliding_window_view(ahead, _AHEAD).max(axis=1)[: len(needed_db)]
    # What falls in a straight line here falls to nothing like a charge there: so a running maximum is a recovery.
    fall = np.arange(len(highest)) * (HOP / RATE_HZ / _RECOVERY_S)
    released = np.expm1(np.maximum(np.maximum.accumulate(np.log1p(highest) + fall) - fall, 0))
    before = np.concatenate([np.full(_AHEAD - 1, released[0]), released])
    smooth_db = np.convolve(before, np.full(_AHEAD, 1 / _AHEAD), "valid")
    return np.asarray(level * 10 ** (smooth_db / -20), np.float32)


def gains_of(gains: Gains, start: int, samples: int) -> Gains:
    """The gain of each sample from `start` on, which is a multiple of `HOP`, on straight lines between hops."""
    first = start // HOP
    hops = -(-samples // HOP)
    nodes = gains[first : first + hops + 1]
    nodes = np.concatenate([nodes, np.repeat(nodes[-1:], hops + 1 - len(nodes))])
    steps = np.arange(HOP, dtype=np.float32) / HOP
    lines = nodes[:-1, None] + steps * np.diff(nodes)[:, None]
    return np.asarray(lines.reshape(-1)[:samples], np.float32)
