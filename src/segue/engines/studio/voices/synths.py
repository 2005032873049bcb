"""Pure. Synthesisers of one line: basses whose filter closes, leads bent by hand, and the chips of old machines.

An oscillator is a set of periods, one for each place of its filter; a filter that moves is a walk through the set.
"""

from typing import NamedTuple

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import Curve, Sound, Touch, Voice, Wave, count, hertz, mono, seconds
from segue.engines.studio.voices.tones import (
    Cycle,
    cycle,
    cycle_of,
    harmonics,
    lasting,
    low_pass,
    morphing,
    read,
    rising,
    vibrato,
)

_PLACES_AN_OCTAVE = 3


class Filtered(NamedTuple):
    """A saw or a square (`pulse`) through a filter: where it rests (Hz), by how many octaves a hard note opens it, how
    fast it closes, how sharp it is, and to what share of its loudness the tone falls.
    """

    pulse: bool
    rest_hz: float
    octaves: float
    close_s: float
    resonance: float
    poles: int = 2
    attack_s: float = 0.004
    settles_at: float = 0.75
    settle_s: float = 0.3
    detuned_cents: float = 0.0
    vibrato_cents: float = 0.0
    drive: float = 0.0


def _waveform(hz: float, *, pulse: bool) -> tuple[Curve, Curve]:
    """Its harmonics' numbers and strengths."""
    number = harmonics(hz)
    return number, np.where(number % 2 == 1, 1 / number, 0.0) if pulse else 1 / number


def _filtered(of: Filtered, touch: Touch, dice: Dice) -> Sound:
    loop = cycle_of(touch.hz)
    at_s, loop_from = lasting(touch, count(max(8 * of.close_s, 7 * of.settle_s, 0.8)), loop)
    open_octaves = of.octaves * (0.35 + 0.65 * touch.velocity) * (0.5 + touch.brightness)
    rest_hz = max(of.rest_hz * (0.6 + 0.8 * touch.brightness), 0.8 * touch.hz)
    number, strengths = _waveform(loop.hz, pulse=of.pulse)
    places = int(np.ceil(open_octaves * _PLACES_AN_OCTAVE)) + 2
    cuts_hz = rest_hz * 2 ** (np.arange(places) / _PLACES_AN_OCTAVE)
    filters = [low_pass(number * loop.hz, cut_hz, of.poles, of.resonance) for cut_hz in cuts_hz]
    tables = cycle(strengths * np.stack(filters))
    if of.drive:
        tables = _driven(tables, of.drive, len(number))
    walk = open_octaves * _PLACES_AN_OCTAVE * np.exp(at_s / -of.close_s) * np.clip(at_s / 0.003, 0, 1)
    turns = loop.hz * at_s + 8
    if of.vibrato_cents:
        turns = turns + vibrato(loop, at_s, 5.3, of.vibrato_cents, 0.35)
    wave = morphing(tables, turns, walk)
    if of.detuned_cents:
        beside = loop.fitted(loop.hz * 2 ** (of.detuned_cents / 1_200)) / loop.hz
        wave = wave + morphing(tables, turns * beside + dice.one(0, 1), walk)
    level = of.settles_at + (1 - of.settles_at) * np.exp(at_s / -of.settle_s)
    wave = wave * level.astype(np.float32) * rising(len(at_s), of.attack_s)
    return Sound(mono(wave), loop_from)


def _driven(tables: Wave, drive: float, partials: int) -> Wave:
    """The periods bent by a valve's curve, and what that adds above the highest partial taken out again."""
    spectrum = np.fft.rfft(np.tanh(tables * np.float32((1 + 3 * drive) / np.abs(tables).max())))
    spectrum[:, partials + 1 :] = 0
    spectrum[:, 0] = 0
    return np.fft.irfft(spectrum, tables.shape[1]).astype(np.float32, copy=False)


def _voice(of: Filtered, release_s: float) -> Voice:
    return Voice(tone=lambda touch, dice: _filtered(of, touch, dice), release_s=release_s, layers=4)


