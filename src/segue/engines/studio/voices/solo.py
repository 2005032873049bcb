"""Pure. What one player breathes or bows: the flute and the cello."""

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import Curve, Sound, Touch, Voice, count, mono
from segue.engines.studio.voices.tones import (
    band_pass,
    cycle,
    cycle_of,
    harmonics,
    lasting,
    low_pass,
    morphing,
    peak,
    read,
    rising,
    shaped_around,
    vibrato,
)


def _flute(touch: Touch, dice: Dice) -> Sound:
    """Few partials, a swing in loudness more than in pitch, and breath, most of it before the tone speaks."""
    loop, begin = cycle_of(touch.hz), count(1.0)
    at_s, loop_from = lasting(touch, begin, loop)
    hard = (0.4 + touch.velocity) * (0.5 + touch.brightness)
    strengths = np.array([1, 0.42 * hard, 0.3 * hard, 0.09 * hard, 0.05 * hard, 0.02 * hard])
    heard = strengths[: max(1, min(6, int(16_000 / touch.hz)))]
    turns = loop.hz * at_s + vibrato(loop, at_s, 4.9, 9, 0.3) + 8
    swing_hz = loop.fitted(4.9)
    swing = 1 + 0.1 * np.clip((at_s - 0.3) / 0.4, 0, 1) * np.sin(2 * np.pi * swing_hz * at_s)
    tone = read(cycle(heard), turns) * swing * rising(len(at_s), 0.055)
    breath = _around(_breath(touch.hz, loop.samples, dice), begin)[: len(at_s)]
    chiff = 1 + 2.2 * np.exp(-at_s / 0.05)
    return Sound(
        mono(tone + breath * chiff * rising(len(at_s), 0.018) * 0.055 * (1.2 - 0.5 * touch.velocity)), loop_from
    )


def _breath(hz: float, samples: int, dice: Dice) -> Curve:
    """Noise that meets its own beginning, strongest where the pipe answers."""

    def pipe(each_hz: Curve) -> Curve:
        return band_pass(each_hz, 500, 7_500) * (0.35 + peak(each_hz, 2 * hz, 0.3) + 0.8 * peak(each_hz, 3.1 * hz, 0.3))

    noise: Curve = shaped_around(dice.noise(samples), pipe).astype(np.float64)
    noise /= np.sqrt(np.mean(noise**2)) + 1e-9
    return noise


def _around(loop: Curve, begin: int) -> Curve:
    """The loop with what comes before it: its own end."""
    before = loop[np.arange(-begin, 0) % len(loop)]
    return np.concatenate([before, loop])


def _wood(hz: Curve) -> Curve:
    return (
        0.5
        + 0.8 * peak(hz, 220, 0.4)
        + 0.6 * peak(hz, 480, 0.35)
        + 0.5 * peak(hz, 1_300, 0.5)
        - 0.2 * peak(hz, 1_700, 0.2)
    )


def _cello(touch: Touch, dice: Dice) -> Sound:
    """A bowed string that brightens as the bow takes hold, in a box of wood, with the hair on the string."""
    loop, begin = cycle_of(touch.hz), count(1.2)
    at_s, loop_from = lasting(touch, begin, loop)
    number = harmonics(loop.hz, 12_000)
    hz = number * loop.hz
    top_hz = (1_500 + 2_600 * touch.velocity) * (0.5 + touch.brightness)
    cuts = (0.4, 0.7, 1.0)
    tables = cycle(np.stack([_wood(hz) / number**0.9 * low_pass(hz, cut * top_hz) for cut in cuts]))
    place = 2 * np.clip(at_s / 0.5, 0, 1)
    turns = loop.hz * at_s + vibrato(loop, at_s, 5.4, 15, 0.25) + 8
    tone = morphing(tables, turns, place)
    tone /= np.float32(np.sqrt(np.mean(tone**2)))
    noise = shaped_around(dice.noise(loop.samples), lambda each: band_pass(each, 900, 5_000)).astype(np.float64)
    hair = _around(noise / (np.sqrt(np.mean(noise**2)) + 1e-9), begin)[: len(at_s)]
    return Sound(mono((tone + 0.035 * hair) * rising(len(at_s), 0.09)), loop_from)


VOICES = {
    "flute": Voice(tone=_flute, release_s=0.1),
    "cello": Voice(tone=_cello, release_s=0.22),
}
