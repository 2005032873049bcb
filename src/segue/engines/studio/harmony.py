"""Pure. Lays the chords under the form: a progression for each kind of section, and where the piece begins and ends."""

import math
from collections.abc import Sequence

from segue.engines.brief import Segment
from segue.engines.studio.chords import Chord, chroma, read_chord, read_progression
from segue.engines.studio.dice import Dice
from segue.engines.studio.direction import Direction
from segue.engines.studio.form import Planned
from segue.engines.studio.grid import Bar, Slot

# From this share of a segment on, nothing begins where somebody sleeps.
STILL_FROM = 2 / 3

_Bars = tuple[tuple[Chord, ...], ...]


def bars_of(
    direction: Direction, planned: Sequence[Planned], segment: Segment | None, soft: tuple[int, int]
) -> tuple[Bar, ...]:
    """All bars of the piece. `soft` is how many of the first and of the last ones are faded over."""
    chords = _chords(direction, planned, segment, soft)
    count = len(chords)
    bars: list[Bar] = []
    before: dict[str, int] = {}
    for number, section in enumerate(planned):
        following = planned[number + 1] if number + 1 < len(planned) else None
        rise = section.energy - planned[number - 1].energy if number else 0.0
        for place in range(section.bars):
            index = len(bars)
            last = place == section.bars - 1
            bars.append(
                Bar(
                    index=index,
                    beats=direction.genre.beats_per_bar,
                    section=section.name,
                    nth=before.get(section.name, 0),
                    place=place,
                    of=section.bars,
                    energy=section.energy,
                    slots=_slots(index, direction, chords[index]),
                    rise=rise,
                    soft=index < soft[0] or index >= count - soft[1],
                    opening=index < soft[0],
                    fill=last and following is not None and following.energy >= section.energy - 0.15,
                    final=segment is None and index == count - 1 and count > 1,
                )
            )
        before[section.name] = before.get(section.name, 0) + 1
    return tuple(bars)


def _chords(
    direction: Direction, planned: Sequence[Planned], segment: Segment | None, soft: tuple[int, int]
) -> list[tuple[Chord, ...]]:
    """The chords of each bar. A piece begins and ends at home, and the bar before the end leads there; a segment is at
    home where it is faded over, so that two of them sound together, and so is what somebody sleeps to, for as long as
    nothing begins.
    """
    progressions = _progressions(direction, segment)
    chords = [
        progressions[section.name][place % len(progressions[section.name])]
        for section in planned
        for place in range(section.bars)
    ]
    home = read_chord(direction.genre.home, direction.key)
    count = len(chords)
    if segment is not None:
        still = math.ceil(STILL_FROM * count) - 1 if segment.goal == "sleep" else count
        last = min(still, count - soft[1])
        return [(home,) if index < soft[0] or index >= last else chords[index] for index in range(count)]
    if count >= 4:
        chords[0] = (home, *chords[0][1:])
        chords[-2] = (read_chord(direction.genre.cadence, direction.key),)
    chords[-1] = (home,)
    return chords


def _slots(index: int, direction: Direction, chords: tuple[Chord, ...]) -> tuple[Slot, ...]:
    beats = direction.genre.beats_per_bar
    each = beats / len(chords)
    return tuple(Slot(index * beats + place * each, each, chord) for place, chord in enumerate(chords))


def _progressions(direction: Direction, segment: Segment | None) -> dict[str, _Bars]:
    """`a` is where the piece lives, `b` the furthest from it, the break lies between; the ends belong to `a`."""
    genre, key = direction.genre, direction.key
    texts = (genre.bright if key.bright else genre.dark) or genre.bright or genre.dark
    all_of_them = [read_progression(text, key) for text in texts]
    order = direction.band.stream("progressions").shuffled(all_of_them)
    home, *others = order
    others.sort(key=lambda each: -_apart(home, each))
    b, middle = (others[0], others[-1]) if others else (home, home)
    found = {"intro": home, "a": home, "b": b, "break": middle, "outro": home}
    if segment is None or segment.index == 0:
        return found
    dice = direction.dice.stream("progressions")
    return {
        name: _another(chords, all_of_them, segment.divergence, dice.stream(name)) for name, chords in found.items()
    }


def _another(chords: _Bars, all_of_them: Sequence[_Bars], divergence: float, dice: Dice) -> _Bars:
    others = [each for each in all_of_them if each != chords]
    return dice.pick(others) if others and dice.chance(divergence) else chords


def _apart(one: _Bars, other: _Bars) -> float:
    return sum(abs(a - b) for a, b in zip(chroma(one), chroma(other), strict=True))
