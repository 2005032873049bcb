"""Pure. From beats to seconds as people play them: swing, times that are a little off, velocities never equal."""

from collections.abc import Sequence

from segue.engines.studio.dice import Dice
from segue.engines.studio.grid import Stroke
from segue.engines.studio.score import Note
from segue.engines.studio.table import LANES, Feel, Player

_LENGTH_S_MIN = 0.04
_LATE = frozenset({LANES["snare"], LANES["clap"], LANES["rim"]})
_ONE_VOICE = frozenset({"bass", "tune", "counter"})


def played(
    strokes: Sequence[Stroke], player: Player, feel: Feel, tempo_bpm: float, end_s: float, dice: Dice
) -> list[Note]:
    """The notes in order of time. All lie from 0 to `end_s`; of two of one pitch, the first ends where the second
    begins, and so do all notes of those who have one voice.
    """
    drums = player.role == "drums"
    loose_s = (feel.drums_ms if drums else feel.players_ms) / 1000
    beat_s = 60 / tempo_bpm
    # What starts together is late together: a hand falls as one.
    shifts: dict[float, float] = {}
    notes = []
    for stroke in strokes:
        if stroke.beat not in shifts:
            shifts[stroke.beat] = loose_s * (dice.roll() + dice.roll() - 1)
        at_s = swung(stroke.beat, feel) * beat_s + shifts[stroke.beat]
        if drums and stroke.pitch in _LATE:
            at_s += feel.late_ms / 1000
        at_s = max(0.0, at_s)
        until_s = min(swung(stroke.beat + stroke.beats, feel) * beat_s, end_s)
        velocity = stroke.velocity * player.touch * (1 + 0.1 * (dice.roll() - 0.5))
        if at_s < end_s - _LENGTH_S_MIN:
            length_s = min(max(until_s - at_s, _LENGTH_S_MIN), end_s - at_s)
            notes.append(Note(at_s, length_s, stroke.pitch, min(max(velocity, 0.05), 1.0)))
    notes.sort()
    return _apart(notes, one_voice=player.role in _ONE_VOICE)


def swung(beat: float, feel: Feel) -> float:
    """Where a beat of the paper falls when every second one of the swung notes comes late."""
    if feel.swing == 0.5:
        return beat
    pair = feel.swung / 2
    whole, part = divmod(beat / pair, 1.0)
    bent = 2 * part * feel.swing if part <= 0.5 else feel.swing + 2 * (part - 0.5) * (1 - feel.swing)
    return (whole + bent) * pair


def _apart(notes: list[Note], *, one_voice: bool) -> list[Note]:
    following: dict[int, float] = {}
    kept: list[Note] = []
    for note in reversed(notes):
        voice = 0 if one_voice else note.pitch
        room_s = following.get(voice, float("inf")) - note.at_s
        if room_s < _LENGTH_S_MIN / 2:
            continue  # two at once: the later one is heard
        kept.append(note if note.length_s <= room_s else note._replace(length_s=room_s))
        following[voice] = note.at_s
    return kept[::-1]
