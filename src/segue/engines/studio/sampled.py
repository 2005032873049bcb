"""Pure. The voices of the orchestra: instruments that exist are played from the SoundFont, and synthesisers stay ours.

A sampled tone is a tone like any other: the same players, the same desk, the same master.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from segue.engines.studio import score
from segue.engines.studio.voices import RATE_HZ, VOICES, Dice, Sound, Touch, Tremolo, Voice, Wave
from segue.engines.studio.voices.tones import low_pass, rising, shaped

_HELD_MAX_S = 8.0
_JOIN_FROM_S, _JOIN_S = 2.0, 1.0  # where a held tone goes back to, and how long it takes


class Font(Protocol):
    """What plays single tones: `SoundFont`."""

    def tone(self, program: int, pitch: int, velocity: float, samples: int) -> Wave: ...

    def kit_tone(self, program: int, number: int, velocity: float, samples: int) -> Wave: ...


class Sampled(NamedTuple):
    """How an instrument of the font is played: how long its tone dies after it was let go, whether it can be held for
    ever, and above what little is left of it (for the felt before the strings).
    """

    release_s: float
    held: bool = False
    dark_hz: float | None = None
    tremolo: Tremolo | None = None
    curve: float = 1.2


_INSTRUMENTS = {
    "piano": Sampled(0.25),
    "piano_felt": Sampled(0.35, dark_hz=1_100.0),
    "epiano": Sampled(0.15, tremolo=VOICES["epiano"].tremolo),
    "organ": Sampled(0.06, held=True, curve=0.5),
    "bass_upright": Sampled(0.1),
    "bass_electric": Sampled(0.08),
    "guitar_clean": Sampled(0.12),
    "guitar_muted": Sampled(0.1),
    "guitar_drive": Sampled(0.08, held=True, curve=0.8),
    "strings": Sampled(0.4, held=True),
    "strings_pizzicato": Sampled(0.3),
    "cello": Sampled(0.25, held=True),
    "horns": Sampled(0.2, held=True),
    "brass": Sampled(0.15, held=True),
    "choir": Sampled(0.5, held=True),
    "pluck": Sampled(0.5),
    "bell": Sampled(0.8),
    "vibraphone": Sampled(0.3, tremolo=VOICES["vibraphone"].tremolo),
    "marimba": Sampled(0.3),
    "flute": Sampled(0.12, held=True),
}
# Their programs in the bank of the kits: what is struck by hand. What machines play stays a machine's.
_KITS = {"kit_rock": 16, "kit_funk": 8, "kit_brush": 40}
_RINGS_S = 4.0


def orchestra(font: Callable[[], Font]) -> dict[str, Voice]:
    """Every voice of a score; `font` is asked for when the first sampled tone is needed."""
    sampled = {name: _voice(score.VOICES[name] or 0, how, font) for name, how in _INSTRUMENTS.items()}
    kits = {name: _kit(name, program, font) for name, program in _KITS.items()}
    return VOICES | sampled | kits


def _voice(program: int, how: Sampled, font: Callable[[], Font]) -> Voice:
    def tone(touch: Touch, _: Dice) -> Sound:
        samples = round(min(touch.seconds, _HELD_MAX_S if how.held else 12.0) * RATE_HZ) + 1
        wave = font().tone(program, touch.pitch, touch.velocity, samples)
        if how.dark_hz:
            cut_hz = how.dark_hz * (0.5 + touch.velocity) * (0.5 + touch.brightness)
            wave = shaped(wave, lambda hz: low_pass(hz, cut_hz, 1)) * rising(samples, 0.006)
        return _joined(wave) if how.held and touch.seconds > _HELD_MAX_S else Sound(wave)

    return Voice(tone=tone, release_s=how.release_s, layers=5, curve=how.curve, mono=False, tremolo=how.tremolo)


def _kit(name: str, program: int, font: Callable[[], Font]) -> Voice:
    def tone(touch: Touch, _: Dice) -> Sound:
        return Sound(font().kit_tone(program, touch.pitch, touch.velocity, round(_RINGS_S * RATE_HZ)))

    ours = VOICES[name]
    return Voice(
        tone=tone, release_s=0.03, layers=5, damped=False, choked=ours.choked, even=False, curve=0.35, mono=False
    )


def _joined(wave: Wave) -> Sound:
    """A held tone without end: its last second goes over into one of its first."""
    join, begin = round(_JOIN_S * RATE_HZ), round(_JOIN_FROM_S * RATE_HZ)
    angle = np.linspace(0, np.pi / 2, join, dtype=np.float32)
    wave = wave.copy()
    wave[:, -join:] = wave[:, -join:] * np.cos(angle) + wave[:, begin : begin + join] * np.sin(angle)
    return Sound(wave, begin + join)
