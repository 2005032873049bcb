"""Pure. The drum kits: which drum answers to which number of General MIDI's percussion, and what each kit is like."""

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.drums import (
    Kick,
    Metal,
    Snare,
    brushed,
    clap,
    claves,
    cowbell,
    cymbal,
    hat,
    kick,
    rim,
    shaker,
    snare,
    stepped,
    tambourine,
    tom,
)
from segue.engines.studio.voices.sound import Sound, Touch, Voice, Wave, mono, placed
from segue.engines.studio.voices.tones import low_pass, shaped

CLOSED, PEDAL, OPEN = 42, 44, 46

# Numbers that only some kits of General MIDI have, played by the nearest drum.
_NEAREST = {35: 36, 40: 38, 43: 41, 47: 45, 50: 48, 52: 49, 55: 49, 57: 49, 53: 51, 59: 51, 69: 70, 82: 70, 76: 75}
_TOMS_HZ = {41: 82.0, 45: 112.0, 48: 150.0}
_PLACES = {37: 0.2, 38: -0.08, 39: 0.12, 41: -0.6, 45: -0.1, 48: 0.5, 54: 0.6, 56: -0.5, 70: -0.65, 75: 0.45}
_HAT_PLACE = 0.4


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """What makes one kit different. `levels` are gains by number; above `dark_hz` little of it is left."""

    kick: Kick
    snare: Snare
    hat: Metal
    crash_fade_s: float = 0.55
    ride_fade_s: float = 0.5
    clap_fade_s: float = 0.08
    tom_fade_s: float = 0.2
    dark_hz: float | None = None
    brushes: bool = False
    steps: bool = False
    levels: Mapping[int, float] = {}


_LEVELS = {36: 1.0, 37: 0.5, 38: 0.78, 39: 0.68, 41: 0.7, 45: 0.7, 48: 0.7, CLOSED: 0.46, PEDAL: 0.34, OPEN: 0.46}
_LEVELS |= {49: 0.6, 51: 0.44, 54: 0.42, 56: 0.34, 70: 0.42, 75: 0.4}

KITS = {
    "kit_lofi": Kit(
        kick=Kick(51, 150, 0.028, 0.13, 0.1, 0.12, 0.35),
        snare=Snare(186, 0.75, 0.075, 1_100, 6_500, 0.1, 0.25),
        hat=Metal(1.05, 6_200, 0.032, 0.16, 0.55),
        dark_hz=15_000,
        levels={38: 0.9, CLOSED: 0.66, PEDAL: 0.5, OPEN: 0.66, 70: 0.6},
    ),
    "kit_house": Kit(
        kick=Kick(49, 230, 0.024, 0.17, 0.3, 0.2, 0.5),
        snare=Snare(205, 0.55, 0.06, 1_500, 11_000, 0.11, 0.5),
        hat=Metal(1.35, 7_500, 0.03, 0.2, 0.35),
        clap_fade_s=0.1,
    ),
    "kit_techno": Kit(
        kick=Kick(46, 290, 0.03, 0.2, 0.35, 0.15, 1.0),
        snare=Snare(190, 0.5, 0.05, 1_800, 12_000, 0.08, 0.5),
        hat=Metal(1.5, 8_200, 0.024, 0.17, 0.25),
        clap_fade_s=0.07,
    ),
    "kit_rock": Kit(
        kick=Kick(58, 190, 0.018, 0.11, 0.55, 0.5, 0.25),
        snare=Snare(192, 0.85, 0.09, 1_200, 11_500, 0.13, 0.8),
        hat=Metal(1.12, 5_600, 0.04, 0.3, 0.5),
        crash_fade_s=0.75,
        tom_fade_s=0.26,
    ),
    "kit_funk": Kit(
        kick=Kick(62, 170, 0.016, 0.085, 0.5, 0.4, 0.2),
        snare=Snare(232, 0.8, 0.06, 1_800, 12_500, 0.085, 0.8),
        hat=Metal(1.2, 6_800, 0.026, 0.2, 0.45),
        tom_fade_s=0.18,
    ),
    "kit_brush": Kit(
        kick=Kick(56, 110, 0.02, 0.12, 0.12, 0.15, 0.0),
        snare=Snare(200, 0.4, 0.06, 900, 8_000, 0.1, 0.2),
        hat=Metal(1.0, 5_200, 0.045, 0.25, 0.6),
        ride_fade_s=0.8,
        brushes=True,
        levels={36: 0.75, 51: 0.5},
    ),
    "kit_chip": Kit(
        kick=Kick(48, 420, 0.03, 0.09, 0.0, 0.0, 1.4),
        snare=Snare(180, 0.5, 0.05, 1_000, 9_000, 0.1, 0.4),
        hat=Metal(1.3, 7_000, 0.02, 0.1, 1.0),
        steps=True,
    ),
}


