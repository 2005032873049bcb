"""Pure. What a table of a genre says, and in which words. The tables themselves are in `genres`."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from segue.engines.studio.score import Room

# drums, bass and chords play cells; a pad holds chords, a drone holds the root; a tune is made of the motif, a counter
# answers it; sparkle strews notes of the chord; a texture lasts; a riser leads into what is louder.
Role = Literal["drums", "bass", "chords", "pad", "drone", "tune", "counter", "sparkle", "texture", "riser"]
Stem = Literal["drums", "bass", "chords", "lead", "pads", "strings", "fx"]

# How hard a sign of a groove or of a cell is played. `?` is played only sometimes.
STRENGTH = {"g": 0.28, "o": 0.52, "x": 0.7, "X": 0.92, "?": 0.42}

# A kit's lanes by name: General MIDI's percussion.
LANES = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "tom_low": 41,
    "hat": 42,
    "pedal": 44,
    "tom_mid": 45,
    "open": 46,
    "tom_high": 48,
    "crash": 49,
    "ride": 51,
    "tambourine": 54,
    "cowbell": 56,
    "shaker": 70,
    "claves": 75,
}

Groove = Mapping[str, str]


class Feel(msgspec.Struct, frozen=True, kw_only=True):
    """How players keep time. `swing` is where the second of two notes comes, 0.5 being even, and `swung` the notes
    that swing, in sixteenths (1 or 2). Times are moved by up to the given milliseconds; `late_ms` is how far behind
    the beat snare and clap sit.
    """

    swing: float = 0.5
    swung: int = 1
    drums_ms: float = 3.0
    players_ms: float = 6.0
    late_ms: float = 0.0


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """How a player is mixed: in the words of `score.Part`."""

    level_db: float = 0.0
    pan: float = 0.0
    width: float = 0.3
    send: float = 0.2
    duck: float = 0.0
    low_cut_hz: float = 0.0
    high_cut_hz: float = 20_000.0
    brightness: float = 0.5


class Player(msgspec.Struct, frozen=True, kw_only=True):
    """One player. `voices` are what it may play on, the usual one first. `plays` names the sections it plays in, and
    `late` lets it come in only when half of its first section is over. Pitches lie within `register`; `hands` is how
    many notes of a chord it plays, `touch` how hard; with the `pedal`
    down notes sound on until the chord changes. `cells` are its rhythms, one of which a section has.
    """

    name: str
    stem: Stem
    role: Role
    voices: tuple[str, ...]
    plays: str = "intro a b break outro"
    late: bool = False
    cells: tuple[str, ...] = ()
    register: tuple[int, int] = (36, 84)
    hands: int = 4
    strum_ms: float = 0.0
    touch: float = 1.0
    pedal: bool = False
    desk: Desk = Desk()


class Genre(msgspec.Struct, frozen=True, kw_only=True):
    """One genre. Progressions are for bright modes and for dark ones; `home` is the chord that it begins and ends on,
    `cadence` the one before the end. `grooves` go from light to full, `fills` replace the end of a bar. The players
    stand in the order in which a small ensemble would ask them. `tunes` are the rhythms of a motif; `pentatonic`
    keeps the tune to five notes.
    """

    name: str
    tempo_bpm: tuple[float, float]
    modes: tuple[str, ...]
    bright: tuple[str, ...] = ()
    dark: tuple[str, ...] = ()
    home: str = "1"
    cadence: str = "5:sus4"
    beats_per_bar: int = 4
    feel: Feel = Feel()
    grooves: tuple[Groove, ...] = ()
    fills: tuple[Groove, ...] = ()
    tunes: tuple[str, ...] = ()
    pentatonic: bool = False
    players: tuple[Player, ...]
    energies: Mapping[str, float] = {}
    room: Room = Room()
    drive: float = 0.3
    target_lufs: float = -16.0
