"""Pure. What voices are made of: partials that die away, cycles read at any speed, loops made as a spectrum, noise.

Everything is limited in band as it is made: no partial is laid above `HIGHEST_HZ`. Nothing runs sample by sample in
Python: partials are one matrix product, loops one inverse transform.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import (
    HIGHEST_HZ,
    RATE_HZ,
    Curve,
    Sound,
    Touch,
    Wave,
    count,
    lines_hz,
    seconds,
    smooth,
)

_RUN = 512  # samples a row of the matrix product


def ringing(
    hz: npt.ArrayLike, amplitudes: npt.ArrayLike, fades_s: npt.ArrayLike, samples: int, phases: npt.ArrayLike = 0.0
) -> Wave:
    """The sum of partials that die away to 1/e in `fades_s`. `amplitudes` are (partials,) or (channels, partials), and
    complex where channels differ in phase.

    A partial at sample a * run + b is the real part of z^(a * run) * z^b: two small tables and their product.
    """
    hz = np.asarray(hz, np.float64)
    heard = (hz < HIGHEST_HZ) & (hz > 0)
    amplitudes = np.asarray(amplitudes, np.complex128)[..., heard]
    fades_s, phases = (np.broadcast_to(np.asarray(each, np.float64), hz.shape)[heard] for each in (fades_s, phases))
    step = (-1 / np.maximum(fades_s, 1e-4) + 2j * np.pi * hz[heard]) / RATE_HZ
    rows = -(-samples // _RUN)
    coarse = np.exp(np.multiply.outer(np.arange(rows) * _RUN, step) + 1j * (phases - np.pi / 2))
    fine = np.exp(np.multiply.outer(step, np.arange(_RUN)))
    left = amplitudes[..., None, :] * coarse
    factors = np.concatenate([left.real, -left.imag], axis=-1).astype(np.float32)
    table = np.concatenate([fine.real, fine.imag]).astype(np.float32)
    summed: Wave = (factors @ table).reshape(*amplitudes.shape[:-1], rows * _RUN)
    return summed[..., :samples]


def cycle(amplitudes: npt.ArrayLike, phases: npt.ArrayLike = 0.0) -> Wave:
    """One period whose harmonics, from the first on, are sines of these amplitudes (..., harmonics)."""
    amplitudes = np.asarray(amplitudes, np.float64)
    harmonics = amplitudes.shape[-1]
    size = max(2_048, 1 << (harmonics * 24 - 1).bit_length())
    spectrum = np.zeros((*amplitudes.shape[:-1], size // 2 + 1), np.complex128)
    spectrum[..., 1 : harmonics + 1] = amplitudes * np.exp(1j * (np.asarray(phases) - np.pi / 2)) * (size / 2)
    return np.fft.irfft(spectrum, size).astype(np.float32)


def harmonics(hz: float, top_hz: float = HIGHEST_HZ) -> Curve:
    """The numbers of the harmonics of a tone that are heard, at least the first."""
    return np.arange(1, max(2, int(top_hz / hz) + 1), dtype=np.float64)


def read(table: Wave, turns: Curve) -> Wave:
    """The period at every place of `turns`, which counts periods."""
    size = table.shape[-1]
    place = turns * size
    whole = place.astype(np.int64)
    part = (place - whole).astype(np.float32)
    whole &= size - 1
    low = table[..., whole]
    whole += 1
    whole &= size - 1
    low += part * (table[..., whole] - low)
    return low


def morphing(tables: Wave, turns: Curve, place: Curve) -> Wave:
    """The periods of `tables` (many, size), gone through as `place` says, from 0 to many - 1."""
    many, size = tables.shape
    place = np.clip(place, 0, many - 1.001)
    row = place.astype(np.int64)
    within = (place - row).astype(np.float32)
    at = turns * size
    column = at.astype(np.int64)
    part = (at - column).astype(np.float32)
    column &= size - 1
    after = (column + 1) & (size - 1)
    flat = tables.reshape(-1)
    row *= size
    low = flat[row + column] * (1 - part) + flat[row + after] * part
    row += size
    high = flat[row + column] * (1 - part) + flat[row + after] * part
    return np.asarray(low + within * (high - low), np.float32)


class Cycle(NamedTuple):
    """A tone's sustained part as a whole number of periods: `hz` is rounded so that `samples` hold them exactly."""

    hz: float
    samples: int

    def fitted(self, hz: float) -> float:
        """The nearest frequency that goes into the cycle a whole number of times."""
        length_s = self.samples / RATE_HZ
        return max(1, round(hz * length_s)) / length_s