def _struck(kit: Kit, number: int, velocity: float, dice: Dice) -> Wave:
    """(2, samples) or one channel of what answers to the number."""
    if kit.steps and number in _STEPS:
        step, fade_s = _STEPS[number]
        return stepped(velocity, dice, step, fade_s)
    if number == 38 and kit.brushes:
        return brushed(velocity, dice)
    drums: dict[int, Callable[[], Wave]] = {
        36: lambda: kick(kit.kick, velocity, dice),
        38: lambda: snare(kit.snare, velocity, dice),
        39: lambda: clap(velocity, dice, kit.clap_fade_s),
        CLOSED: lambda: hat(kit.hat, velocity, dice, kit.hat.closed_fade_s * (0.8 + 0.5 * velocity)),
        PEDAL: lambda: hat(kit.hat, velocity * 0.6, dice, kit.hat.closed_fade_s * 0.7),
        OPEN: lambda: hat(kit.hat, velocity, dice, kit.hat.open_fade_s),
        49: lambda: cymbal(velocity, dice, low_hz=380, fade_s=kit.crash_fade_s, ping=0.0, wash=0.8),
        51: lambda: cymbal(velocity, dice, low_hz=520, fade_s=kit.ride_fade_s, ping=1.0, wash=0.12),
        54: lambda: tambourine(velocity, dice),
        56: lambda: cowbell(velocity),
        70: lambda: shaker(velocity, dice),
        75: lambda: claves(velocity),
    }
    if number in _TOMS_HZ:
        return tom(_TOMS_HZ[number], velocity, dice, kit.tom_fade_s)
    return drums[number]() if number in drums else rim(velocity, dice)


# Of the chip's noise: how long each value is held, and how soon it is gone.
_STEPS = {38: (3, 0.08), 39: (2, 0.06), CLOSED: (1, 0.02), PEDAL: (1, 0.014), OPEN: (1, 0.1), 49: (2, 0.4)}


def _tone(kit: Kit, touch: Touch, dice: Dice) -> Sound:
    number = _NEAREST.get(touch.pitch, touch.pitch)
    wave = _struck(kit, number, touch.velocity, dice)
    if kit.dark_hz:
        wave = shaped(wave, lambda hz: low_pass(hz, kit.dark_hz or 0.0))
    wave = wave * np.float32({**_LEVELS, **kit.levels}.get(number, 0.5) / (np.abs(wave).max() + 1e-9))
    if wave.ndim == 2:
        return Sound(wave)
    place = _HAT_PLACE if number in {CLOSED, PEDAL, OPEN} else _PLACES.get(number, 0.0)
    return Sound(placed(wave, place) if place else mono(wave))


def _kit(kit: Kit) -> Voice:
    return Voice(
        tone=lambda touch, dice: _tone(kit, touch, dice),
        release_s=0.012,
        layers=4,
        variants=1 if kit.steps else 3,
        damped=False,
        choked=frozenset({OPEN, CLOSED, PEDAL}),
        even=False,
        curve=1.3,
        mono=False,
    )


VOICES = {name: _kit(kit) for name, kit in KITS.items()}
