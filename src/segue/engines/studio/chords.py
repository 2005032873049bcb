"""Pure. Chords as they are written in the tables, by degree of the key, and the notes that they stand for.

`2:9` is the ninth chord on the second degree of whatever mode the piece has; `b7` is the major chord a whole tone
below the tonic; `5:7!` has a major third whatever the mode says. Bars are parted by `|`, and `%` is the bar before.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from segue.engines.studio.keys import Key

_CHORD = re.compile(r"(b?)([1-7])(?::(5|6|7|9|11|13|69|add9|sus2|sus4))?(!?)")
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
# Which steps of the scale, counted from the root, a chord has besides root, third and fifth.
_ADDED: dict[str, tuple[int, ...]] = {
    "": (),
    "5": (),
    "6": (5,),
    "7": (6,),
    "9": (6, 1),
    "11": (6, 1, 3),
    "13": (6, 1, 5),
    "69": (5, 1),
    "add9": (1,),
    "sus2": (),
    "sus4": (),
}


class Chord(NamedTuple):
    """`tones` are root, third (or what stands for it), fifth and what is added; `scale` what may be played over it."""

    root: int
    tones: tuple[int, ...]
    scale: tuple[int, ...]

    @property
    def steady(self) -> tuple[int, ...]:
        """What a phrase may end on: root, third and fifth."""
        return self.tones[:3]


@lru_cache(maxsize=4096)
def read_chord(text: str, key: Key) -> Chord:
    """A chord of the key. ValueError when it is not written as the tables are.

    A degree on which the mode has a diminished chord is taken by the one a third below, whose seventh chord holds
    the same notes.
    """
    found = _CHORD.fullmatch(text)
    if found is None:
        raise ValueError(f"not a chord: {text!r}")
    flat, digit, kind, forced = found.groups()
    if flat:
        return _borrowed((key.tonic + _MAJOR[int(digit) - 1] - 1) % 12, kind or "", key)
    degree = int(digit) - 1
    if (key.scale[(degree + 4) % 7] - key.scale[degree]) % 12 == 6 and not forced:
        degree = (degree - 2) % 7
    steps = [key.scale[(degree + step) % 7] for step in range(7)]
    if forced:
        steps[2] = (steps[0] + 4) % 12
        steps[4] = (steps[0] + 7) % 12
    return _stacked(steps, kind or "", key)


@lru_cache(maxsize=1024)
def read_progression(text: str, key: Key) -> tuple[tuple[Chord, ...], ...]:
    """The chords of each bar; several in a bar share it evenly."""
    bars: list[tuple[Chord, ...]] = []
    for bar in text.split("|"):
        words = bar.split()
        bars.append(bars[-1] if words == ["%"] else tuple(read_chord(word, key) for word in words))
    return tuple(bars)


def chroma(bars: tuple[tuple[Chord, ...], ...]) -> tuple[float, ...]:
    """How much of each of the twelve notes there is, of one in all: what tells two progressions apart."""
    weights = [0.0] * 12
    for bar in bars:
        for chord in bar:
            for place, tone in enumerate(chord.tones):
                weights[tone] += (2.0 if place == 0 else 1.0) / len(bar)
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _borrowed(root: int, kind: str, key: Key) -> Chord:
    """A major chord from outside of the key; what is added to it is taken from the key where it can be."""
    steps = [(root + step) % 12 for step in _MAJOR]
    if steps[6] not in key.scale:
        steps[6] = (root + 10) % 12
    return _stacked(steps, kind, key)


def _stacked(steps: list[int], kind: str, key: Key) -> Chord:
    third = {"sus2": 1, "sus4": 3, "5": 4}.get(kind, 2)
    tones = [steps[0], steps[third], steps[4]]
    for step in _ADDED[kind]:
        # A semitone above the root, the third or the fifth rubs: it is left out, as players do.
        if all((steps[step] - tone) % 12 != 1 for tone in tones[:3]):
            tones.append(steps[step])
    outside = [tone for tone in tones[:3] if tone not in key.scale]
    scale = [note for note in key.scale if all((note - tone) % 12 not in {1, 11} for tone in outside)]
    return Chord(steps[0], tuple(dict.fromkeys(tones)), tuple(sorted({*scale, *outside})))
