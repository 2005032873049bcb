"""Pure. The bass: roots where the chord changes, and notes that lead into the next one."""

from segue.engines.studio.chords import Chord
from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Bar, Slot, Stroke, cell_notes
from segue.engines.studio.sheet import Sheet, bars_of, cell_of, nearest
from segue.engines.studio.table import Player


def write(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    strokes: list[Stroke] = []
    low, high = player.register
    at = low + 7
    for bar in bars_of(player, sheet):
        thrown = dice.stream(f"bar {bar.index}")
        if bar.opening:
            continue
        if bar.final or bar.soft or not player.cells:
            for slot in bar.slots:
                at = nearest(slot.chord.root, (at + low + 7) / 2, low, high)
                until = sheet.end_beat if bar.final else slot.beat + slot.beats
                strokes.append(Stroke(slot.beat, until - slot.beat, at, 0.62 if bar.soft else 0.7))
            continue
        for stroke, root in _bar(player, bar, at, sheet, thrown, dice):
            strokes.append(stroke)
            at = root
    return strokes


def _bar(player: Player, bar: Bar, at: int, sheet: Sheet, thrown: Dice, dice: Dice) -> list[tuple[Stroke, int]]:
    """The strokes of one bar, each with the root that it stands on."""
    low, high = player.register
    written: list[tuple[Stroke, int]] = []
    walked = at
    for step, length, sign in cell_notes(cell_of(player, bar, dice)):
        beat = bar.beat + step / 4
        chord = bar.chord_at(beat)
        root = at = nearest(chord.root, (at + low + 7) / 2, low, high)
        until = beat + length / 4
        if sign == "p":
            pitch = _leading(chord, _next_chord(bar, until, sheet), at, (low, high), thrown)
        elif sign == "w":
            pitch = walked = _walked(bar, beat, until, walked, root, sheet, (low, high), thrown)
        else:
            pitch = _toned(sign, chord, root, low, high)
        accent = 0.1 if step % 8 == 0 else 0.0
        velocity = 0.3 if sign == "g" else 0.6 + accent + 0.12 * bar.energy
        written.append((Stroke(beat, (until - beat) * (0.5 if sign == "g" else 0.96), pitch, velocity), root))
    return written


def _toned(sign: str, chord: Chord, root: int, low: int, high: int) -> int:
    if sign == "8":
        return root + 12 if root + 12 <= high else root
    if sign == "5":
        return nearest(chord.steady[-1], root + 4, low, high)
    if sign == "3":
        return nearest(chord.steady[1], root + 3, low, high)
    if sign == "7":
        sevenths = [step for step in (10, 11) if (root + step) % 12 in chord.scale]
        return nearest((root + (sevenths or [12])[0]) % 12, root + 8, low, high)
    return root


def _next_chord(bar: Bar, beat: float, sheet: Sheet) -> Chord:
    """What sounds at a beat that may lie in the bar after this one."""
    following = sheet.after(bar)
    if beat >= bar.beat + bar.beats - 1e-6:
        return following.slots[0].chord if following else bar.slots[0].chord
    return bar.chord_at(beat)


def _leading(chord: Chord, coming: Chord, root: int, register: tuple[int, int], dice: Dice) -> int:
    """A step of the scale below or above the root that comes; the fifth when it is the same root."""
    low, high = register
    if coming.root == chord.root:
        return nearest(chord.steady[-1], root, low, high)
    target = nearest(coming.root, (root + low + 7) / 2, low, high)
    below = next(target - step for step in (1, 2, 3) if (target - step) % 12 in chord.scale)
    above = next(target + step for step in (1, 2, 3) if (target + step) % 12 in chord.scale)
    ways = [pitch for pitch in (below, above) if low <= pitch <= high and pitch % 12 != chord.root] or [root]
    # From where the line comes is the natural side; now and then it overshoots and turns.
    ways.sort(key=lambda pitch: abs(pitch - root), reverse=dice.chance(0.25))
    return ways[0]


def _walked(
    bar: Bar, beat: float, until: float, at: int, root: int, sheet: Sheet, register: tuple[int, int], dice: Dice
) -> int:
    """A walking line: the root where a chord begins, a leading note before the next, chord tones and steps between."""
    low, high = register
    chord = bar.chord_at(beat)
    if any(abs(slot.beat - beat) < 1e-6 for slot in bar.slots):
        return root
    coming = _next_chord(bar, until, sheet)
    if coming.root != chord.root and any(abs(slot.beat - until) < 1e-6 for slot in (*bar.slots, *_first(bar, sheet))):
        return _leading(chord, coming, at, register, dice)
    ways = [pitch for pitch in range(max(low, at - 5), min(high, at + 5) + 1) if pitch != at]
    tones = [pitch for pitch in ways if pitch % 12 in chord.tones]
    passing = [pitch for pitch in ways if pitch % 12 in chord.scale and abs(pitch - at) <= 2]
    middle = (low + high) / 2
    return min(
        dice.shuffled(tones or passing or [root])[:2] + dice.shuffled(passing)[:1],
        key=lambda pitch: abs(pitch - at) + 0.3 * abs(pitch - middle) + 3 * dice.roll(),
    )


def _first(bar: Bar, sheet: Sheet) -> tuple[Slot, ...]:
    following = sheet.after(bar)
    return following.slots[:1] if following else ()
