"""The master: its loudness, its true peak by the meter of `segue.audio`, its end, and what the limiter promises."""

import numpy as np
import pytest
from factories.bands import steps

from segue.audio.true_peak import TruePeak
from segue.engines.studio.files import FULL_SCALE, Raw
from segue.engines.studio.limit import HOP, Peaks, gains_of, planned
from segue.engines.studio.master import Press, faded, mastered
from segue.engines.studio.meter import Meter
from segue.engines.studio.voices import RATE_HZ, Dice
from segue.engines.studio.work import Work


def working():
    return Work(lambda _: None, lambda: False, 1e9)


def mix(kind: str, seconds: float = 6.0):
    samples = int(seconds * RATE_HZ)
    at_s = np.arange(samples) / RATE_HZ
    noise = Dice(kind).noise(2 * samples).reshape(2, -1)
    if kind == "beats":  # a loud step twice a second over nearly nothing
        return (noise * 0.9 * np.exp(-(at_s % 0.5) / 0.02) + 0.02 * np.sin(2 * np.pi * 220 * at_s)).astype(np.float32)
    if kind == "low":
        return np.stack([0.5 * np.sin(2 * np.pi * 45 * at_s)] * 2).astype(np.float32)
    if kind == "between":  # a quarter of the rate, caught beside its peaks
        return np.stack([0.4 * np.sin(np.pi / 2 * np.arange(samples) + np.pi / 4)] * 2).astype(np.float32)
    return noise * np.float32(0.1) + np.float32(0.05)  # with a constant, which has to go


def made(wave, tmp_path, target_lufs, drive=0.3):
    raw, path = Raw(tmp_path / "raw", wave.shape[1]), tmp_path / "master.flac"
    raw.write(0, wave)
    found = mastered(raw, raw, target_lufs, drive, path, working())
    raw.close()
    return found, steps(path)


def true_peak_dbtp(found):
    meter = TruePeak()
    meter.add(np.ascontiguousarray(found.T / np.float32(FULL_SCALE), np.float32))
    return meter.peak_dbtp()


def integrated_lufs(found):
    meter = Meter(RATE_HZ)
    meter.add((found / np.float32(FULL_SCALE)).astype(np.float32))
    return meter.loudness_lufs()


@pytest.mark.parametrize("kind", ["beats", "low", "between", "noise"])
@pytest.mark.parametrize(("target_lufs", "drive"), [(-24.0, 0.0), (-16.0, 0.3), (-12.0, 1.0)])
def test_it_has_its_loudness_and_stays_under_the_peak(kind, target_lufs, drive, tmp_path):
    told, found = made(mix(kind), tmp_path, target_lufs, drive)
    assert found.shape == (2, 6 * RATE_HZ)
    assert integrated_lufs(found) == pytest.approx(target_lufs, abs=0.3)
    assert true_peak_dbtp(found) <= -1.0
    assert told.loudness_lufs == pytest.approx(integrated_lufs(found), abs=0.05)
    # Our filter between the samples reaches higher up than that of the standard: it may only tell more.
    assert -0.1 <= told.true_peak_dbtp - true_peak_dbtp(found) < 1.0
    assert np.abs(found.mean(axis=1) / FULL_SCALE).max() < 2e-4, "no constant is left"
    assert not found[:, -1].any()


@pytest.mark.parametrize("samples", [1, 100, RATE_HZ // 2])
def test_silence_and_moments_are_made_as_well(samples, tmp_path):
    silent, found = made(np.zeros((2, samples), np.float32), tmp_path, -16.0)
    assert silent.loudness_lufs is silent.true_peak_dbtp is None
    assert found.shape == (2, samples)
    _, found = made(mix("noise")[:, :samples], tmp_path, -16.0)
    assert true_peak_dbtp(found) is None or true_peak_dbtp(found) <= -1.0


def test_peaks_between_the_samples_are_found():
    wave, meter = mix("between", 0.5), Peaks()
    for start in range(0, wave.shape[1], 1_000):
        meter.add(wave[:, start : start + 1_000])
    peaks = meter.peaks()
    assert len(peaks) >= -(-wave.shape[1] // HOP)
    assert np.median(peaks) == pytest.approx(0.4, rel=0.01)
    assert np.abs(wave).max() < 0.3


def test_the_limiter_never_lets_a_peak_through_and_never_jumps():
    dice = np.random.default_rng(5)
    peaks = (dice.random(4_000) ** 8 * 4).astype(np.float32)
    gains = planned(peaks, 1.0, 0.8)
    each = gains_of(gains, 0, len(peaks) * HOP).reshape(-1, HOP)
    assert (each.max(axis=1) * peaks <= 0.8 + 1e-5).all()
    assert each.max() <= 1
    assert np.abs(np.diff(each.reshape(-1))).max() < 0.01
    quiet = planned(np.full(100, 0.1, np.float32), 2.0, 0.8)
    assert np.allclose(quiet, 2.0)


def test_the_press_takes_only_what_is_loud():
    quiet = np.full((2, 30_000), 0.01, np.float32)
    assert np.allclose(Press(1.0).through(quiet), quiet)
    loud = Press(1.0).through(np.full((2, 30_720), 0.9, np.float32))
    assert loud[0, -1] < 0.6
    assert np.abs(np.diff(loud[0])).max() < 0.01
    half = Press(1.0)
    parts = [half.through(np.full((2, 15_360), 0.9, np.float32)) for _ in range(2)]
    assert np.allclose(np.concatenate(parts, axis=1), loud)


def test_the_end_fades_to_nothing_and_the_rest_stays():
    block = np.ones((2, 1_000), np.float32)
    assert faded(block, 0, RATE_HZ * 9, 1.0) is block
    end = faded(block, RATE_HZ * 9 - 1_000, RATE_HZ * 9, 1.0)
    assert end[0, -1] == 0
    assert (np.diff(end[0]) <= 0).all()
