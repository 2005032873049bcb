"""Pure. The motif, the one idea that a piece has: a rhythm and a contour, and what can be made of them."""

from itertools import pairwise
from typing import NamedTuple

from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import cell_notes

_MOVES = (-2, -1, -1, 1, 1, 2)


class Motif(NamedTuple):
    """Begin and length of each note in sixteenths, and how many steps of the scale it lies above the first."""

    steps: int
    rhythm: tuple[tuple[int, int], ...]
    contour: tuple[int, ...]

    def inverted(self) -> "Motif":
        return self._replace(contour=tuple(-step for step in self.contour))

    def fragment(self) -> "Motif":
        """Its first half, and then silence."""
        kept = max(2, (len(self.rhythm) + 1) // 2)
        return self._replace(rhythm=self.rhythm[:kept], contour=self.contour[:kept])

    def answered(self) -> "Motif":
        """The same beginning, and an end that goes the other way."""
        half = len(self.contour) // 2
        turned = tuple(2 * self.contour[half] - step for step in self.contour[half:])
        return self._replace(contour=self.contour[:half] + turned)

    def closed(self) -> "Motif":
        """A few notes that come to rest on a long one."""
        first = self.rhythm[: max(1, min(3, len(self.rhythm) - 1))]
        begin, length = first[-1]
        held = max(length, min(self.steps * 5 // 8, self.steps - 2) - begin)
        return self._replace(rhythm=(*first[:-1], (begin, held)), contour=self.contour[: len(first)])


def invent(cells: tuple[str, ...], dice: Dice) -> Motif:
    """A motif in one of the rhythms. Its contour goes by steps, and a leap is answered the other way."""
    cell = dice.pick(cells)
    rhythm = tuple((begin, length) for begin, length, _ in cell_notes(cell))
    contour = [0]
    drift = dice.pick((-1, 1))
    while len(contour) < len(rhythm):
        move = dice.pick(_MOVES)
        if dice.chance(0.3):
            move = abs(move) * drift
        if dice.chance(0.12):
            move = 3 * -drift
        if len(contour) > 1 and abs(contour[-1] - contour[-2]) > 2:
            move = -1 if contour[-1] > contour[-2] else 1
        if abs(contour[-1] + move) > 5:
            move = -move
        contour.append(contour[-1] + move)
    if len(set(contour)) == 1 and len(contour) > 1:
        contour[-1] += drift
    return Motif(len(cell), rhythm, tuple(contour))


def contrast(motif: Motif, cells: tuple[str, ...], dice: Dice) -> Motif:
    """A second idea that belongs to the first: its contour turned over, in another rhythm where there is one."""
    others = [cell for cell in cells if tuple(n[:2] for n in cell_notes(cell)) != motif.rhythm] or list(cells)
    fresh = invent(tuple(others), dice)
    turned = motif.inverted().contour
    contour = [turned[place % len(turned)] for place in range(len(fresh.rhythm))]
    return fresh._replace(contour=tuple(contour))


def mutated(motif: Motif, share: float, dice: Dice) -> Motif:
    """Each move of the contour is thrown anew with this chance; at 0 it is the motif."""
    moves = [b - a for a, b in pairwise(motif.contour)]
    contour = [0]
    for move in moves:
        other = dice.pick(_MOVES)
        contour.append(contour[-1] + (other if dice.chance(share) else move))
    return motif._replace(contour=tuple(max(-6, min(6, step)) for step in contour))
