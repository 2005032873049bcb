"""Pure. The loudness of a part by the energies of its tones, as ITU-R BS.1770 has it: windows of 400 ms, and those left
out that are far quieter than the rest.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

_SILENCE_LUFS = -70.0
_OFFSET_DB = -0.691
_RELATIVE_DB = -10.0


def gated_lufs(energies: npt.NDArray[np.floating[Any]], hop: int) -> float | None:
    """The integrated loudness from the weighted sums of squares of 100 ms each; None for silence."""
    windows = np.convolve(energies, np.ones(4))[: len(energies)] / (4 * hop)
    loud = windows[windows > 10 ** ((_SILENCE_LUFS - _OFFSET_DB) / 10)]
    if not len(loud):
        return None
    loud = loud[loud >= loud.mean() * 10 ** (_RELATIVE_DB / 10)]
    return float(_OFFSET_DB + 10 * np.log10(loud.mean()))
