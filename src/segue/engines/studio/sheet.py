"""Pure. What all players of a piece know of each other before they write, and where each of them plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Bar, Stroke
from segue.engines.studio.keys import Key
from segue.engines.studio.motif import Motif
from segue.engines.studio.table import Genre, Player


@dataclass(frozen=True, slots=True)
class Sheet:
    """`end_beat` is how far the last notes may ring; `density` from 0 to 1 is how much is played, 0.5 being usual.
    `tune` is what the first of the tunes plays, for those that answer it.
    """

    genre: Genre
    key: Key
    tempo_bpm: float
    bars: tuple[Bar, ...]
    end_beat: float
    density: float
    motifs: Mapping[str, Motif]
    rootless: bool
    tune: Sequence[Stroke] = ()

    def after(self, bar: Bar) -> Bar | None:
        return self.bars[bar.index + 1] if bar.index + 1 < len(self.bars) else None

    def beats_of(self, milliseconds: float) -> float:
        return milliseconds / 60_000 * self.tempo_bpm


def bars_of(player: Player, sheet: Sheet) -> list[Bar]:
    """The bars that a player plays in. One that comes late misses the first half of its first section."""
    sections = player.plays.split()
    found = [bar for bar in sheet.bars if bar.section in sections or bar.soft]
    first = next((bar for bar in found if not bar.soft), None)
    if not player.late or first is None or first.of < 4:
        return found
    waits = range(first.index - first.place, first.index - first.place + first.of // 2)
    return [bar for bar in found if bar.index not in waits]


def cell_of(player: Player, bar: Bar, dice: Dice) -> str:
    """The rhythm that a player has in this section: the same whenever it returns, another one in each other section."""
    order = dice.stream("cells").shuffled(range(len(player.cells)))
    place = ("a", "b", "break", "intro", "outro").index(bar.section)
    same = {3: 0, 4: 0}.get(place, place)
    cell = player.cells[order[same % len(order)]]
    return (cell * 2)[: bar.steps]


def nearest(note: int, around: float, low: int, high: int) -> int:
    """The pitch of a note (0 to 11) that lies closest to `around`, within the register."""
    pitches = range(low + (note - low) % 12, high + 1, 12)
    return min(pitches, key=lambda pitch: (abs(pitch - around), pitch), default=low + (note - low) % 12)
