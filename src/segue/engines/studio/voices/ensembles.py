"""Pure. What sounds as many: bowed strings, horns and brass, a choir, pads, drones. Each is an endless loop that is
made as a spectrum, a dark one that opens into a bright one.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import RATE_HZ, Curve, Sound, Touch, Tremolo, Voice, Wave, lines_hz
from segue.engines.studio.voices.tones import (
    Band,
    blurred,
    harmonics,
    high_pass,
    low_pass,
    needed,
    opening,
    peak,
    phased,
)

_SHORT_LOOP, _LOOP, _LONG_LOOP = 1 << 17, 1 << 18, 1 << 19  # 3, 6 and 12 s


class Ensemble(NamedTuple):
    """Players of one line: how their harmonics fall, by how many cents they are apart, the filter over them dark and
    bright (Hz, at middle loudness), how long it opens, and the fixed resonances of what they sound in.
    """

    slope: float
    cents: float
    dark_hz: float
    bright_hz: float
    opening_s: float
    body: Callable[[Curve], Curve] | None = None
    odd_only: float = 0.0
    octave: float = 0.0


def _loop(of: Ensemble, touch: Touch, dice: Dice, cut_hz: float, samples: int) -> Wave:
    number = harmonics(touch.hz, min(cut_hz * 6, 17_000.0))
    hz = number * touch.hz
    strengths = number**-of.slope * low_pass(hz, cut_hz)
    strengths[1::2] *= 1 - of.odd_only
    if of.body:
        strengths *= of.body(hz)
    share = 2 ** (of.cents / 1_200) - 1
    bands = [Band(each, strength, each * share) for each, strength in zip(hz, strengths, strict=True)]
    if of.octave:
        bands += [Band(2 * each.hz, of.octave * each.amplitude, 2 * each.width_hz) for each in bands]
    return blurred(bands, samples, dice)


def _tone(of: Ensemble, touch: Touch, dice: Dice) -> Sound:
    lift = (0.45 + 0.9 * touch.velocity) * (0.5 + touch.brightness)
    words = dice.noise(2)
    dark = _loop(of, touch, Dice(*words), max(of.dark_hz * lift, touch.hz * 1.2), _size(touch))
    bright = _loop(of, touch, Dice(*words), max(of.bright_hz * lift, touch.hz * 1.5), _size(touch))
    return opening(dark, bright, of.opening_s, touch)


def _size(touch: Touch) -> int:
    """Samples of a loop in which nobody hears it come round again."""
    return _SHORT_LOOP if touch.seconds < 2.8 else _LOOP


def _voice(of: Ensemble, attack_s: float, release_s: float, **more: float) -> Voice:
    return Voice(
        tone=lambda touch, dice: _tone(of, touch, dice),
        attack_s=attack_s,
        release_s=release_s,
        layers=2,
        mono=False,
        curve=more.get("curve", 1.2),
    )


def _fiddles(hz: Curve) -> Curve:
    return 0.55 + 0.6 * peak(hz, 480, 0.45) + 0.5 * peak(hz, 1_150, 0.4) + 0.55 * peak(hz, 2_900, 0.5)


def _bells_of_brass(hz: Curve) -> Curve:
    return 0.5 + 0.9 * peak(hz, 620, 0.6) + 0.8 * peak(hz, 1_300, 0.5)


def _mouths(hz: Curve) -> Curve:
    """Between an a and an o."""
    return (
        0.06
        + peak(hz, 620, 0.28)
        + 0.75 * peak(hz, 1_050, 0.22)
        + 0.2 * peak(hz, 2_700, 0.2)
        + 0.5 * peak(hz, 250, 0.6)
    )


_SAWS = 7


def _supersaw(touch: Touch, dice: Dice, dark_hz: float, bright_hz: float, opening_s: float, cents: float) -> Sound:
    """Seven saws in each ear. Each has a whole number of periods in the loop: it is drawn as lines and never clicks."""
    both = []
    lift = (0.45 + 0.9 * touch.velocity) * (0.4 + 1.2 * touch.brightness)
    words = dice.noise(2)
    for cut_hz in (dark_hz * lift, bright_hz * lift):
        again = Dice(*words)
        both.append(
            np.stack([_saws(touch.hz, max(cut_hz, touch.hz * 1.5), again, cents, _size(touch)) for _ in range(2)])
        )
    return opening(both[0], both[1], opening_s, touch)


def _saws(hz: float, cut_hz: float, dice: Dice, cents: float, samples: int) -> Wave:
    lines = np.zeros(samples // 2 + 1, np.complex128)
    for place in range(_SAWS):
        apart = (2 * place / (_SAWS - 1) - 1) * cents + dice.one(-1, 1)
        periods = round(hz * 2 ** (apart / 1_200) * samples / RATE_HZ)
        number = np.arange(1, int(18_000 * samples / RATE_HZ / periods) + 1)
        level = (1.0 if place == _SAWS // 2 else 0.7) / number
        level = level * low_pass(number * periods * RATE_HZ / samples, cut_hz)
        lines[number * periods] += level * np.exp(1j * (number * dice.one(-np.pi, np.pi) - np.pi / 2))
    return np.fft.irfft(lines * (samples // 2), samples).astype(np.float32)


def _pad_saw(touch: Touch, dice: Dice) -> Sound:
    return _supersaw(touch, dice, 700, 3_400, 2.2, 13)


def _stab(touch: Touch, dice: Dice) -> Sound:
    """A chord of a synthesiser, hit and let go: it closes as it dies."""
    sound = _supersaw(touch, dice, 5_200, 900, 0.35, 10)
    fade = np.exp(np.arange(sound.samples.shape[1]) / (-0.28 * RATE_HZ)).astype(np.float32)
    samples = min(sound.samples.shape[1], round(1.4 * RATE_HZ))
    wave = sound.samples[:, :samples] * fade[:samples]
    wave[:, -400:] *= np.linspace(1, 0, 400, dtype=np.float32)
    return Sound(wave)


def _glass(touch: Touch, dice: Dice) -> Sound:
    """Partials of glass over a soft octave, and a breath of noise."""
    ratios = [(1, 1.0), (2, 0.5), (3, 0.22), (4.07, 0.2), (5.2, 0.12), (6.9, 0.1), (9.1, 0.06)]
    lift = 0.4 + 1.2 * touch.brightness
    bands = [
        Band(touch.hz * ratio, level * lift ** (ratio > 2), 1.2 + touch.hz * ratio * 0.0022) for ratio, level in ratios
    ]
    air = Band(touch.hz * 8, 0.05 * lift, touch.hz * 1.5)
    return needed(Sound(blurred([*bands, air], _LOOP, dice), 0), touch)


def _drone(touch: Touch, dice: Dice, cut_hz: float, cents: float) -> Sound:
    """Slowly beating partials; the filter moves so slowly that nobody notices when."""
    of = Ensemble(1.15, cents, cut_hz, cut_hz, 1.0)
    lift = 0.5 + touch.brightness
    dark = _loop(of, touch, dice, cut_hz * lift * 0.6, _LONG_LOOP)
    bright = _loop(of, touch, dice, cut_hz * lift * 1.5, _LONG_LOOP)
    share = (0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, _LONG_LOOP, endpoint=False))).astype(np.float32)
    return Sound(dark + share * (bright - dark), 0)


def _drone_air(touch: Touch, dice: Dice) -> Sound:
    """A drone that is mostly air: bands of noise around its octaves."""
    hz = lines_hz(_LONG_LOOP)
    shape = np.full(len(hz), 0.03)
    for ratio, level in ((1, 0.5), (2, 1.0), (3, 0.5), (4, 0.6), (6, 0.3)):
        shape += peak(hz, touch.hz * ratio, 0.05) * level
    tilt = low_pass(hz, 1_800 + 3_000 * touch.brightness, 1) * high_pass(hz, 140)
    noise = phased(shape * tilt / np.sqrt(np.maximum(hz, 20)), dice)
    tone = _drone(touch, dice, 900, 9).samples
    level = np.sqrt(np.mean(tone**2) / (np.mean(noise**2) + 1e-12))
    return Sound(tone * np.float32(0.5) + noise * np.float32(level), 0)


_STRINGS = Ensemble(0.95, 16, 900, 3_000, 0.5, _fiddles)
_HORNS = Ensemble(1.0, 6, 350, 1_100, 0.12, _bells_of_brass)
_BRASS = Ensemble(0.75, 8, 500, 3_600, 0.09, _bells_of_brass)
_CHOIR = Ensemble(0.8, 15, 1_200, 2_600, 0.6, _mouths)
_WARM = Ensemble(1.1, 12, 380, 1_300, 2.4, octave=0.12)

VOICES = {
    "strings": _voice(_STRINGS, 0.18, 0.4),
    "horns": _voice(_HORNS, 0.07, 0.18),
    "brass": _voice(_BRASS, 0.035, 0.12, curve=1.4),
    "choir": _voice(_CHOIR, 0.22, 0.45),
    "pad_warm": _voice(_WARM, 0.6, 1.2, curve=1.0),
    "pad_saw": Voice(tone=_pad_saw, attack_s=0.25, release_s=0.7, layers=2, curve=1.0, mono=False),
    "pad_glass": Voice(tone=_glass, attack_s=0.5, release_s=1.6, layers=1, curve=1.0, mono=False),
    "stab": Voice(tone=_stab, attack_s=0.002, release_s=0.08, layers=2, mono=False),
    "drone_low": Voice(
        tone=lambda touch, dice: _drone(touch, dice, 420, 7),
        attack_s=3.0,
        release_s=4.0,
        layers=1,
        curve=1.0,
        mono=False,
    ),
    "drone_air": Voice(
        tone=_drone_air,
        attack_s=4.0,
        release_s=5.0,
        layers=1,
        curve=1.0,
        mono=False,
        tremolo=Tremolo(0.07, 0.25, stereo=True),
    ),
}
