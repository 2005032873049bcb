"""Pure. The drummer: a groove by the energy of the section, ghost notes, hats that breathe, fills and crashes."""

import math

from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Bar, Stroke
from segue.engines.studio.sheet import Sheet, bars_of
from segue.engines.studio.table import LANES, STRENGTH, Groove, Player

_HATS = frozenset({"hat", "shaker", "ride", "pedal", "tambourine"})
_HIT = 0.25  # beats: a drum is struck, and rings as long as it does


def write(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    strokes: list[Stroke] = []
    if sheet.density <= 0 or not sheet.genre.grooves:
        return strokes
    bars = [bar for bar in bars_of(player, sheet) if not bar.soft]
    playing = {bar.index for bar in bars}
    for bar in bars:
        if bar.final:
            strokes += [Stroke(bar.beat, 1.0, LANES["kick"], 0.85), Stroke(bar.beat, 2.0, LANES["crash"], 0.6)]
            continue
        strokes += _groove(bar, sheet, dice.stream(f"bar {bar.index}"))
        if bar.place == 0 and bar.index and bar.rise >= 0 and bar.energy > 0.5 and sheet.density > 0.4:
            strokes.append(Stroke(bar.beat, 2.0, LANES["crash"], 0.5 + 0.3 * bar.energy))
        elif bar.index and bar.index - 1 not in playing and bar.energy > 0.45:
            strokes.append(Stroke(bar.beat, 2.0, LANES["crash"], 0.45))
    return strokes


def _groove(bar: Bar, sheet: Sheet, dice: Dice) -> list[Stroke]:
    ladder = sheet.genre.grooves
    strength = bar.energy * min(1.0, 0.4 + 1.2 * sheet.density)
    groove = ladder[min(len(ladder) - 1, int(strength * len(ladder)))]
    ends = bar.fill and sheet.genre.fills and bar.of > 1
    fill = dice.pick(sheet.genre.fills) if ends else {}
    length = max((len(steps) for steps in fill.values()), default=0)
    strokes = _struck(groove, bar, 0, bar.steps - length, sheet, dice)
    # The last bar of every second phrase has a small turn, so that four bars are never four times one bar.
    if not ends and bar.place % 4 == 3 and sheet.density >= 0.5 and dice.chance(0.6):
        strokes += _turn(groove, bar, dice)
    return strokes + _struck(fill, bar, bar.steps - length, bar.steps, sheet, dice, start=bar.steps - length)


def _struck(groove: Groove, bar: Bar, first: int, last: int, sheet: Sheet, dice: Dice, start: int = 0) -> list[Stroke]:
    """The strokes of the groove from step `first` up to `last`. Its pattern begins at step `start` and is repeated."""
    strokes = []
    breath = 0.07 * math.sin(math.pi * bar.index)
    for lane, pattern in groove.items():
        pitch, hats = LANES[lane], lane in _HATS
        for step in range(first, last):
            sign = pattern[(step - start) % len(pattern)]
            if sign == "." or (sign == "?" and not dice.chance(0.15 + 0.5 * sheet.density * bar.energy)):
                continue
            if sign == "g" and sheet.density < 0.4:
                continue
            velocity = STRENGTH[sign] * (0.82 + 0.22 * bar.energy)
            if hats:
                breath = 0.08 * math.sin(2 * math.pi * (bar.index * bar.steps + step) / (2.0 * bar.steps))
                velocity *= 0.9 + breath
            strokes.append(Stroke(bar.beat + step / 4, _HIT, pitch, velocity))
    return strokes


def _turn(groove: Groove, bar: Bar, dice: Dice) -> list[Stroke]:
    """One or two notes more near the end of the bar, on drums that the groove has anyway."""
    lanes = [lane for lane in ("kick", "snare", "rim", "tom_low", "open") if lane in groove]
    if not lanes:
        return []
    lane = dice.pick(lanes)
    steps = [
        step for step in (bar.steps - 5, bar.steps - 2, bar.steps - 1) if groove[lane][step % len(groove[lane])] == "."
    ]
    chosen = dice.shuffled(steps)[: 1 + dice.below(2)]
    return [Stroke(bar.beat + step / 4, _HIT, LANES[lane], 0.4 + 0.15 * bar.energy) for step in sorted(chosen)]
