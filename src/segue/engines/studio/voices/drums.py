"""Pure. Drums and cymbals, each struck once: skins that fall in pitch, wires and hands of noise, metal."""

from typing import NamedTuple

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import RATE_HZ, Wave, count, seconds
from segue.engines.studio.voices.tones import (
    band,
    band_pass,
    dying,
    ended,
    high_pass,
    low_pass,
    ringing,
    rising,
    shaped,
)

# How the six squares of a metallic oscillator stand to each other, so that nothing of it sounds like a pitch.
_SQUARES_HZ = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0])


class Kick(NamedTuple):
    """A skin that is struck at `from_hz` and comes down to `to_hz`; `click` and `air` are what the beater adds."""

    to_hz: float
    from_hz: float
    fall_s: float
    fade_s: float
    click: float
    air: float
    drive: float


class Snare(NamedTuple):
    """Two modes of the skin and a band of noise from the wires."""

    skin_hz: float
    skin: float
    skin_fade_s: float
    wires_low_hz: float
    wires_high_hz: float
    wires_fade_s: float
    snap: float


class Metal(NamedTuple):
    """A hat: how high its squares are, where its sound begins, and how long it rings closed and open."""

    scale: float
    low_hz: float
    closed_fade_s: float
    open_fade_s: float
    noise: float


def kick(of: Kick, velocity: float, dice: Dice) -> Wave:
    samples = count(min(1.2, 6 * of.fade_s + 0.05))
    at_s = seconds(samples)
    bend = of.from_hz * (0.7 + 0.3 * velocity) - of.to_hz
    turns = of.to_hz * at_s + bend * of.fall_s * (1 - np.exp(-at_s / of.fall_s))
    body = np.sin(2 * np.pi * turns) * dying(samples, of.fade_s) * rising(samples, 0.0008)
    if of.drive:
        body = np.tanh(body * (1 + 3 * of.drive)) / np.tanh(1 + 3 * of.drive)
    click = ringing([1_900, 3_300, 5_200], [0.5, 0.35, 0.2], [0.004, 0.003, 0.002], samples)
    click = click * rising(samples, 0.0003) * of.click * velocity
    air = band(dice, samples, 900, 7_000) * dying(samples, 0.006) * of.air * velocity
    return ended(body + click + air)


def snare(of: Snare, velocity: float, dice: Dice) -> Wave:
    samples = count(min(1.0, 6 * max(of.wires_fade_s, of.skin_fade_s) + 0.05))
    at_s = seconds(samples)
    turns = of.skin_hz * (at_s + 0.35 * 0.012 * (1 - np.exp(-at_s / 0.012)))
    skin = np.sin(2 * np.pi * turns) + 0.55 * np.sin(2 * np.pi * 1.59 * turns)
    skin *= dying(samples, of.skin_fade_s) * rising(samples, 0.0006)
    wires = band(dice, samples, of.wires_low_hz, of.wires_high_hz)
    wires *= dying(samples, of.wires_fade_s * (0.75 + 0.4 * velocity)) * rising(samples, 0.0012)
    snap = band(dice, samples, 2_500, 13_000) * dying(samples, 0.007) * of.snap * velocity
    return ended(of.skin * 0.6 * skin + (0.55 + 0.3 * velocity) * wires + snap)


def brushed(velocity: float, dice: Dice) -> Wave:
    """A brush that is drawn over the skin, and at its end tapped."""
    samples = count(0.42)
    sweep = band(dice, samples, 900, 9_500, 1) * rising(samples, 0.05) * dying(samples, 0.11)
    tap = ringing([190, 310], [0.4, 0.25], [0.05, 0.035], samples) * rising(samples, 0.001)
    return ended(sweep * (0.5 + 0.3 * velocity) + tap * velocity + 0.4 * velocity * hiss(dice, samples, 0.02, 2_500))


def clap(velocity: float, dice: Dice, fade_s: float = 0.09) -> Wave:
    """Several hands, not quite together."""
    samples = count(0.6)
    at_s = seconds(samples)
    hands = np.zeros(samples)
    for start_s in (0.0, 0.0095 + dice.one(-1e-3, 1e-3), 0.0205 + dice.one(-1e-3, 1e-3)):
        since_s = at_s - start_s
        hands += np.where(since_s >= 0, np.clip(since_s / 0.0007, 0, 1) * np.exp(-np.maximum(since_s, 0) / 0.0045), 0)
    since_s = at_s - 0.029
    tail = np.where(since_s >= 0, np.clip(since_s / 0.001, 0, 1) * np.exp(-np.maximum(since_s, 0) / fade_s), 0)
    noise = shaped(dice.noise(samples), lambda hz: band_pass(hz, 850, 3_200 + 3_000 * velocity) * 2.4)
    return ended(noise * (hands + 0.75 * tail))


