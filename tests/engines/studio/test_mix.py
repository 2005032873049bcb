"""The desk: one loudness before the faders, exact stems, ducking, the room, and sides that leave the middle alone."""

import numpy as np
import pytest
from factories.bands import band, heard, lufs, part, spectrum

from segue.engines.studio.files import FULL_SCALE, stepped
from segue.engines.studio.loudness import gated_lufs
from segue.engines.studio.mix import REFERENCE_LUFS, Strip, ducked, rounded, swung
from segue.engines.studio.playing import Player
from segue.engines.studio.room import Convolution, response
from segue.engines.studio.score import Note, Room
from segue.engines.studio.shaping import weighting
from segue.engines.studio.voices import RATE_HZ, VOICES, Tremolo
from segue.engines.studio.work import Work

CHORD = [Note(0.5 * place, 0.45, 52 + step, 0.4 + 0.08 * place) for place, step in enumerate((0, 3, 7, 12, 7, 3))]
DRUMS = [Note(0.25 * place, 0.1, pitch, 0.8) for place, pitch in enumerate((36, 42, 38, 42) * 4)]


def working():
    return Work(lambda _: None, lambda: False, 1e9)


@pytest.mark.parametrize(
    ("voice", "notes"),
    [
        ("piano", CHORD),
        ("bass_sub", CHORD),
        ("pad_saw", CHORD),
        ("guitar_drive", CHORD),
        ("kit_rock", DRUMS),
        ("rain", CHORD),
    ],
)
@pytest.mark.parametrize("cuts", [{}, {"low_cut_hz": 300.0, "high_cut_hz": 2_500.0, "pan": -0.7, "brightness": 0.8}])
def test_every_part_has_one_loudness_before_its_fader(voice, notes, cuts):
    of = part(voice, notes, send=0.0, **cuts)
    strip, wave = Strip(of, VOICES[of.voice], band(), 6 * RATE_HZ, working()), np.zeros((2, 6 * RATE_HZ), np.float32)
    strip.add(0, wave, np.zeros_like(wave))
    assert lufs(wave) == pytest.approx(REFERENCE_LUFS, abs=1.2)


def test_the_fader_is_in_decibels():
    waves = []
    for level_db in (0.0, -6.0):
        strip = Strip(part("epiano", CHORD, level_db=level_db), VOICES["epiano"], band(), 4 * RATE_HZ, working())
        waves.append(np.zeros((2, 4 * RATE_HZ), np.float32))
        strip.add(0, waves[-1], np.zeros_like(waves[-1]))
    assert np.allclose(waves[1], waves[0] * 10 ** (-6 / 20), atol=1e-6)


def test_cut_into_other_blocks_it_is_the_same_part():
    of = part("cello", [Note(0.1, 5.0, 50, 0.7), Note(2.0, 0.3, 57, 0.5)])
    whole = heard(of, 6.0)
    player, wave = Player(of, VOICES[of.voice], 1, 6 * RATE_HZ, lambda: None), np.zeros((2, 6 * RATE_HZ), np.float32)
    for start in range(0, 6 * RATE_HZ, 10_007):
        player.add(wave[:, start : start + 10_007], start)
    assert np.allclose(wave, whole, atol=1e-6)


def test_filters_take_what_they_say():
    notes = [Note(0.0, 3.0, 33, 0.9)]
    hz, plain = spectrum(heard(part("lead_saw", notes), 3.0))
    _, cut = spectrum(heard(part("lead_saw", notes, low_cut_hz=400.0, high_cut_hz=1_500.0), 3.0))

    def change_db(low_hz, high_hz):
        inside = (hz > low_hz) & (hz < high_hz)
        return 10 * np.log10((cut[inside] ** 2).sum() / (plain[inside] ** 2).sum())

    assert change_db(50, 120) < -20
    assert abs(change_db(700, 900)) < 2
    assert change_db(5_000, 7_000) < -18


@pytest.mark.parametrize("voice", ["flute", "piano", "pad_warm"])
def test_width_leaves_the_middle_as_it_was(voice):
    narrow, wide = (heard(part(voice, CHORD, width=width), 4.0) for width in (0.0, 1.0))
    assert np.allclose(narrow.mean(axis=0), wide.mean(axis=0), atol=2e-4)
    sides, middle = (wide[0] - wide[1]) / 2, wide.mean(axis=0)
    assert not (narrow[0] - narrow[1]).any()
    assert 0.05 < (sides**2).sum() / (middle**2).sum() < 2
    lines_hz, lines = spectrum(sides)
    assert (lines[lines_hz < 60] ** 2).sum() < 1e-3 * (lines**2).sum()


