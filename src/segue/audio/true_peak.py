"""Measures the true peak as ITU-R BS.1770-5 Annex 2 says: four times oversampled with its own 48 coefficients.

Two things make it cheap and change nothing in the result. The oversampling is one matrix product over short runs of
samples. And no output of the filter can exceed the largest sample under it times the sum of the filter's magnitudes
(2.02): a run for which that is below the peak already found is left out.
"""

import math

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from segue.audio.listening import Block, full_scale

# The table of Annex 2, newest sample first. Phases 2 and 3 are 1 and 0 read backwards.
_PHASE_0 = (
    *(0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625),
    *(0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500),
)
_PHASE_1 = (
    *(-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250),
    *(0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375),
)
PHASES = (_PHASE_0, _PHASE_1, _PHASE_1[::-1], _PHASE_0[::-1])

_BEFORE = len(_PHASE_0) - 1  # samples that a window needs besides its own
_RUN = 32  # samples a row of the product; fewer rows are found too quiet, or more of each is waste
_GAIN_MAX = max(sum(map(abs, phase)) for phase in PHASES)


def _oversampler() -> npt.NDArray[np.float32]:
    """(window, 4 outputs a sample): a row of samples times this is the row oversampled."""
    matrix = np.zeros((_RUN + _BEFORE, 4 * _RUN), np.float32)
    for sample in range(_RUN):
        for phase, taps in enumerate(PHASES):
            matrix[sample : sample + len(taps), 4 * sample + phase] = taps[::-1]
    return matrix


class TruePeak:
    """The largest magnitude between and at the samples of all channels, block by block."""

    def __init__(self) -> None:
        self._matrix = _oversampler()
        self._rest: Block | None = None
        self._peak = 0.0  # of full scale

    def add(self, block: Block) -> None:
        rest = np.zeros((_BEFORE, block.shape[1]), block.dtype) if self._rest is None else self._rest
        samples = np.concatenate([rest, block])
        runs = (len(samples) - _BEFORE) // _RUN
        self._rest = samples[runs * _RUN :]
        if runs:
            self._measure(samples, runs)

    def peak_dbtp(self) -> float | None:
        """The peak in dB of full scale after the last block, or None when there is none (or no number)."""
        if self._rest is not None:
            self.add(np.zeros((_RUN + _BEFORE, self._rest.shape[1]), self._rest.dtype))
        return 20 * math.log10(self._peak) if 0 < self._peak < math.inf else None

    def _measure(self, samples: Block, runs: int) -> None:
        scale = full_scale(samples)
        loudest = _loudest(samples, runs)
        self._peak = max(self._peak, float(loudest[:-1].max()) / scale)
        within = np.maximum(loudest[:-1], loudest[1:])
        rows = np.flatnonzero(within * _GAIN_MAX > self._peak * scale)
        for channel in range(samples.shape[1] if rows.size else 0):
            step = samples.strides[0]
            windows = as_strided(samples[:, channel], (runs, _RUN + _BEFORE), (_RUN * step, step), writeable=False)
            oversampled = windows[rows].astype(np.float32, copy=False) @ self._matrix
            self._peak = max(self._peak, float(oversampled.max()) / scale, -float(oversampled.min()) / scale)


def _loudest(samples: Block, runs: int) -> npt.NDArray[np.float32]:
    """The largest magnitude of each run and, last, of the samples after them, over all channels."""
    rows = samples[: runs * _RUN].reshape(runs, -1)
    after = samples[runs * _RUN :]
    highs = np.append(rows.max(axis=1), after.max()).astype(np.float32)
    lows = np.append(rows.min(axis=1), after.min()).astype(np.float32)
    return np.maximum(highs, -lows)
