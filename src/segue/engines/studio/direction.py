"""Pure. What is decided before a note is written: genre, key, tempo, how much is played. A wish comes before a habit.

Of a session all segments share what is decided here; only their dice differ.
"""

from dataclasses import dataclass

import msgspec

from segue.engines.brief import Brief, Segment
from segue.engines.studio import words
from segue.engines.studio.dice import Dice
from segue.engines.studio.genres import GENRES
from segue.engines.studio.goals import Goal, goal_of, tempo_factor
from segue.engines.studio.heard import Heard
from segue.engines.studio.keys import BRIGHT, Key, read_key
from segue.engines.studio.table import Genre
from segue.engines.studio.words import Wishes

# The composer's own version: an equal brief gives an equal score for as long as it stands.
VERSION = "1"

# Where a prompt names and suggests nothing, its words decide, always alike.
_ANYTHING = ("lo-fi", "ambient", "minimal", "piano", "folk", "synthwave")
# How far beyond the habits of its genre a piece may be slow or fast.
_BEYOND = 0.15


@dataclass(frozen=True, slots=True)
class Direction:
    """`fixed` says that somebody named the tempo. `band` are the dice for who plays and on what, `dice` those for what
    they play; `lift` makes all sections stronger, or below 0 weaker.
    """

    genre: Genre
    key: Key
    tempo_bpm: float
    fixed: bool
    density: float
    lift: float
    wishes: Wishes
    band: Dice
    dice: Dice


def decide(brief: Brief, heard: Heard | None) -> Direction:
    wishes = words.read(brief.prompt, brief.style_tags)
    asked = " ".join(words.tokens("\n".join((brief.prompt, *brief.style_tags))))
    whose = brief.seed if brief.segment is None else f"session {brief.segment.session_seed}"
    band = Dice(f"studio {VERSION} {whose} {asked}")
    goal = goal_of(brief.segment.goal) if brief.segment else None
    genre = _genre(brief, wishes, goal, band)
    named = brief.tempo_bpm or wishes.tempo_bpm or (heard.tempo_bpm if heard else None)
    energy = wishes.energy if heard is None else 0.5 * wishes.energy + heard.energy - 0.5
    intensity = 0.0 if brief.segment is None else brief.segment.intensity - 0.5
    return Direction(
        genre=genre,
        key=_key(brief, wishes, heard, genre, band.stream("key")),
        tempo_bpm=named or _tempo(_habits(genre, goal), wishes, band.stream("tempo"), brief.segment),
        fixed=named is not None,
        density=_within(0.5 + 0.3 * wishes.density + 0.15 * energy + 0.8 * intensity, 0.1, 1.0),
        lift=0.15 * energy + 0.2 * intensity,
        wishes=wishes,
        band=band,
        dice=band if brief.segment is None else band.stream(f"segment {brief.segment.index}"),
    )


def _genre(brief: Brief, wishes: Wishes, goal: Goal | None, band: Dice) -> Genre:
    name = wishes.genre or Dice(" ".join(words.tokens(brief.prompt))).pick(_ANYTHING)
    if goal is None:
        return GENRES[name]
    # A session is cut into bars of four beats.
    if goal.genres or GENRES[name].beats_per_bar != 4:
        name = band.stream("genre").pick(goal.genres or _ANYTHING)
    return msgspec.structs.replace(GENRES[name], target_lufs=goal.target_lufs)


def _habits(genre: Genre, goal: Goal | None) -> tuple[float, float]:
    """The slowest and the fastest tempo: a prompt that describes a genre of its own goes as fast as that does."""
    return genre.tempo_bpm if goal is None or not goal.genres else goal.tempo_bpm


def _key(brief: Brief, wishes: Wishes, heard: Heard | None, genre: Genre, dice: Dice) -> Key:
    asked = read_key(brief.key) if brief.key else None
    found = asked or wishes.key or (read_key(heard.key) if heard and heard.key else None)
    if found is not None:
        return found
    wanted = [mode for mode in genre.modes if abs(wishes.mood) < 0.2 or (mode in BRIGHT) == (wishes.mood > 0)]
    tonic = dice.below(12)
    return Key(tonic, dice.pick(wanted or [("major" if wishes.mood > 0 else "minor")]))


def _tempo(habits: tuple[float, float], wishes: Wishes, dice: Dice, segment: Segment | None) -> float:
    low, high = habits
    place = 0.5 + 0.45 * wishes.pace + 0.15 * wishes.energy + 0.5 * (dice.roll() - 0.5)
    wide = _BEYOND * abs(wishes.pace)
    tempo = _within(low + (high - low) * place, low * (1 - wide), high * (1 + wide))
    return tempo if segment is None else _within(tempo * tempo_factor(segment.intensity), low, high)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