def hat(of: Metal, velocity: float, dice: Dice, fade_s: float) -> Wave:
    """Squares that have nothing in common, only what of them lies high, and some noise."""
    samples = count(min(1.6, 6 * fade_s + 0.03))
    odd = np.arange(1, 90, 2)
    hz = np.multiply.outer(_SQUARES_HZ * of.scale, odd).ravel()
    strengths = np.broadcast_to(1 / odd, (len(_SQUARES_HZ), len(odd))).ravel()
    strengths = strengths * high_pass(hz, of.low_hz, 4) * low_pass(hz, 9_000 + 9_000 * velocity)
    fades = fade_s * np.clip(9_000 / hz, 0.5, 1.4)
    metal = ringing(hz, strengths, fades, samples, dice.between(-np.pi, np.pi, len(hz)))
    metal *= 0.5 / (np.abs(metal).max() + 1e-9)
    noise = hiss(dice, samples, fade_s * 0.8, of.low_hz, 10_000 + 7_000 * velocity)
    stick = hiss(dice, samples, 0.003, 3_000) * 0.5 * velocity
    return ended(((1 - of.noise) * metal + of.noise * noise + stick) * rising(samples, 0.0006))


def cymbal(velocity: float, dice: Dice, *, low_hz: float, fade_s: float, ping: float, wash: float) -> Wave:
    """(2, samples): a plate of many modes, those of the two ears not quite alike; `ping` is the stick's tone."""
    samples = count(min(3.2, 5 * fade_s))
    modes = 240
    hz = low_hz * (16_500 / low_hz) ** dice.between(0, 1, modes)
    strengths = (hz / 4_000) ** -0.15 * dice.between(0.3, 1, modes) * low_pass(hz, 5_000 + 11_000 * velocity)
    both = np.stack([strengths * dice.between(0.4, 1, modes) for _ in range(2)])
    fades = fade_s * (hz / 3_000) ** -0.45
    plate = ringing(hz, both, fades, samples, dice.between(-np.pi, np.pi, modes)) * rising(samples, 0.004)
    plate *= 0.6 / (np.abs(plate).max() + 1e-9)
    if ping:
        bell = ringing([3_150, 4_720, 6_890, 8_210], [1, 0.6, 0.5, 0.3], [0.18, 0.12, 0.08, 0.05], samples)
        plate += ping * 0.5 * velocity * bell * rising(samples, 0.0006)
    noise = np.stack([hiss(dice, samples, fade_s * 0.35, 3_500, 15_000) for _ in range(2)]) * rising(samples, 0.003)
    return ended(plate + wash * noise)


def tom(hz: float, velocity: float, dice: Dice, fade_s: float = 0.2) -> Wave:
    samples = count(6 * fade_s)
    at_s = seconds(samples)
    turns = hz * (at_s + (0.25 + 0.25 * velocity) * 0.05 * (1 - np.exp(-at_s / 0.05)))
    body = np.sin(2 * np.pi * turns) * dying(samples, fade_s)
    body += 0.35 * np.sin(2 * np.pi * 1.504 * turns) * dying(samples, fade_s * 0.45)
    stick = band(dice, samples, 700, 6_000) * dying(samples, 0.012) * 0.45 * velocity
    return ended((body + stick) * rising(samples, 0.0009))


def rim(velocity: float, dice: Dice) -> Wave:
    samples = count(0.16)
    wood = ringing([482, 1_660, 2_210, 3_420], [0.35, 0.9, 0.45, 0.3], [0.018, 0.013, 0.009, 0.006], samples)
    return ended((wood + hiss(dice, samples, 0.002, 3_000) * velocity) * rising(samples, 0.0004))


def shaker(velocity: float, dice: Dice) -> Wave:
    """Grains that are thrown against the wall, and come to rest."""
    samples = count(0.16)
    grains = band(dice, samples, 3_800, 9_000 + 5_000 * velocity)
    return ended(grains * rising(samples, 0.022) * dying(samples, 0.028) * 1.6)


def tambourine(velocity: float, dice: Dice) -> Wave:
    samples = count(0.5)
    hz = 5_200 * 3.0 ** dice.between(0, 1, 40)
    jingles = ringing(hz, dice.between(0.3, 1, 40), 0.05 + 0.05 * dice.between(0, 1, 40), samples)
    jingles *= 0.5 / (np.abs(jingles).max() + 1e-9)
    return ended((jingles + hiss(dice, samples, 0.04, 5_000) * (0.5 + 0.4 * velocity)) * rising(samples, 0.004))


def cowbell(velocity: float) -> Wave:
    """Two squares in a narrow band."""
    samples = count(0.6)
    odd = np.arange(1, 30, 2)
    hz = np.multiply.outer([540.0, 806.0], odd).ravel()
    strengths = np.tile(1 / odd, 2) * band_pass(hz, 420, 2_600 + 2_000 * velocity)
    strike = ringing(hz, strengths, 0.025, samples) + 0.5 * ringing(hz, strengths, 0.11, samples)
    return ended(strike * rising(samples, 0.0008) * 0.6)


def claves(velocity: float) -> Wave:
    samples = count(0.25)
    wood = ringing([2_480, 4_960], [1, 0.1 + 0.2 * velocity], [0.028, 0.012], samples)
    return ended(wood * rising(samples, 0.0006) * 0.8)


def stepped(velocity: float, dice: Dice, step: int, fade_s: float) -> Wave:
    """Noise of a machine that holds each value for `step` samples."""
    samples = count(min(1.0, 5 * fade_s + 0.01))
    held = np.sign(dice.noise(samples // step + 1)).repeat(step)[:samples]
    return ended(held * dying(samples, fade_s) * rising(samples, 0.0005) * (0.3 + 0.3 * velocity))


def hiss(dice: Dice, samples: int, fade_s: float, low_hz: float, high_hz: float = RATE_HZ / 2) -> Wave:
    return band(dice, samples, low_hz, high_hz, 3) * dying(samples, fade_s)
