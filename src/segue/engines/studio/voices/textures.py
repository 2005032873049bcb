"""Pure. What is no tone: the rise before a section; and, for ever, the dust of a record, rain, wind."""

from collections.abc import Callable

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import RATE_HZ, Curve, Sound, Touch, Voice, Wave, count, lines_hz
from segue.engines.studio.voices.tones import band_pass, cycle, harmonics, low_pass, morphing, phased, ringing

_LOOP = 1 << 19  # 11.9 s


def _riser(touch: Touch, dice: Dice) -> Sound:
    """Noise whose band climbs four octaves, and a tone that climbs one, louder and louder until the note ends."""
    samples = max(count(touch.seconds), 2_048)
    share = np.linspace(0, 1, samples)
    noise = _climbing(dice, samples, share)
    turns = np.cumsum(touch.hz * 2 ** (share - 1)) / RATE_HZ
    number = harmonics(touch.hz, 9_000)
    tables = cycle(np.stack([low_pass(number * touch.hz, cut_hz) / number for cut_hz in (300, 800, 2_000, 5_000)]))
    tone = morphing(tables, turns, share * 3)
    swell = (share**1.8).astype(np.float32)
    wave = (noise * 0.5 + tone * 0.12) * swell
    wave[:, -200:] *= np.linspace(1, 0, 200, dtype=np.float32)
    return Sound(wave)


_CLIMB_HZ = 300.0 * 2.0 ** np.arange(6)


def _climbing(dice: Dice, samples: int, share: Curve) -> Wave:
    """(2, samples): bands of noise an octave apart, faded one into the next."""
    size = 1 << (samples - 1).bit_length()
    summed = np.zeros((2, samples), np.float32)
    for place, low_hz in enumerate(_CLIMB_HZ):
        band = phased(band_pass(lines_hz(size), low_hz, low_hz * 2) / np.sqrt(low_hz * size / RATE_HZ), dice)[
            :, :samples
        ]
        near = np.clip(1 - np.abs(share * (len(_CLIMB_HZ) - 1) - place), 0, 1)
        summed += band * np.sqrt(near).astype(np.float32)
    return summed


def _scattered(dice: Dice, grains: list[Wave], many: int, low: float) -> Wave:
    """(2, loop): grains at any moment and any place, most of them quiet; those over the end go on at the beginning."""
    both = np.zeros((2, _LOOP), np.float32)
    starts = dice.between(0, _LOOP, many).astype(np.int64)
    levels = low ** dice.between(0, 1, many)
    places = dice.between(0.1, np.pi / 2 - 0.1, many)
    kinds = dice.between(0, len(grains), many).astype(np.int64)
    for start, level, place, kind in zip(starts, levels, places, kinds, strict=True):
        grain = grains[min(kind, len(grains) - 1)] * np.float32(level)
        where = np.arange(start, start + len(grain)) % _LOOP
        both[0, where] += grain * np.float32(np.cos(place))
        both[1, where] += grain * np.float32(np.sin(place))
    return both


def _level(wave: Wave) -> Wave:
    return wave * np.float32(1 / (np.sqrt(np.mean(wave**2)) + 1e-12))


def _vinyl(touch: Touch, dice: Dice) -> Sound:
    """Crackle, now and then a pop, and under both the hiss and the rumble of the groove."""
    clicks = [ringing([hz, hz * 1.7], [1, 0.6], [0.0006, 0.0003], count(0.004)) for hz in (1_800, 2_900, 4_300, 6_500)]
    pops = [ringing([420, 900, 2_200], [1, 0.6, 0.5], [0.003, 0.0015, 0.001], count(0.015))]
    hz = lines_hz(_LOOP)
    hiss = _level(phased(band_pass(hz, 400, 9_000, 1) / np.sqrt(np.maximum(hz, 100)), dice))
    rumble = _level(phased(band_pass(hz, 18, 90), dice))
    dust = _scattered(dice, clicks, 420, 0.03) + 1.5 * _scattered(dice, pops, 12, 0.2)
    return Sound(hiss * (0.006 + 0.01 * touch.brightness) + rumble * np.float32(0.004) + dust * np.float32(0.5), 0)


def _rain(touch: Touch, dice: Dice) -> Sound:
    """Far rain is noise; near rain is drops, each of which rings for a moment."""
    hz = lines_hz(_LOOP)
    far = _level(phased(band_pass(hz, 350, 7_000 + 5_000 * touch.brightness, 1) * np.maximum(hz, 300) ** -0.35, dice))
    drops = [
        ringing([each, each * 1.32], [1, 0.5], [0.004, 0.003], count(0.03))
        for each in (900, 1_500, 2_300, 3_400, 5_100)
    ]
    near = _scattered(dice, drops, 2_600, 0.02)
    return Sound(far * np.float32(0.08) + near * np.float32(0.16), 0)


def _wind(touch: Touch, dice: Dice) -> Sound:
    """Bands of noise that swell one after another, a whole number of times in the loop."""
    hz, at = lines_hz(_LOOP), np.arange(_LOOP) / _LOOP
    summed = np.zeros((2, _LOOP), np.float32)
    for times, low_hz in ((1, 120), (2, 260), (3, 480), (2, 850), (5, 1_500)):
        band = _level(phased(band_pass(hz, low_hz, low_hz * 1.5), dice))
        swell = 0.5 + 0.5 * np.sin(2 * np.pi * (times * at + dice.one(0, 1)))
        loud = (300 / (low_hz + 180)) ** (1.1 - 0.4 * touch.brightness)
        summed += band * (swell**2 * loud).astype(np.float32)
    return Sound(summed * np.float32(0.3), 0)


def _everlasting(tone: Callable[[Touch, Dice], Sound]) -> Voice:
    return Voice(tone=tone, attack_s=1.5, release_s=2.0, layers=1, curve=1.0, mono=False)


VOICES = {
    "riser": Voice(tone=_riser, release_s=0.02, layers=1, fits=True, curve=1.0, mono=False),
    "vinyl": _everlasting(_vinyl),
    "rain": _everlasting(_rain),
    "wind": _everlasting(_wind),
}