def cycle_of(hz: float, length_s: float = 1.6) -> Cycle:
    periods = max(1, round(hz * length_s))
    samples = round(periods * RATE_HZ / hz)
    return Cycle(periods * RATE_HZ / samples, samples)


def lasting(touch: Touch, begin: int, loop: Cycle) -> tuple[Curve, int | None]:
    """The moments of a tone that settles in `begin` samples, and from where it loops; no loop when it ends before."""
    samples = count(touch.seconds) + 1
    if samples <= begin + loop.samples:
        return seconds(samples), None
    return seconds(begin + loop.samples), begin


def vibrato(loop: Cycle, at_s: Curve, hz: float, cents: float, delay_s: float) -> Curve:
    """By how many periods a tone of the loop is ahead at each moment; it sets in after `delay_s`."""
    hz = loop.fitted(hz)
    swing = loop.hz * (2 ** (cents / 1_200) - 1) / (2 * np.pi * hz)
    return swing * np.clip((at_s - delay_s) / 0.4, 0, 1) * np.sin(2 * np.pi * hz * at_s)


class Band(NamedTuple):
    """One partial of a loop: where it lies, how strong, and how wide it is blurred."""

    hz: float
    amplitude: float
    width_hz: float


def blurred(bands: Sequence[Band], samples: int, dice: Dice) -> Wave:
    """(2, samples), an endless loop of partials each of which many players share, a little apart.

    Each partial is a bell of lines with random phases, others in each ear (PADsynth, by Nasca Octavian Paul).
    """
    spectrum = np.zeros(samples // 2 + 1)
    line_hz = RATE_HZ / samples
    for band in bands:
        if band.hz >= HIGHEST_HZ or band.amplitude == 0:
            continue
        sigma = max(band.width_hz / line_hz, 0.35)
        low, high = (int(band.hz / line_hz + side * 4 * sigma) for side in (-1, 1))
        lines = np.arange(max(low, 1), min(high + 2, len(spectrum) - 1))
        bell = np.exp(-0.5 * ((lines - band.hz / line_hz) / sigma) ** 2)
        spectrum[lines] += bell * (band.amplitude / np.sqrt((bell**2).sum() + 1e-12))
    return phased(spectrum, dice)


def phased(spectrum: Curve, dice: Dice) -> Wave:
    """(2, samples), an endless loop with these magnitudes and random phases, its loudness about theirs."""
    turns = dice.noise(2 * len(spectrum)).reshape(2, -1) * np.float32(np.pi)
    lines = (spectrum * (len(spectrum) - 1)).astype(np.float32) * np.exp(1j * turns)
    return np.fft.irfft(lines, 2 * (len(spectrum) - 1)).astype(np.float32, copy=False)


def opening(dark: Wave, bright: Wave, rise_s: float, touch: Touch) -> Sound:
    """A tone that begins as the one loop and becomes the other, of the same length."""
    rise = min(count(rise_s), dark.shape[1])
    share = np.linspace(0, 1, rise, dtype=np.float32)
    share *= share * (3 - 2 * share)
    begin = dark[:, :rise] + share * (bright[:, :rise] - dark[:, :rise])
    return needed(Sound(np.concatenate([begin, bright[:, rise:], bright[:, :rise]], axis=1), rise), touch)


def needed(sound: Sound, touch: Touch) -> Sound:
    """As much of a tone as is played; one that is over before its end does not loop."""
    samples = count(touch.seconds) + 1
    return Sound(sound.samples[:, :samples].copy()) if samples <= sound.samples.shape[1] else sound


_Response = Callable[[Curve], npt.NDArray[np.complexfloating | np.floating]]


def shaped(wave: Wave, response: _Response) -> Wave:
    """The wave through a filter that is given by what it does to each frequency; it begins and ends in silence."""
    samples = wave.shape[-1]
    return _filtered(wave, response, smooth(samples + 256))[..., :samples]


def shaped_around(wave: Wave, response: _Response) -> Wave:
    """The same for a loop: its end goes on at its beginning."""
    return _filtered(wave, response, wave.shape[-1])


def _filtered(wave: Wave, response: _Response, size: int) -> Wave:
    spectrum = np.fft.rfft(wave.astype(np.float32, copy=False), size)
    spectrum *= response(lines_hz(size)).astype(np.complex64)
    return np.fft.irfft(spectrum, size).astype(np.float32, copy=False)


def low_pass(hz: Curve, cut_hz: float, poles: int = 2, resonance: float = 0.0) -> Curve:
    """What a low-pass leaves of each frequency; `resonance` lifts those at the cut, 1 by about 12 dB."""
    ratio = hz / cut_hz
    plain = 1 / np.sqrt(1 + ratio ** (2 * poles))
    return plain * (1 + 3 * resonance * np.exp(-0.5 * (np.log2(np.maximum(ratio, 1e-3)) / 0.22) ** 2))


def high_pass(hz: Curve, cut_hz: float, poles: int = 2) -> Curve:
    return 1 / np.sqrt(1 + (cut_hz / np.maximum(hz, 1e-3)) ** (2 * poles))


def band_pass(hz: Curve, low_hz: float, high_hz: float, poles: int = 2) -> Curve:
    return high_pass(hz, low_hz, poles) * low_pass(hz, high_hz, poles)


def peak(hz: Curve, at_hz: float, width_octaves: float) -> Curve:
    """A bell of 1 at one frequency."""
    return np.exp(-0.5 * (np.log2(np.maximum(hz, 1.0) / at_hz) / width_octaves) ** 2)


def dying(samples: int, fade_s: float) -> Wave:
    """1 that falls to 1/e in `fade_s`."""
    return np.exp(seconds(samples) / -fade_s).astype(np.float32)


def rising(samples: int, rise_s: float) -> Wave:
    """From 0 to 1 in `rise_s`, and 1 from then on."""
    ramp = np.clip(seconds(samples) / max(rise_s, 1e-4), 0, 1)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


def band(dice: Dice, samples: int, low_hz: float, high_hz: float, poles: int = 2) -> Wave:
    """Noise between two frequencies, as loud whatever lies between them."""
    noise = shaped(dice.noise(samples), lambda hz: band_pass(hz, low_hz, high_hz, poles))
    return noise * np.float32(0.33 / (np.sqrt(np.mean(noise**2)) + 1e-9))


def ended(wave: npt.NDArray[np.floating[Any]], fade_s: float = 0.008) -> Wave:
    """With its end brought to nothing: no sound of ours ends in a step."""
    wave = np.array(wave, np.float32)
    ramp = min(count(fade_s), wave.shape[-1])
    wave[..., wave.shape[-1] - ramp :] *= np.linspace(1, 0, ramp, dtype=np.float32)
    return wave


def died(wave: npt.NDArray[np.floating[Any]], touch: Touch) -> Wave:
    """The same for a string or a bar: one that is held for longer than it is made here goes gently."""
    length_s = wave.shape[-1] / RATE_HZ
    return ended(wave, 0.008 if wave.shape[-1] >= count(touch.seconds) else min(1.2, length_s / 4))