def _plain(touch: Touch, loop: Cycle, strengths: Curve, attack_s: float, vibrato_cents: float = 0.0) -> Sound:
    """A tone that does not change."""
    at_s, loop_from = lasting(touch, count(0.8), loop)
    turns = loop.hz * at_s + 8
    if vibrato_cents:
        turns = turns + vibrato(loop, at_s, 5.6, vibrato_cents, 0.28)
    return Sound(mono(read(cycle(strengths), turns) * rising(len(at_s), attack_s)), loop_from)


def _sub(touch: Touch, _: Dice) -> Sound:
    """A sine, with just enough above it to be found on small loudspeakers."""
    lift = (0.4 + touch.velocity) * (0.5 + touch.brightness)
    return _plain(touch, cycle_of(touch.hz), np.array([1, 0.16 * lift, 0.09 * lift, 0.03 * lift]), 0.009)


def _lead_sine(touch: Touch, _: Dice) -> Sound:
    """Nearly a whistle, which swings once it has been held for a while."""
    lift = 0.5 + touch.brightness
    strengths = np.array([1, 0.12 * lift, 0.1 * lift * touch.velocity, 0.02])
    return _plain(touch, cycle_of(touch.hz), strengths, 0.02, 14)


def _pulse(hz: float, duty: float) -> Curve:
    """The strengths of a pulse's harmonics up to 16 kHz."""
    number = harmonics(hz, 16_000)
    return np.sin(np.pi * number * duty) / number


def _chip_lead(touch: Touch, _: Dice) -> Sound:
    loop = cycle_of(touch.hz)
    return _plain(touch, loop, _pulse(loop.hz, 0.25), 0.0015, 16)


def _chip_triangle(touch: Touch, _: Dice) -> Sound:
    """The triangle of sixteen steps that such a machine has for its bass, as far as its steps are heard."""
    loop = cycle_of(touch.hz)
    number = harmonics(loop.hz, 9_000)[:62]
    odd = number % 2 == 1
    signs = np.where(number % 4 == 1, 1.0, -1.0)
    steps = np.where((number % 32 == 31) | (number % 32 == 1), 0.35, 0.0) / number
    strengths = np.where(odd, signs / number**2, 0.0) + steps * (number > 1)
    return _plain(touch, loop, strengths, 0.002)


_ARPEGGIO_STEP_S = 1 / 30
_ARPEGGIO_LOOP_S = 3.2


def _chip_chords(touch: Touch, _: Dice) -> Sound:
    """One voice that runs through the notes of the chord so fast that they are heard together. Each goes on where it
    would be had it never stopped, or it would not be heard at its pitch.
    """
    step, many = count(_ARPEGGIO_STEP_S), len(touch.pitches)
    rounds = count(_ARPEGGIO_LOOP_S) // (step * many)
    loop = Cycle(touch.hz, rounds * step * many)
    at_s = seconds(loop.samples).reshape(rounds, many, step)
    gate = np.clip(np.minimum(np.arange(step), np.arange(step)[::-1]) / count(0.0012), 0, 1)
    wave = np.empty(at_s.shape)
    for place, hz in enumerate(map(hertz, touch.pitches)):
        wave[:, place] = read(cycle(_pulse(hz, 0.25)), loop.fitted(hz) * at_s[:, place]) * gate
    return Sound(mono(wave.reshape(-1)), 0)


VOICES = {
    "bass_sub": Voice(tone=_sub, release_s=0.05, curve=1.1),
    "bass_synth": _voice(Filtered(False, 240, 3.2, 0.16, 0.35, detuned_cents=7), 0.05),
    "bass_acid": _voice(Filtered(False, 210, 3.6, 0.13, 1.6, 3, settles_at=0.6, drive=0.5), 0.03),
    "bass_chip": Voice(tone=_chip_triangle, release_s=0.01, layers=1, curve=0.8),
    "lead_sine": Voice(tone=_lead_sine, release_s=0.09),
    "lead_saw": _voice(Filtered(False, 2_200, 1.6, 0.3, 0.2, attack_s=0.008, detuned_cents=9, vibrato_cents=12), 0.09),
    "lead_square": _voice(Filtered(True, 1_700, 1.4, 0.25, 0.25, attack_s=0.006, vibrato_cents=10), 0.08),
    "chip_lead": Voice(tone=_chip_lead, release_s=0.012, layers=1, curve=0.8),
    "chip_chords": Voice(tone=_chip_chords, release_s=0.012, layers=1, chords=True, curve=0.8),
}
