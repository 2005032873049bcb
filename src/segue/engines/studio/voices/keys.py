"""Pure. Instruments with keys: the piano and the one with felt before its strings, the electric piano, the organ."""

import numpy as np
import numpy.typing as npt

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import RATE_HZ, Curve, Sound, Touch, Tremolo, Voice, Wave, count, seconds
from segue.engines.studio.voices.tones import (
    band,
    cycle,
    cycle_of,
    died,
    dying,
    harmonics,
    lasting,
    read,
    ringing,
    rising,
)

# Where the hammer meets the string, as a share of its length: partials with a knot there stay silent.
_STRUCK_AT = 1 / 8.3
_RING_MAX_S = 9.0


def _strings(touch: Touch, dice: Dice, *, cut_hz: float, slope: float, samples: int) -> Wave:
    """Two of the three strings of a key, hardly apart: together they die away fast at first and then slowly."""
    stiffness = 1e-4 * 2 ** ((touch.pitch - 45) / 10)
    number = harmonics(touch.hz)[:70]
    hz = number * touch.hz * np.sqrt(1 + stiffness * number**2)
    strengths = number**-slope * np.exp(-hz / cut_hz) * np.abs(np.sin(np.pi * number * _STRUCK_AT)) ** 0.6
    ring_s = 2.6 * 2 ** ((48 - touch.pitch) / 15)
    fades = ring_s / (1 + 0.12 * number * (touch.hz / 220) ** 0.5)
    ears = np.stack([strengths * _apart(dice, len(number)) for _ in range(2)])
    lean = np.clip((touch.pitch - 60) / 60, -0.3, 0.3)
    ears *= np.array([[1 - lean], [1 + lean]])
    apart = 1 + dice.one(1.2e-4, 3.5e-4)
    return ringing(
        np.concatenate([hz, hz * apart]),
        np.concatenate([0.7 * ears, 0.34 * ears], axis=1),
        np.concatenate([fades * 0.4, fades * 1.5]),
        samples,
        np.tile(dice.between(-0.6, 0.6, len(number)), 2),
    )


def _apart(dice: Dice, partials: int) -> npt.NDArray[np.complex128]:
    """How one ear hears each partial of a large soundboard: stronger or weaker, sooner or later."""
    turned: npt.NDArray[np.complex128] = np.exp(1j * dice.between(-0.7, 0.7, partials))
    return turned * dice.between(0.55, 1.45, partials)


def _ring(touch: Touch) -> int:
    return count(min(touch.seconds, _RING_MAX_S, 7.0 * 2 ** ((60 - touch.pitch) / 18)))


def _piano(touch: Touch, dice: Dice) -> Sound:
    samples = _ring(touch)
    cut_hz = (700 + 3_600 * touch.velocity**1.6) * (0.6 + 0.8 * touch.brightness) * (touch.hz / 262) ** 0.35
    wave = _strings(touch, dice, cut_hz=cut_hz, slope=0.75, samples=samples) * rising(samples, 0.0012)
    wave *= 1 / np.abs(wave).max()
    knock = band(dice, samples, 120, 1_400) * dying(samples, 0.022) * 0.09 * touch.velocity
    return Sound(died(wave + knock, touch))


def _felt(touch: Touch, dice: Dice) -> Sound:
    """Played softly through felt, close to the microphone: little above the fundamental, and the mechanism is heard."""
    samples = _ring(touch)
    cut_hz = (300 + 900 * touch.velocity) * (0.6 + 0.8 * touch.brightness) * (touch.hz / 262) ** 0.45
    wave = _strings(touch, dice, cut_hz=cut_hz, slope=0.9, samples=samples) * rising(samples, 0.007)
    wave *= 1 / np.abs(wave).max()
    felt = band(dice, samples, 250, 2_600, 1) * dying(samples, 0.035) * rising(samples, 0.004) * 0.05
    thump = ringing([62, 97], [0.05, 0.04], [0.05, 0.04], samples) * rising(samples, 0.003)
    return Sound(died(wave + felt + thump, touch))


def _epiano(touch: Touch, dice: Dice) -> Sound:
    """A tine before a pickup: the harder it swings, the more the pickup bends it; the tine's own tones ring briefly."""
    samples = count(min(touch.seconds, _RING_MAX_S))
    at_s, hz, hard = seconds(samples), touch.hz, touch.velocity
    ring_s = 1.9 * 2 ** ((60 - touch.pitch) / 20)
    swing = dying(samples, ring_s)
    bend = (0.25 + 1.5 * hard**1.5) * (0.6 + 0.8 * touch.brightness) * dying(samples, ring_s * 0.45)
    turns = (2 * np.pi) * np.mod(hz * at_s, 1.0)
    ears = [np.sin(turns * 1.0 + bend * np.sin(turns + lag)) for lag in (-0.5, 0.5)]
    tine_hz = np.array([6.27, 17.55]) * hz
    tine = ringing(tine_hz, np.array([0.16, 0.05]) * (0.3 + hard), [0.22, 0.07], samples, dice.between(-1, 1, 2))
    wave = (np.stack(ears) * swing + tine) * rising(samples, 0.0015)
    return Sound(died(wave, touch))


# Drawbars from 16' to 1': the number of the harmonic of the 16' pipe, and how far each is drawn.
_DRAWBARS = {1: 0.6, 2: 1.0, 3: 0.55, 4: 0.6, 6: 0.25, 8: 0.35, 10: 0.08, 12: 0.12, 16: 0.15}


def _organ(touch: Touch, dice: Dice) -> Sound:
    """Drawbars through a rotor that turns slowly: each ear hears it come nearer at another moment."""
    loop = cycle_of(touch.hz, 2.4)
    at_s, loop_from = lasting(touch, count(0.9), loop)
    bars = np.zeros(16)
    for number, drawn in _DRAWBARS.items():
        lift = 1.0 if number <= 4 else 0.4 + 1.2 * touch.brightness
        bars[number - 1] = drawn * lift if touch.hz * number / 2 < 9_000 else 0.0
    table = cycle(bars, dice.between(-np.pi, np.pi, 16))
    ears = [read(table, (loop.hz * at_s + _rotor(loop.hz, at_s, lag, loop.samples)) / 2 + 4) for lag in (0.0, 1.9)]
    click = band(dice, len(at_s), 1_200, 6_000) * dying(len(at_s), 0.004) * 0.25
    return Sound((np.stack(ears) + click) * rising(len(at_s), 0.004), loop_from)


def _rotor(hz: float, at_s: Curve, lag: float, samples: int) -> Curve:
    """By how many periods the turning horn is ahead; it turns a whole number of times in the loop."""
    turn_hz = max(1, round(0.8 * samples / RATE_HZ)) * RATE_HZ / samples
    return hz * 0.0022 / (2 * np.pi * turn_hz) * np.sin(2 * np.pi * turn_hz * at_s + lag)


VOICES = {
    "piano": Voice(tone=_piano, release_s=0.16, layers=4, mono=False),
    "piano_felt": Voice(tone=_felt, release_s=0.28, layers=3, mono=False),
    "epiano": Voice(tone=_epiano, release_s=0.12, layers=4, mono=False, tremolo=Tremolo(4.6, 0.22, stereo=True)),
    "organ": Voice(
        tone=_organ, release_s=0.05, layers=1, curve=0.5, mono=False, tremolo=Tremolo(0.8, 0.12, stereo=True)
    ),
}
