"""Pure. Dice that fall the same way for ever: a piece made again years later, with other libraries, is the same piece.

A throw is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Every
player throws a stream of its own, found by name, so that a change to one of them moves no other.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_T = TypeVar("_T")
_MASK = 2**64 - 1


class Dice:
    """One stream of throws. Two streams of one name are equal."""

    __slots__ = ("_name", "_state")

    def __init__(self, name: str) -> None:
        self._name = name
        digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._state = int.from_bytes(digest, "little")

    def stream(self, name: object) -> "Dice":
        """Other dice, that do not depend on what was thrown with these."""
        return Dice(f"{self._name}/{name}")

    def roll(self) -> float:
        """From 0 up to, but not including, 1."""
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((state ^ (state >> 31)) >> 11) * 2.0**-53

    def chance(self, share: float) -> bool:
        return self.roll() < share

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.roll()

    def below(self, count: int) -> int:
        """One of 0 to count - 1."""
        return int(self.roll() * count)

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[self.below(len(choices))]

    def shuffled(self, choices: Sequence[_T]) -> list[_T]:
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in choices]
