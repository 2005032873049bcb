"""Pure. Where the notes of a chord lie: of all ways to play it within a register, the one that moves least."""

from functools import lru_cache
from itertools import pairwise

from segue.engines.studio.chords import Chord

# Below this pitch two notes closer than a fourth are mud.
_LOW = 50
_APART_LOW = 5


def tones_of(chord: Chord, voices: int, *, rootless: bool) -> tuple[int, ...]:
    """Which notes `voices` hands play: third and seventh first, the fifth last, the root only where no bass has it."""
    root, third, fifth, *added = chord.tones if len(chord.tones) > 2 else (*chord.tones, chord.tones[-1])
    colour = added[::-1][:-1] if len(added) > 1 else []
    order = [third, *added[:1], *colour, fifth, root] if rootless and added else [root, third, *added, fifth]
    return tuple(dict.fromkeys(order))[:voices]


@lru_cache(maxsize=65_536)
def voiced(tones: tuple[int, ...], before: tuple[int, ...] | None, low: int, high: int, voices: int) -> tuple[int, ...]:
    """Pitches from low to high, the notes of `tones` each at least once where there are voices enough.

    `before` is what was played before it; without it the middle of the register is taken.
    """
    target = before or ((low + high) // 2,) * voices
    ways = _ways(tones, low, high, voices) or _ways(tones, low - 12, high + 12, voices)
    middle = (low + high) / 2
    return min(ways, key=lambda way: (movement(target, way) + 0.25 * abs(sum(way) / len(way) - middle), way))


def movement(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """Semitones that all voices move together; a voice that comes or goes moves from or to its nearest."""
    if len(before) == len(after):
        return sum(abs(a - b) for a, b in zip(before, after, strict=True))
    longer, shorter = (before, after) if len(before) > len(after) else (after, before)
    return sum(min(abs(a - b) for b in shorter) for a in longer)


@lru_cache(maxsize=4096)
def _ways(tones: tuple[int, ...], low: int, high: int, voices: int) -> tuple[tuple[int, ...], ...]:
    """Close and open ways (the second voice from above an octave lower), upwards from every place."""
    found = set()
    for bottom in range(low, high + 1):
        if bottom % 12 not in tones:
            continue
        close = [bottom]
        while len(close) < voices:
            close.append(min(close[-1] + 1 + (tone - close[-1] - 1) % 12 for tone in tones))
        found.add(tuple(close))
        if voices >= 3:
            found.add(tuple(sorted([*close[:-2], close[-2] - 12, close[-1]])))
    return tuple(sorted(way for way in found if _plays(way, low, high)))


def _plays(way: tuple[int, ...], low: int, high: int) -> bool:
    clear = all(b - a >= _APART_LOW for a, b in pairwise(way) if a < _LOW)
    return way[0] >= low and way[-1] <= high and clear
