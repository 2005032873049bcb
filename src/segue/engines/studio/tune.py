"""Pure. The tune: the motif, varied over the chords, that rests, comes to an end, and returns. And who answers it."""

from collections.abc import Sequence
from itertools import groupby

from segue.engines.studio.chords import Chord
from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Bar, Stroke
from segue.engines.studio.motif import Motif
from segue.engines.studio.sheet import Sheet, bars_of, nearest
from segue.engines.studio.table import Player

# What becomes of the motif in the places of a phrase; each ends with a close, and a close with a breath.
_PHRASES = {
    1: (("motif",), ("closed",)),
    2: (("motif", "closed"), ("motif", "fragment"), ("answered", "closed")),
    3: (("motif", "motif", "closed"), ("motif", "answered", "closed")),
    4: (
        ("motif", "motif", "answered", "closed"),
        ("motif", "fragment", "motif", "closed"),
        ("motif", "answered", "fragment", "closed"),
        ("motif", "inverted", "motif", "closed"),
        ("motif", "rest", "answered", "closed"),
    ),
}
_FIVE_BRIGHT = (0, 2, 4, 7, 9)
_FIVE_DARK = (0, 3, 5, 7, 10)


def write(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    strokes: list[Stroke] = []
    bars = [bar for bar in bars_of(player, sheet) if not bar.soft]
    for (name, _), group in groupby(bars, key=lambda bar: (bar.section, bar.index - bar.place)):
        section = list(group)
        motif = sheet.motifs.get(name, sheet.motifs["a"])
        span = max(1, motif.steps // section[0].steps)
        for number, first in enumerate(range(0, len(section), 4)):
            phrase = section[first : first + 4]
            # By section and place: when a section returns, its phrases do.
            thrown = dice.stream(f"{name} {number % 2}")
            strokes += _phrase(player, sheet, phrase, motif, span, thrown, lift=name == "b")
    return strokes


def _phrase(
    player: Player, sheet: Sheet, bars: Sequence[Bar], motif: Motif, span: int, dice: Dice, *, lift: bool
) -> list[Stroke]:
    if bars[-1].final:
        ending = _ending(player, sheet, bars[-1])
        return [*_phrase(player, sheet, bars[:-1], motif, span, dice, lift=lift), *ending] if bars[:-1] else ending
    places = [bars[first : first + span] for first in range(0, len(bars), span)]
    plan = dice.pick(_PHRASES[len(places)])
    low, high = player.register
    base = low + (high - low) * (0.5 if lift else 0.36) + 2 * dice.roll()
    strokes: list[Stroke] = []
    for place, (group, change) in enumerate(zip(places, plan, strict=True)):
        if change == "rest" or (change != "motif" and _pauses(sheet, place)):
            continue
        changed = motif if change == "motif" else getattr(motif, change)()
        strokes += _sung(player, sheet, group, changed, base, closes=change == "closed")
    return strokes


def _pauses(sheet: Sheet, place: int) -> bool:
    """Where little is played, the second place of a phrase is left to the others."""
    return sheet.density < 0.3 and place % 2 == 1


def _sung(
    player: Player, sheet: Sheet, bars: Sequence[Bar], motif: Motif, base: float, *, closes: bool
) -> list[Stroke]:
    """One place of a phrase: strong beats and long notes stand on the chord, the others go by the scale."""
    strokes: list[Stroke] = []
    low, high = player.register
    at: int | None = None
    before = 0
    for number, ((begin, length), step) in enumerate(zip(motif.rhythm, motif.contour, strict=True)):
        bar = bars[min(begin // bars[0].steps, len(bars) - 1)]
        beat = bars[0].beat + begin / 4
        if beat >= bars[-1].beat + bars[-1].beats or (bar.final and begin):
            break
        chord = bar.chord_at(beat)
        last = number == len(motif.rhythm) - 1
        if at is None:
            at = _closest(chord.steady, base + 2 * step, low, high)
        else:
            at = _along(_ladder(sheet, chord, low, high), at, step - before)
        before = step
        if closes and last:
            at = _closest(chord.steady, at, low, high)
        elif begin % 8 == 0 or length >= 6:
            at = _closest(chord.tones[:4], at, low, high)
        until = bars[0].beat + (begin + length) / 4
        strokes.append(Stroke(beat, (until - beat) * 0.96, at, _sung_velocity(begin, number, motif, bar)))
    return strokes


def _sung_velocity(begin: int, number: int, motif: Motif, bar: Bar) -> float:
    """Louder towards the middle of the motif and on the beat."""
    arch = 1 - abs(2 * number / max(1, len(motif.rhythm) - 1) - 1)
    return 0.5 + 0.1 * arch + (0.08 if begin % 8 == 0 else 0.0) + 0.16 * bar.energy


def _ending(player: Player, sheet: Sheet, bar: Bar) -> list[Stroke]:
    """The last note: the tonic or, above it, the third or the fifth of the last chord."""
    low, high = player.register
    pitch = _closest(bar.slots[0].chord.steady, low + (high - low) * 0.4, low, high)
    return [Stroke(bar.beat, sheet.end_beat - bar.beat, pitch, 0.52)]


def _ladder(sheet: Sheet, chord: Chord, low: int, high: int) -> list[int]:
    """The pitches that the tune may take over this chord."""
    notes = set(chord.scale)
    if sheet.genre.pentatonic:
        five = {(sheet.key.tonic + step) % 12 for step in (_FIVE_BRIGHT if sheet.key.bright else _FIVE_DARK)}
        notes = (five & notes) | set(chord.steady)
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in notes]


def _along(ladder: Sequence[int], at: int, steps: int) -> int:
    """So many rungs up or down; at either end it turns round."""
    place = min(range(len(ladder)), key=lambda rung: abs(ladder[rung] - at)) + steps
    if place >= len(ladder):
        place = 2 * (len(ladder) - 1) - place
    return ladder[max(0, min(len(ladder) - 1, abs(place)))]


def _closest(notes: Sequence[int], around: float, low: int, high: int) -> int:
    ways = [nearest(note, around, low, high) for note in notes]
    return min(ways, key=lambda pitch: abs(pitch - around))


def write_counter(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    """Where the tune is busy, one long note that moves by step to the third or seventh of each chord; where it rests,
    a piece of the motif turned over.
    """
    low, high = player.register
    strokes: list[Stroke] = []
    at = (low + high) // 2
    for bar in bars_of(player, sheet):
        if bar.soft:
            continue
        motif = sheet.motifs["a"].inverted().fragment()
        busy = sum(bar.beat <= stroke.beat < bar.beat + bar.beats for stroke in sheet.tune)
        answers = busy <= 1 and motif.steps == bar.steps and not bar.final and dice.stream(bar.index).chance(0.7)
        if answers:
            strokes += _sung(player, sheet, [bar], motif, (low + high) / 2, closes=True)
            at = strokes[-1].pitch if strokes else at
            continue
        for slot in bar.slots:
            guides = slot.chord.steady if bar.final else (slot.chord.tones[1], *slot.chord.tones[3:4])
            at = _closest(guides, at + 0.2 * ((low + high) / 2 - at), low, high)
            until = sheet.end_beat if bar.final else slot.beat + slot.beats
            strokes.append(Stroke(slot.beat, until - slot.beat, at, 0.42 + 0.2 * bar.energy))
    return strokes
