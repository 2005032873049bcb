"""Pure. The paper that players write on: bars with their chords and their place in the form, and strokes in beats."""

from dataclasses import dataclass
from typing import NamedTuple

from segue.engines.studio.chords import Chord


class Stroke(NamedTuple):
    """A note before anybody has played it: begin and length in beats from the start of the piece."""

    beat: float
    beats: float
    pitch: int
    velocity: float


class Slot(NamedTuple):
    """A chord and how long it holds, in beats from the start of the piece."""

    beat: float
    beats: float
    chord: Chord


@dataclass(frozen=True, slots=True)
class Bar:
    """`place` counts the bars of its section, `nth` how often a section of this name was there before.

    A `soft` bar is faded over and holds only what may overlap. An `opening` one is such a bar at the beginning: the
    bass under it is that of the segment which ends there, since two of one note weaken each other. A `fill` bar leads
    into another section; the `final` one is the end: one chord that rings.
    """

    index: int
    beats: int
    section: str
    nth: int
    place: int
    of: int
    energy: float
    slots: tuple[Slot, ...]
    rise: float = 0.0  # of the energy, over the section before
    soft: bool = False
    opening: bool = False
    fill: bool = False
    final: bool = False

    @property
    def beat(self) -> float:
        return float(self.index * self.beats)

    @property
    def steps(self) -> int:
        """Sixteenths."""
        return self.beats * 4

    def chord_at(self, beat: float) -> Chord:
        """What sounds at this beat of the piece, which lies in the bar."""
        return next((slot.chord for slot in reversed(self.slots) if slot.beat <= beat + 1e-6), self.slots[0].chord)


def cell_notes(cell: str) -> list[tuple[int, int, str]]:
    """Step, length in steps and sign of each note in a cell: `-` holds what was struck, `.` is a rest."""
    notes: list[tuple[int, int, str]] = []
    for step, sign in enumerate(cell):
        if sign == "-" and notes:
            start, length, struck = notes[-1]
            if start + length == step:
                notes[-1] = (start, length + 1, struck)
        elif sign not in ".-":
            notes.append((step, 1, sign))
    return notes
