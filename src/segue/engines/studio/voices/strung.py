"""Pure. Plucked strings: basses and guitars, on wood, before a pickup, muted, driven; the harp; the bow laid aside."""

from typing import NamedTuple

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import Curve, Sound, Touch, Voice, Wave, count, hertz, mono, smooth
from segue.engines.studio.voices.tones import (
    band,
    band_pass,
    died,
    dying,
    harmonics,
    high_pass,
    low_pass,
    peak,
    ringing,
    rising,
    shaped,
)

_RING_MAX_S = 7.0


class Strung(NamedTuple):
    """A plucked string: where it is plucked and heard (shares of its length; 0 hears all), how dark the finger is, how
    long it rings at 100 Hz, how much sooner its high partials go, and how loud the touch itself is.
    """

    plucked_at: float
    heard_at: float
    cut_hz: float
    ring_s: float
    losing: float
    touch: float
    attack_s: float = 0.0015
    stiffness: float = 6e-5


def _string(of: Strung, hz: float, touch: Touch, dice: Dice, samples: int) -> Wave:
    number = harmonics(hz)[:90]
    each_hz = number * hz * np.sqrt(1 + of.stiffness * number**2)
    strengths = np.sin(np.pi * number * of.plucked_at) / number
    if of.heard_at:
        strengths *= np.sin(np.pi * number * of.heard_at) * 2
    cut_hz = of.cut_hz * (0.45 + 0.9 * touch.velocity) * (0.6 + 0.8 * touch.brightness)
    strengths *= low_pass(each_hz, cut_hz, 1) * low_pass(each_hz, cut_hz * 3)
    fades = of.ring_s * (100 / hz) ** 0.4 / (1 + of.losing * number**1.3 * (hz / 100) ** 0.3)
    wave = ringing(each_hz, strengths, fades, samples, dice.between(-0.4, 0.4, len(number)))
    wave = wave * rising(samples, of.attack_s)
    wave *= 1 / (np.abs(wave).max() + 1e-9)
    return wave + band(dice, samples, 700, 5_000) * dying(samples, 0.007) * of.touch * (0.3 + touch.velocity)


def _plucked(of: Strung) -> Voice:
    return Voice(tone=lambda touch, dice: _one(of, touch, dice), release_s=0.07)


def _one(of: Strung, touch: Touch, dice: Dice) -> Sound:
    samples = count(min(touch.seconds, _RING_MAX_S, 5 * of.ring_s * (100 / touch.hz) ** 0.4 + 0.1))
    return Sound(mono(died(_string(of, touch.hz, touch, dice, samples), touch)))


_UPRIGHT = Strung(0.22, 0.0, 900, 0.75, 0.35, 0.16, 0.004)


def _upright(touch: Touch, dice: Dice) -> Sound:
    """The string over the air of the body, which swells at about 95 Hz and 220 Hz."""
    samples = count(min(touch.seconds, 4.5))
    wave = _string(_UPRIGHT, touch.hz, touch, dice, samples)
    wave = shaped(wave, lambda hz: 1 + 0.8 * peak(hz, 98, 0.5) + 0.7 * peak(hz, 220, 0.4) - 0.4 * peak(hz, 420, 0.5))
    thump = ringing([71], [0.25], [0.045], samples) * rising(samples, 0.004)
    return Sound(mono(died(wave + thump * touch.velocity, touch)))


_CLEAN = Strung(0.13, 0.21, 4_200, 1.6, 0.05, 0.05)


def _clean(touch: Touch, dice: Dice) -> Sound:
    """Two pickups' worth of one string, and a slow chorus between the ears."""
    samples = count(min(touch.seconds, _RING_MAX_S))
    near = _string(_CLEAN, touch.hz, touch, dice, samples)
    apart = _string(_CLEAN, touch.hz * 1.0016, touch, dice, samples)
    return Sound(died(np.stack([near + 0.45 * apart, near - 0.45 * apart]), touch))


_DRIVEN = Strung(0.11, 0.16, 3_600, 2.4, 0.03, 0.04)
_OVER = 4  # how many times the rate is raised where a curve bends the wave


def _drive(touch: Touch, dice: Dice) -> Sound:
    """All strings of the chord into one amplifier, played twice, once for each ear, and heard through a loudspeaker."""
    samples = count(min(touch.seconds, 8.0))
    return Sound(died(np.stack([_amplified(touch, dice, samples) for _ in range(2)]), touch))


def _amplified(touch: Touch, dice: Dice, samples: int) -> Wave:
    strings = np.zeros(samples, np.float32)
    for pitch in touch.pitches:
        late = count(dice.one(0, 0.006))
        detuned = hertz(pitch + dice.one(-0.04, 0.04))
        wave = _string(_DRIVEN, detuned, touch, dice, samples)
        strings[late:] += wave[: samples - late]
    strings = shaped(strings, lambda hz: high_pass(hz, 110, 1) * (1 + 0.8 * peak(hz, 900, 1.0)))
    strings *= np.float32((5 + 14 * touch.velocity) / (np.abs(strings).max() + 1e-9))
    return shaped(bent(strings), _loudspeaker)


def bent(wave: Wave, lean: float = 0.18) -> Wave:
    """The wave through a valve's curve. Its new partials are made at a raised rate, and those too high are left out."""
    samples = wave.shape[-1]
    size = smooth(samples + 64)
    spectrum = np.fft.rfft(wave.astype(np.float32, copy=False), size)
    raised = np.zeros(size * _OVER // 2 + 1, np.complex64)
    raised[: len(spectrum)] = spectrum * np.float32(_OVER)
    high = np.fft.irfft(raised, size * _OVER)
    high = np.tanh(high + np.float32(lean)) - np.float32(np.tanh(lean))
    back = np.fft.rfft(high)[: len(spectrum)] / np.float32(_OVER)
    return np.fft.irfft(back, size).astype(np.float32, copy=False)[:samples]


def _loudspeaker(hz: Curve) -> Curve:
    """Twelve inches of paper: nothing below 80 Hz, a bite at 2.6 kHz, and nothing above 5 kHz."""
    shape = band_pass(hz, 85, 4_600, 3) * (1 + 0.9 * peak(hz, 2_600, 0.45) - 0.35 * peak(hz, 420, 0.5))
    return shape * low_pass(hz, 6_500, 4)


VOICES = {
    "bass_upright": Voice(tone=_upright, release_s=0.09),
    "bass_electric": _plucked(Strung(0.16, 0.19, 1_700, 1.5, 0.09, 0.1, 0.002)),
    "guitar_clean": Voice(tone=_clean, release_s=0.08, mono=False),
    "guitar_muted": _plucked(Strung(0.1, 0.17, 2_600, 0.16, 0.16, 0.12)),
    "guitar_drive": Voice(tone=_drive, release_s=0.05, layers=2, chords=True, curve=0.8, mono=False),
    "strings_pizzicato": _plucked(Strung(0.18, 0.0, 2_000, 0.3, 0.22, 0.08, 0.003)),
    "pluck": _plucked(Strung(0.3, 0.0, 3_400, 1.1, 0.1, 0.03)),
}