def test_pan_keeps_the_power():
    powers = []
    for pan in (-1.0, -0.4, 0.0, 1.0):
        wave = heard(part("flute", CHORD, pan=pan, width=0.0), 4.0)
        powers.append((wave.astype(float) ** 2).sum(axis=1))
    assert [sum(each) for each in powers] == pytest.approx([sum(powers[0])] * 4, rel=1e-3)
    assert powers[0][1] < 1e-9 * powers[0][0]
    assert powers[1][0] > powers[1][1]
    assert powers[2][0] == pytest.approx(powers[2][1])


def test_a_kick_pushes_back_and_lets_go():
    gains = ducked([1.0, 1.5, 9.0], 0.5, 0, 3 * RATE_HZ)
    assert gains[int(0.98 * RATE_HZ)] == 1
    assert gains[int(1.01 * RATE_HZ)] == pytest.approx(0.55, abs=1e-3)
    assert gains[int(1.4 * RATE_HZ)] == 1
    assert gains[int(1.52 * RATE_HZ)] < 0.6
    assert np.abs(np.diff(gains)).max() < 0.003, "no step"
    parts = [ducked([1.0, 1.5, 9.0], 0.5, start, RATE_HZ // 2) for start in range(0, 3 * RATE_HZ, RATE_HZ // 2)]
    assert np.array_equal(np.concatenate(parts), gains)


def test_a_tremolo_swings_about_its_depth():
    gains = swung(Tremolo(2.0, 0.5, stereo=True), 0, RATE_HZ)
    assert gains.min() == pytest.approx(0.5, abs=1e-3)
    assert gains.max() == pytest.approx(1.0, abs=1e-3)
    assert np.corrcoef(gains)[0, 1] < -0.99


def test_peaks_are_rounded_off_and_the_rest_is_untouched():
    quiet = np.linspace(-0.7, 0.7, 100, dtype=np.float32).reshape(2, -1)
    assert rounded(quiet) is quiet
    loud = np.linspace(-40, 40, 10_001, dtype=np.float32).reshape(1, -1)
    bent = rounded(loud)
    assert np.abs(bent).max() < 1
    assert (np.diff(bent) >= 0).all()
    assert np.abs(stepped(bent)).max() < FULL_SCALE


def test_convolution_in_blocks_is_convolution():
    dice = np.random.default_rng(1)
    wave, kernel = dice.standard_normal((2, 1_000)), dice.standard_normal((2, 700))
    through = Convolution(kernel, 256)
    found = np.concatenate(
        [through.through(wave[:, start : start + 256].astype(np.float32)) for start in range(0, 1_000, 256)], axis=1
    )
    for ear in range(2):
        assert np.allclose(found[ear], np.convolve(wave[ear], kernel[ear])[:1_000], atol=1e-3)


@pytest.mark.parametrize(("decay_s", "damping"), [(0.6, 0.3), (1.6, 0.5), (5.0, 0.8)])
def test_the_room_decays_as_it_was_asked_to(decay_s, damping):
    wave = response(Room(decay_s=decay_s, damping=damping, predelay_s=0.02), 3).astype(np.float64)
    assert not wave[:, : int(0.02 * RATE_HZ)].any()
    assert (wave**2).sum(axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert abs(np.corrcoef(wave)[0, 1]) < 0.2

    def fall_db(low_hz, high_hz):
        """How far a band has fallen in a fifth of the decay."""
        lines = np.fft.rfft(wave[0])
        hz = np.fft.rfftfreq(wave.shape[1], 1 / RATE_HZ)
        lines[(hz < low_hz) | (hz > high_hz)] = 0
        power = np.fft.irfft(lines, wave.shape[1]) ** 2
        begin, end, length = (int(share * decay_s * RATE_HZ) for share in (0.06, 0.26, 0.05))
        return 10 * np.log10(power[begin : begin + length].sum() / power[end : end + length].sum())

    assert fall_db(350, 700) == pytest.approx(0.2 * 60, abs=5)
    assert fall_db(6_000, 9_000) > fall_db(350, 700) + 3


def test_ears_weigh_as_the_standard_says():
    hz = np.array([38.0, 100.0, 997.0, 10_000.0])
    assert 10 * np.log10(weighting(hz)) == pytest.approx([-6.0, -1.1, 0.7, 4.0], abs=0.25)


def test_silence_has_no_loudness():
    assert gated_lufs(np.zeros(50), 4_410) is None
    # A sine of 997 Hz at full scale in one channel is -3.01 LUFS.
    energies = np.full(50, 4_410 * 0.5 * weighting(np.array([997.0]))[0])
    assert gated_lufs(energies, 4_410) == pytest.approx(-3.01, abs=0.2)
