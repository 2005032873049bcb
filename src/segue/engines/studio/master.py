"""Makes the master of a mix: the bus (what is too low out, the middle of the room cleared a little, pressed together,
bent softly), the level of its loudness, and the limiter. It takes nothing but the mix and its directions, so that the
sum of the stems gives the same master again.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from segue.engines.studio.files import Flac, Raw, stepped
from segue.engines.studio.limit import Gains, Peaks, gains_of, planned
from segue.engines.studio.meter import Meter
from segue.engines.studio.ride import Levels, Ride
from segue.engines.studio.room import Convolution
from segue.engines.studio.voices import RATE_HZ, Curve, Wave
from segue.engines.studio.work import Work

BLOCK = 1 << 16
MASTER = "master.flac"

TRUE_PEAK_MAX_DBTP = -1.0
_CEILING_DBTP = -1.2
_NEAR_LU = 0.05
_TRIES_MAX = 10
_STEP_MAX_DB = 8.0

_NOMINAL_LUFS = -16.0  # the level at which the bus works, whatever the mix and the target are
_LOWEST_HZ = 25.0
_CLEARED_HZ, _CLEARED_DB = 255.0, -1.8
_RESPONSE = 1 << 14
_STEP = 256  # samples a step of the compressor
_ATTACK_S, _RELEASE_S = 0.018, 0.16
_THRESHOLD_DB = -19.0
_KNEE_DB = 8.0
_END_RAMP = 512  # samples


class Mastered(NamedTuple):
    loudness_lufs: float | None
    true_peak_dbtp: float | None


def mastered(
    mix: Raw,
    bus: Raw,
    target_lufs: float,
    drive: float,
    path: Path,
    work: Work,
    soft_s: tuple[float, float] = (0.0, 0.0),
) -> Mastered:
    """Write the master of `mix` to `path`. `bus` is a file to work in, which may be that of the mix itself; `soft_s`
    are the seconds at either end that other music will lie over.
    """
    levels = Levels() if any(soft_s) else None
    loudness_lufs = _loudness(mix, levels, work)
    lift = _gain(_NOMINAL_LUFS - loudness_lufs) if loudness_lufs is not None else 1.0
    ride = Ride(levels, soft_s, mix.samples) if levels else None
    on_bus_lufs, peaks = _on_the_bus(mix, bus, lift, ride, drive, work)
    level_db = target_lufs - on_bus_lufs if on_bus_lufs is not None else 0.0
    ceiling_db, steepness, before = _CEILING_DBTP, 1.0, None
    for _ in range(_TRIES_MAX):
        found = _written(bus, planned(peaks, _gain(level_db), _gain(ceiling_db)), path, work)
        if found.loudness_lufs is None or found.true_peak_dbtp is None:
            return found
        missing_lu = target_lufs - found.loudness_lufs
        over_db = found.true_peak_dbtp - TRUE_PEAK_MAX_DBTP
        if abs(missing_lu) <= _NEAR_LU and over_db <= 0:
            return found
        if before is not None:
            steepness = _steepness(before, (level_db, found.loudness_lufs))
        before = level_db, found.loudness_lufs
        level_db += min(missing_lu / steepness, _STEP_MAX_DB)
        ceiling_db -= max(over_db, 0.0) * 1.1
    return found


def _steepness(before: tuple[float, float], now: tuple[float, float]) -> float:
    """How much louder the piece became for each decibel of level: less than one where the limiter holds it."""
    if abs(now[0] - before[0]) < 1e-3:
        return 1.0
    return min(max((now[1] - before[1]) / (now[0] - before[0]), 0.12), 1.0)


def _gain(db: float) -> float:
    return float(10 ** (db / 20))


def faded(block: Wave, start: int, samples: int, fade_out_s: float) -> Wave:
    """A block of a piece of `samples`, brought to nothing at its end."""
    length = max(round(fade_out_s * RATE_HZ), min(_END_RAMP, samples))
    if start + block.shape[1] > samples - length:
        left = (samples - 1 - np.arange(start, start + block.shape[1], dtype=np.float64)) / max(length, 1)
        ramp = np.clip(left, 0, 1)
        block = block * (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)
    return block


def blocks(samples: int) -> Iterator[tuple[int, int]]:
    """The beginning and the length of each block of a piece."""
    for start in range(0, samples, BLOCK):
        yield start, min(BLOCK, samples - start)


def _loudness(mix: Raw, levels: Levels | None, work: Work) -> float | None:
    meter = Meter(RATE_HZ)
    for start, samples in blocks(mix.samples):
        block = mix.read(start, samples)
        meter.add(block)
        if levels:
            levels.add(block)
        work.done(samples)
    return meter.loudness_lufs()


def _on_the_bus(
    mix: Raw, bus: Raw, lift: float, ride: Ride | None, drive: float, work: Work
) -> tuple[float | None, Gains]:
    """The loudness of what was written to `bus`, and its peaks."""
    low, press, meter, peaks = Convolution(_filters(), BLOCK), Press(drive), Meter(RATE_HZ), Peaks()
    for start, samples in blocks(mix.samples):
        block = mix.read(start, samples) * np.float32(lift)
        if ride:
            block = block * ride.gains(start, samples)
        block = low.through(block)
        block = _bent(press.through(block), drive)
        block = faded(block, start, mix.samples, 0.0)
        bus.write(start, block)
        meter.add(block)
        peaks.add(block)
        work.done(2 * samples)
    return meter.loudness_lufs(), peaks.peaks()


def _written(bus: Raw, gains: Gains, path: Path, work: Work) -> Mastered:
    meter, peaks = Meter(RATE_HZ), Peaks()
    with Flac(path, RATE_HZ) as flac:
        for start, samples in blocks(bus.samples):
            block = bus.read(start, samples) * gains_of(gains, start, samples)
            steps = stepped(faded(block, start, bus.samples, 0.0))
            flac.add(steps)
            meter.add(block)
            peaks.add(block)
            work.done(2 * samples)
    peak = float(peaks.peaks().max(initial=0))
    return Mastered(meter.loudness_lufs(), 20 * math.log10(peak) if peak > 0 else None)


def _filters() -> Wave:
    """The impulse response, the same for both channels: a high-pass of two poles and a shallow bell."""
    hz = np.fft.rfftfreq(2 * _RESPONSE, 1 / RATE_HZ)
    s = 1j * hz / _LOWEST_HZ
    high = s * s / (s * s + np.sqrt(2) * s + 1)
    s = 1j * hz / _CLEARED_HZ
    depth = 10 ** (_CLEARED_DB / 20)
    bell = (s * s + 1.4 * depth * s + 1) / (s * s + 1.4 * s + 1)
    wave = np.fft.irfft(high * bell)[:_RESPONSE]
    wave[-_RESPONSE // 4 :] *= np.linspace(1, 0, _RESPONSE // 4)
    return np.stack([wave, wave]).astype(np.float32)


class Press:
    """A compressor over both channels, gentle, the same for the same sound however it is cut into blocks of whole
    steps: its gain moves once in `_STEP` samples, on straight lines.
    """

    def __init__(self, drive: float) -> None:
        self._ratio = 1 + 1.6 * min(max(drive, 0.0), 1.0)
        self._reduced_db = 0.0
        self._gain = 1.0

    def through(self, block: Wave) -> Wave:
        samples = block.shape[1]
        steps = -(-samples // _STEP)
        power = np.zeros(steps * _STEP, np.float32)
        power[:samples] = (block[0] * block[0] + block[1] * block[1]) / 2
        level_db = 10 * np.log10(power.reshape(steps, _STEP).mean(axis=1, dtype=np.float64) + 1e-12)
        wanted = self._wanted_db(level_db)
        nodes = np.empty(steps + 1)
        nodes[0] = self._gain
        up, down = (1 - math.exp(-_STEP / RATE_HZ / each) for each in (_ATTACK_S, _RELEASE_S))
        reduced = self._reduced_db
        for step, goal in enumerate(wanted.tolist()):
            reduced += (goal - reduced) * (up if goal > reduced else down)
            nodes[step + 1] = reduced
        self._reduced_db = reduced
        nodes[1:] = 10 ** (nodes[1:] / -20)
        self._gain = float(nodes[-1])
        share = np.arange(_STEP) / _STEP
        gains = (nodes[:-1, None] + share * np.diff(nodes)[:, None]).reshape(-1)[:samples]
        return block * gains.astype(np.float32)

    def _wanted_db(self, level_db: Curve) -> Curve:
        """By how much each step is to be taken down; the curve bends within the knee."""
        over = level_db - _THRESHOLD_DB
        bent = np.where(over < _KNEE_DB / 2, np.clip(over + _KNEE_DB / 2, 0, None) ** 2 / (2 * _KNEE_DB), over)
        return np.asarray(bent * (1 - 1 / self._ratio))


def _bent(block: Wave, drive: float) -> Wave:
    """Peaks rounded off softly; how much, `drive` says."""
    if drive <= 0.02:
        return block
    steep = np.float32(0.25 + 0.75 * min(drive, 1.0))
    return np.asarray(np.tanh(block * steep) / steep, np.float32)
