"""Pure. Chance that comes out the same everywhere: the raw bits of a seeded generator, turned into numbers here.

numpy promises that the bits of PCG64 stay the same; it does not promise that of its distributions.
"""

import hashlib

import numpy as np
import numpy.typing as npt


class Dice:
    """Numbers that depend on the words they were made of, and on what was drawn before."""

    def __init__(self, *words: object) -> None:
        text = "\0".join(map(str, words)).encode()
        self._bits = np.random.PCG64(int.from_bytes(hashlib.blake2b(text, digest_size=16).digest()))

    def noise(self, samples: int) -> npt.NDArray[np.float32]:
        """White noise from -1 to 1, all values equally likely."""
        raw = self._bits.random_raw(-(-samples // 2)).view(np.int32)[:samples]
        return raw.astype(np.float32) * np.float32(2.0**-31)

    def between(self, low: float, high: float, samples: int) -> npt.NDArray[np.float64]:
        return (self.noise(samples).astype(np.float64) + 1) * ((high - low) / 2) + low

    def one(self, low: float, high: float) -> float:
        return float(self.between(low, high, 1)[0])
