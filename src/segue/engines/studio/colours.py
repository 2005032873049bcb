"""Pure. What is neither beat nor chord nor tune: notes strewn in, a texture that lasts, a riser into what is louder."""

from itertools import groupby

from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Stroke
from segue.engines.studio.sheet import Sheet, bars_of, nearest
from segue.engines.studio.table import Player

_MIDDLE_C = 60
_RISE_MIN = 0.15


def write_sparkle(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    """Single notes of the chord, the added ones first, at places that are never the same twice."""
    low, high = player.register
    strokes: list[Stroke] = []
    for bar in bars_of(player, sheet):
        thrown = dice.stream(f"bar {bar.index}")
        if bar.soft or bar.final:
            continue
        count = int(thrown.between(0.3, 1.6) + 1.5 * bar.energy * sheet.density * 2)
        steps = sorted(thrown.shuffled(range(0, bar.steps, 2))[:count])
        for step in steps:
            beat = bar.beat + step / 4
            chord = bar.chord_at(beat)
            note = thrown.pick(chord.tones[1:])
            pitch = nearest(note, thrown.between(low, high), low, high)
            length = bar.beat + bar.beats - beat if player.pedal else 1.0
            strokes.append(Stroke(beat, length, pitch, 0.34 + 0.26 * thrown.roll()))
    return strokes


def write_texture(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:  # noqa: ARG001 - it throws no dice
    """One note for each stretch of bars that it sounds in."""
    strokes = []
    for _, group in groupby(enumerate(bars_of(player, sheet)), key=lambda pair: pair[1].index - pair[0]):
        bars = [bar for _, bar in group]
        last = bars[-1]
        end = sheet.end_beat if last.final else last.beat + last.beats
        strokes.append(Stroke(bars[0].beat, end - bars[0].beat, _MIDDLE_C, 0.5))
    return strokes


def write_riser(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:  # noqa: ARG001 - it throws no dice
    """One or two bars long, up to the first beat of a section that is stronger than the one before."""
    strokes = []
    for bar in sheet.bars:
        if bar.place == 0 and bar.rise >= _RISE_MIN and bar.index >= 2 and bar.section in player.plays.split():
            beats = float(bar.beats * (2 if bar.index >= 4 else 1))
            strokes.append(Stroke(bar.beat - beats, beats, _MIDDLE_C, 0.4 + 0.4 * bar.energy))
    return strokes
