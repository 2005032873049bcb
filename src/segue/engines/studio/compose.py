"""Pure. Composes a piece: what it is, its form, its chords; then every player writes his part and plays it.

An equal brief is an equal score, for as long as `VERSION` stands. Nothing is read, and no clock is asked.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from segue.engines.brief import Brief, Segment
from segue.engines.studio import bass, colours, comping, drums, tune
from segue.engines.studio.band import band_of
from segue.engines.studio.dice import Dice
from segue.engines.studio.direction import VERSION, Direction, decide
from segue.engines.studio.form import Planned, fit, fit_freely, sections
from segue.engines.studio.grid import Bar, Stroke
from segue.engines.studio.harmony import STILL_FROM, bars_of
from segue.engines.studio.heard import Heard
from segue.engines.studio.motif import Motif, contrast, invent, mutated
from segue.engines.studio.score import Note, Part, Score, Section
from segue.engines.studio.sheet import Sheet
from segue.engines.studio.table import LANES, Player, Role
from segue.engines.studio.timing import played

__all__ = ["VERSION", "compose"]

_Writer = Callable[[Player, Sheet, Dice], list[Stroke]]
_WRITERS: dict[Role, _Writer] = {
    "drums": drums.write,
    "bass": bass.write,
    "chords": comping.write_chords,
    "pad": comping.write_pad,
    "drone": comping.write_drone,
    "tune": tune.write,
    "counter": tune.write_counter,
    "sparkle": colours.write_sparkle,
    "texture": colours.write_texture,
    "riser": colours.write_riser,
}
_TUNES = ("x--x--x-........", "x---..x-x---....", "..x-x-x---......")
_GROUND: frozenset[Role] = frozenset({"bass", "drone"})
_HELD: frozenset[Role] = frozenset({"pad", "drone", "texture"})
# A file that is cut at a bar still ends without a click.
_CUT_S = 0.02
_FADE_S_MAX = 5.0


class _Shape:
    """The length of a piece on paper and in seconds."""

    def __init__(self, brief: Brief, direction: Direction) -> None:
        genre, self.length_s, self.beats = direction.genre, brief.duration_s, direction.genre.beats_per_bar
        self.tempo_bpm = direction.tempo_bpm
        if brief.segment is not None:
            # All segments of a session have one length: it is whole bars of one tempo, and nothing is left over.
            self.bars = max(1, round(self.length_s / self.bar_s))
            self.tempo_bpm = 60 * self.beats * self.bars / self.length_s
        else:
            ring_s = 0.4 * self.bar_s + min(genre.room.decay_s, 3.0)
            if direction.fixed:
                fitted = fit(self.length_s, direction.tempo_bpm, self.beats, ring_s)
            else:
                low, high = sorted((direction.tempo_bpm * 0.92, direction.tempo_bpm * 1.08))
                fitted = fit_freely(self.length_s, direction.tempo_bpm, (low, high), self.beats, ring_s)
            self.tempo_bpm, self.bars = fitted
        self.ends_s = min(self.bars * self.bar_s, self.length_s)

    @property
    def bar_s(self) -> float:
        return 60 / self.tempo_bpm * self.beats

    def soft(self, segment: Segment | None) -> tuple[int, int]:
        """The bars at either end that are faded over."""
        if segment is None:
            return 0, 0
        return math.ceil(segment.fade_in_s / self.bar_s - 1e-3), math.ceil(segment.fade_out_s / self.bar_s - 1e-3)


def compose(brief: Brief, heard: Heard | None = None) -> Score:
    """The score of a brief, of exactly its length. `heard` is the piece that it goes on from."""
    direction = decide(brief, heard)
    shape = _Shape(brief, direction)
    planned = _planned(direction, shape, brief.segment)
    bars = bars_of(direction, planned, brief.segment, shape.soft(brief.segment))
    band = band_of(direction, brief.segment)
    sheet = _sheet(direction, shape, bars, band, brief.segment)
    parts = _parts(band, sheet, shape, direction, brief.segment)
    kicks = sorted(
        note.at_s for part in parts if part.stem == "drums" for note in part.notes if note.pitch == LANES["kick"]
    )
    tail_s = shape.length_s - shape.ends_s
    return Score(
        tempo_bpm=shape.tempo_bpm,
        beats_per_bar=shape.beats,
        key=direction.key.name,
        genre=direction.genre.name,
        sections=_sections(planned, shape),
        parts=parts,
        kicks_s=tuple(kicks),
        length_s=shape.length_s,
        music_ends_s=shape.ends_s,
        fade_out_s=_CUT_S if brief.segment else min(max(tail_s, 0.25 * shape.bar_s), _FADE_S_MAX, shape.length_s / 3),
        soft_s=_soft_s(shape, brief.segment),
        room=direction.genre.room,
        drive=direction.genre.drive,
        target_lufs=direction.genre.target_lufs if brief.target_lufs is None else brief.target_lufs,
        seed=brief.seed,
    )


def _soft_s(shape: _Shape, segment: Segment | None) -> tuple[float, float]:
    first, last = shape.soft(segment)
    return first * shape.bar_s, last * shape.bar_s


def _planned(direction: Direction, shape: _Shape, segment: Segment | None) -> list[Planned]:
    found = sections(shape.bars, shape.length_s, direction.genre.energies, direction.lift)
    if segment is None:
        return found
    # A segment has neither a beginning nor an end: it comes out of one and goes on into another, and stays even.
    return [
        Planned("a" if each.name in {"intro", "outro"} else each.name, each.bars, round(0.25 + 0.5 * each.energy, 3))
        for each in found
    ]


def _sections(planned: Sequence[Planned], shape: _Shape) -> tuple[Section, ...]:
    found: list[Section] = []
    first = 0
    for section in planned:
        found.append(
            Section(
                name=section.name,
                first_bar=first,
                bars=section.bars,
                start_s=first * shape.bar_s,
                energy=section.energy,
            )
        )
        first += section.bars
    return tuple(found)


def _sheet(
    direction: Direction, shape: _Shape, bars: tuple[Bar, ...], band: Sequence[Player], segment: Segment | None
) -> Sheet:
    ringing_s = 0.6 * (shape.length_s - shape.ends_s)
    return Sheet(
        genre=direction.genre,
        key=direction.key,
        tempo_bpm=shape.tempo_bpm,
        bars=bars,
        end_beat=(shape.ends_s + ringing_s) * shape.tempo_bpm / 60,
        density=direction.density,
        motifs=_motifs(direction, segment),
        rootless=any(player.role in _GROUND for player in band),
    )


def _motifs(direction: Direction, segment: Segment | None) -> dict[str, Motif]:
    """The idea of the piece and one that answers it; the further a segment diverges, the less is left of them."""
    cells = direction.genre.tunes or _TUNES
    dice = direction.band.stream("motif")
    first = invent(cells, dice)
    second = contrast(first, cells, dice)
    if segment is not None and segment.index:
        changing = direction.dice.stream("motif")
        first, second = (mutated(motif, segment.divergence, changing) for motif in (first, second))
    return {"a": first, "b": second}


def _parts(
    band: Sequence[Player], sheet: Sheet, shape: _Shape, direction: Direction, segment: Segment | None
) -> tuple[Part, ...]:
    """Who plays the tune writes first, since others answer it."""
    written: dict[str, list[Stroke]] = {}
    for player in sorted(band, key=lambda each: each.role != "tune"):
        written[player.name] = _written(player, sheet, _writing(player, direction, segment), segment)
        if player.role == "tune" and not sheet.tune:
            sheet = replace(sheet, tune=written[player.name])
    found: list[Part] = []
    for player in band:
        thrown = direction.dice.stream(f"{player.name} plays")
        notes = played(written[player.name], player, sheet.genre.feel, sheet.tempo_bpm, shape.length_s, thrown)
        if notes:
            found.append(_part(player, notes))
    return tuple(found)


def _writing(player: Player, direction: Direction, segment: Segment | None) -> Dice:
    """The dice a player writes with: in all segments the same, but for those who diverge. All play them anew."""
    fresh = direction.dice.stream(player.name)
    if segment is None or (segment.index and direction.dice.stream(f"{player.name} goes").chance(segment.divergence)):
        return fresh
    return direction.band.stream(player.name)


def _written(player: Player, sheet: Sheet, dice: Dice, segment: Segment | None) -> list[Stroke]:
    strokes = _WRITERS[player.role](player, sheet, dice)
    if segment is None or segment.goal != "sleep":
        return strokes
    # Whoever falls asleep is not woken by a new note: in the last third only what sounds already goes on.
    end = sheet.end_beat
    still = STILL_FROM * end
    kept = [stroke for stroke in strokes if stroke.beat < still]
    if player.role in _HELD:
        return [each._replace(beats=end - each.beat) if each.beat + each.beats > still else each for each in kept]
    return kept


def _part(player: Player, notes: Sequence[Note]) -> Part:
    desk = msgspec.structs.asdict(player.desk)
    return Part(name=player.name, stem=player.stem, voice=player.voices[0], notes=tuple(notes), **desk)
