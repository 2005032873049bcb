"""Pure. Those who play chords: in a rhythm, broken into single notes, or held as a pad or a drone."""

from collections.abc import Sequence

from segue.engines.studio.chords import Chord
from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Bar, Slot, Stroke, cell_notes
from segue.engines.studio.sheet import Sheet, bars_of, cell_of, nearest
from segue.engines.studio.table import STRENGTH, Player
from segue.engines.studio.voicing import tones_of, voiced

# A pad's note that belongs to the next chord too is held on; for so long at most.
_HELD_BEATS_MAX = 32.0
_OVERLAP_BEATS = 0.06
# A drone that begins below this pitch is a bass.
_LOW = 45


class Hands:
    """Finds the next chord from where the hands lie."""

    def __init__(self, player: Player, sheet: Sheet) -> None:
        self._player = player
        self._rootless = sheet.rootless
        self._at: tuple[int, ...] | None = None

    def on(self, chord: Chord) -> tuple[int, ...]:
        """Its pitches, from low to high."""
        low, high = self._player.register
        voices = self._player.hands
        tones = tones_of(chord, voices, rootless=self._rootless)
        self._at = voiced(tones, self._at, low, high, voices)
        return self._at


def write_chords(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:
    strokes: list[Stroke] = []
    hands = Hands(player, sheet)
    for bar in bars_of(player, sheet):
        slots = [(slot, hands.on(slot.chord)) for slot in bar.slots]
        if bar.final:
            strokes += _strummed(bar.beat, sheet.end_beat - bar.beat, slots[0][1], 0.62, player, sheet)
        elif bar.soft:
            strokes += _strummed(bar.beat, float(bar.beats), slots[0][1], 0.46, player, sheet)
        else:
            strokes += _in_rhythm(player, bar, slots, sheet, dice)
    return strokes


def _in_rhythm(
    player: Player, bar: Bar, slots: Sequence[tuple[Slot, tuple[int, ...]]], sheet: Sheet, dice: Dice
) -> list[Stroke]:
    cell = cell_of(player, bar, dice)
    thrown = dice.stream(f"bar {bar.index}")
    strokes: list[Stroke] = []
    broken = any(sign.isdigit() for sign in cell)
    turned = broken and bar.place % 4 == 3
    for step, length, sign in cell_notes(cell):
        beat = bar.beat + step / 4
        slot, pitches = next((pair for pair in reversed(slots) if pair[0].beat <= beat + 1e-6), slots[0])
        until = slot.beat + slot.beats if player.pedal else min(beat + length / 4, slot.beat + slot.beats)
        if _left_out(step, sign, broken, bar, sheet, thrown):
            continue
        accent = 0.06 if step % 8 == 0 else 0.0
        if sign.isdigit():
            # The last bar of a phrase takes the notes in another order, so that the figure lives.
            voice = (int(sign) - 1 + (step // 4 if turned else 0)) % len(pitches)
            strokes.append(Stroke(beat, until - beat, pitches[voice], 0.5 + accent + 0.16 * bar.energy))
            continue
        velocity = STRENGTH[sign] * (0.72 + 0.22 * bar.energy) + accent
        played = pitches[1:] if sign == "g" and len(pitches) > 2 else pitches
        strokes += _strummed(beat, (until - beat) * (0.5 if sign == "g" else 0.97), played, velocity, player, sheet)
    # A chord that the rhythm leaves out is struck all the same where it begins, lest the harmony be lost.
    if broken or bar.energy < 0.2:
        return strokes
    return strokes + _missing(player, slots, strokes, sheet)


def _left_out(step: int, sign: str, broken: bool, bar: Bar, sheet: Sheet, dice: Dice) -> bool:
    """Weak notes are dropped where little is played."""
    if step == 0:
        return False
    if sign == "?":
        return not dice.chance(0.2 + 0.5 * sheet.density)
    thin = max(0.0, 0.5 - sheet.density) + max(0.0, 0.4 - bar.energy) * (1.0 if broken else 0.5)
    return dice.chance(thin if step % 4 else thin / 3)


def _missing(
    player: Player, slots: Sequence[tuple[Slot, tuple[int, ...]]], written: Sequence[Stroke], sheet: Sheet
) -> list[Stroke]:
    strokes: list[Stroke] = []
    for slot, pitches in slots:
        end = slot.beat + slot.beats
        if not any(slot.beat - 1e-6 <= stroke.beat < end for stroke in written):
            strokes += _strummed(slot.beat, slot.beats * 0.9, pitches, 0.5, player, sheet)
    return strokes


def _strummed(
    beat: float, beats: float, pitches: Sequence[int], velocity: float, player: Player, sheet: Sheet
) -> list[Stroke]:
    """A chord from below, its notes a little after one another; the upper ones are softer but for the top."""
    apart = sheet.beats_of(player.strum_ms)
    top = len(pitches) - 1
    return [
        Stroke(
            beat + place * apart,
            max(beats - place * apart, 0.1),
            pitch,
            min(1.0, velocity * (1.0 if place in {0, top} else 0.9)),
        )
        for place, pitch in enumerate(pitches)
    ]


def write_pad(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:  # noqa: ARG001 - a pad throws no dice
    """Held chords. A note that the next chord has as well is not struck again."""
    hands = Hands(player, sheet)
    slots = [(slot, bar, hands.on(slot.chord)) for bar in bars_of(player, sheet) for slot in bar.slots]
    return _held([(slot, bar, pitches, _swell(bar)) for slot, bar, pitches in slots], sheet)


def write_drone(player: Player, sheet: Sheet, dice: Dice) -> list[Stroke]:  # noqa: ARG001 - nor does a drone
    """The root of each chord, with its fifth where there are two hands, held for as long as it is one."""
    low, high = player.register
    held = []
    for bar in bars_of(player, sheet):
        if bar.opening and low < _LOW:
            continue
        for slot in bar.slots:
            root = nearest(slot.chord.root, low + 6, low, high)
            fifth = nearest(slot.chord.steady[-1], root + 7, low, high)
            pitches = tuple(sorted({root, fifth})) if player.hands > 1 else (root,)
            held.append((slot, bar, pitches, _swell(bar)))
    return _held(held, sheet)


def _swell(bar: Bar) -> float:
    return (0.5 if bar.soft else 0.42) + 0.3 * bar.energy


def _held(chords: Sequence[tuple[Slot, Bar, tuple[int, ...], float]], sheet: Sheet) -> list[Stroke]:
    strokes: list[Stroke] = []
    sounding: dict[int, tuple[float, float]] = {}  # by pitch: since when, and how loud
    last = 0.0
    for slot, bar, pitches, velocity in chords:
        gap = abs(slot.beat - last) > 1e-6
        for pitch in sorted(sounding):
            since, loud = sounding[pitch]
            if gap or pitch not in pitches or slot.beat - since >= _HELD_BEATS_MAX:
                del sounding[pitch]
                strokes.append(Stroke(since, last - since + _OVERLAP_BEATS, pitch, loud))
        for pitch in pitches:
            sounding.setdefault(pitch, (slot.beat, velocity))
        last = sheet.end_beat if bar.final else slot.beat + slot.beats
    strokes += [Stroke(since, last - since, pitch, loud) for pitch, (since, loud) in sorted(sounding.items())]
    return strokes
