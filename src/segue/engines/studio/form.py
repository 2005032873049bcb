"""Pure. The form of a piece: how many bars it has, which sections they make up, and how strong each of them is."""

from collections.abc import Mapping
from typing import NamedTuple

# How far the tempo may be moved so that whole bars fill the length.
TEMPO_SHARE_MAX = 0.02
_NOTHING_S = 1e-9
_ENERGIES = {"intro": 0.3, "a": 0.55, "b": 0.8, "break": 0.3, "outro": 0.4}
_WEIGHTS = {"intro": 1, "a": 2, "b": 2, "break": 1, "outro": 1}
_BODIES = {1: "a", 2: "a b", 3: "a b a", 4: "a b break a", 5: "a b break a b", 6: "a b a break a b"}
_ON = ("break", "b", "a", "break", "a", "b")
_SECTIONS_MAX = 20


class Fitted(NamedTuple):
    tempo_bpm: float
    bars: int


class Planned(NamedTuple):
    """A section before it has notes."""

    name: str
    bars: int
    energy: float


def fit(length_s: float, tempo_bpm: float, beats: int, ring_s: float) -> Fitted:
    """The number of bars that with `ring_s` after them comes closest to the length, at a tempo hardly moved.

    Of what is too short for a bar only the beginning is played.
    """
    ring_s = min(ring_s, length_s / 4)
    bar_s = 60 * beats / tempo_bpm
    fewest = int((length_s - ring_s) / bar_s)
    best = (float("inf"), Fitted(tempo_bpm * (1 + TEMPO_SHARE_MAX), 1))
    for bars in (fewest, fewest + 1):
        exact = bars * beats * 60 / (length_s - ring_s)
        moved = min(max(exact, tempo_bpm * (1 - TEMPO_SHARE_MAX)), tempo_bpm * (1 + TEMPO_SHARE_MAX))
        rest_s = length_s - bars * beats * 60 / moved
        if bars and rest_s >= ring_s / 2 - _NOTHING_S:
            best = min(best, (abs(rest_s - ring_s), Fitted(moved, bars)))
    return best[1]


def fit_freely(length_s: float, tempo_bpm: float, allowed: tuple[float, float], beats: int, ring_s: float) -> Fitted:
    """As `fit`, for a tempo that nobody asked for: within what is allowed it is the one that makes whole phrases."""
    plain = fit(length_s, tempo_bpm, beats, ring_s)
    phrase = phrase_of(plain.bars)
    sounding_s = length_s - min(ring_s, length_s / 4)
    near = [bars for bars in range(phrase, plain.bars + 2 * phrase, phrase) if abs(bars - plain.bars) <= phrase]
    tempos = [Fitted(bars * beats * 60 / sounding_s, bars) for bars in near]
    good = [fitted for fitted in tempos if allowed[0] <= fitted.tempo_bpm <= allowed[1]]
    return min(good, key=lambda fitted: abs(fitted.tempo_bpm - tempo_bpm), default=plain)


def phrase_of(bars: int) -> int:
    """How many bars belong together in a piece of so many."""
    return 4 if bars >= 20 else 2 if bars >= 8 else 1


def sections(bars: int, length_s: float, energies: Mapping[str, float], lift: float = 0.0) -> list[Planned]:
    """The sections that the bars are shared out to. `lift` makes all of them stronger, or below 0 weaker."""
    phrase = phrase_of(bars)
    count = round(2 + length_s / 25) if length_s >= 45 else 3 if bars < 8 else 4
    names = _names(min(count, bars // phrase, _SECTIONS_MAX) if bars >= 3 else 1)
    lengths = _shared(bars, phrase, names)
    found: list[Planned] = []
    for place, (name, length) in enumerate(zip(names, lengths, strict=True)):
        strength = energies.get(name, _ENERGIES[name]) + 0.06 * min(names[:place].count(name), 2)
        last = name in "ab" and not any(later in "ab" for later in names[place + 1 :]) and place > 1
        strength += lift + (0.1 if last else 0.0)
        found.append(Planned(name, length, round(min(max(strength, 0.1), 1.0), 3)))
    return found


def _names(count: int) -> list[str]:
    if count <= 2:
        return ["a", "outro"][:count]
    body = _BODIES[min(count - 2, 6)].split()
    body += [_ON[place % len(_ON)] for place in range(count - 2 - len(body))]
    if body[-1] == "break":
        body[-1] = "b" if body[-2] != "b" else "a"
    return ["intro", *body, "outro"]


def _shared(bars: int, phrase: int, names: list[str]) -> list[int]:
    """Whole phrases each, in proportion to the weights; what is left over goes to the ends."""
    units, left = divmod(bars, phrase)
    weights = [_WEIGHTS[name] for name in names]
    lengths = [1] * len(names)
    for _ in range(units - len(names)):
        poorest = max(range(len(names)), key=lambda place: weights[place] / lengths[place])
        lengths[poorest] += 1
    found = [length * phrase for length in lengths]
    found[-1] += left
    return found
