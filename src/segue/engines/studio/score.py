"""Pure. A piece as notes and directions: what the composer hands to whoever plays it."""

from typing import NamedTuple

import msgspec

# What can be played, with the General MIDI program (counted from 0) that comes closest to it; None is no instrument
# of General MIDI. Kits take General MIDI's percussion numbers as pitches: 36 kick, 37 rim, 38 snare, 39 clap, 42 closed
# hat, 44 pedal hat, 46 open hat, 49 crash, 51 ride, 41/45/48 toms, 54 tambourine, 56 cowbell, 70 shaker, 75 claves.
VOICES: dict[str, int | None] = {
    **dict.fromkeys(("kit_lofi", "kit_house", "kit_techno", "kit_rock", "kit_funk", "kit_chip", "kit_brush"), 0),
    "bass_sub": 39,
    "bass_upright": 32,
    "bass_electric": 33,
    "bass_synth": 38,
    "bass_acid": 87,
    "bass_chip": 80,
    "piano": 0,
    "piano_felt": 0,
    "epiano": 4,
    "organ": 16,
    "guitar_clean": 27,
    "guitar_muted": 28,
    "guitar_drive": 30,
    "strings": 48,
    "strings_pizzicato": 45,
    "cello": 42,
    "horns": 60,
    "brass": 61,
    "choir": 52,
    "pad_warm": 89,
    "pad_saw": 90,
    "pad_glass": 88,
    "stab": 62,
    "pluck": 46,
    "bell": 14,
    "vibraphone": 11,
    "marimba": 12,
    "flute": 73,
    "lead_sine": 79,
    "lead_saw": 81,
    "lead_square": 80,
    "chip_chords": 80,
    "chip_lead": 80,
    "drone_low": 95,
    "drone_air": 94,
    "riser": None,
    "vinyl": None,
    "rain": None,
    "wind": None,
}


class Note(NamedTuple):
    """When it begins and how long it is held, in seconds from the start of the piece, humanised already; its MIDI pitch
    and how hard it is played, from 0 to 1.
    """

    at_s: float
    length_s: float
    pitch: int
    velocity: float


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one player plays. Parts of one `stem` are mixed into one stem.

    `level_db` is the fader over parts that were brought to one loudness before; `pan` is from -1 (left) to 1 (right);
    `width` from 0 (one point) to 1; `send` into the common room from 0 to 1; `duck` from 0 to 1, how far the kick
    pushes it back; `brightness` from 0 (dark) to 1.
    """

    name: str
    stem: str
    voice: str
    notes: tuple[Note, ...]
    level_db: float = 0.0
    pan: float = 0.0
    width: float = 0.3
    send: float = 0.2
    duck: float = 0.0
    low_cut_hz: float = 0.0
    high_cut_hz: float = 20_000.0
    brightness: float = 0.5


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of whole bars with one character: `intro`, `a`, `b`, `break`, `outro`; `energy` from 0 to 1."""

    name: str
    first_bar: int
    bars: int
    start_s: float
    energy: float


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The one reverb of a piece: its time to -60 dB, its darkness from 0 to 1, and the delay before it."""

    decay_s: float = 1.6
    damping: float = 0.5
    predelay_s: float = 0.015


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A piece, whole. `length_s` is the length of the file to the sample; the music ends at `music_ends_s`, and what is
    left of it is the tail, which has faded to nothing at the end. `kicks_s` are what parts duck under. `drive` from 0
    to 1 is how hard the bus is pressed.
    """

    tempo_bpm: float
    beats_per_bar: int
    key: str
    genre: str
    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    kicks_s: tuple[float, ...] = ()
    length_s: float
    music_ends_s: float
    fade_out_s: float = 0.0
    # How much of the beginning and of the end of a segment is faded over.
    soft_s: tuple[float, float] = (0.0, 0.0)
    room: Room = Room()
    drive: float = 0.3
    target_lufs: float = -16.0
    seed: int

    @property
    def bar_s(self) -> float:
        return 60 / self.tempo_bpm * self.beats_per_bar
