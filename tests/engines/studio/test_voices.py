"""Every voice: it sounds, in tune, within its band, and without a step at its ends."""

import numpy as np
import pytest
from factories.bands import heard, part, spectrum

from segue.engines.studio import score
from segue.engines.studio.score import Note
from segue.engines.studio.voices import RATE_HZ, VOICES, Dice, Touch
from segue.engines.studio.voices.kits import KITS

TEXTURES = {"riser", "vinyl", "rain", "wind"}
PITCHED = sorted(VOICES.keys() - KITS.keys() - TEXTURES)
STEADY = sorted({"lead_saw", "lead_square", "chip_lead", "bass_synth", "bass_acid", "bass_chip", "lead_sine"})
DRUMS = (36, 37, 38, 39, 41, 42, 44, 45, 46, 48, 49, 51, 54, 56, 70, 75)


def tone(voice, pitch, velocity=0.7, seconds=1.5):
    return VOICES[voice].tone(Touch((pitch,), velocity, 0.5, seconds), Dice("test", voice, pitch))


def test_every_voice_of_the_score_is_there():
    assert VOICES.keys() == score.VOICES.keys()


@pytest.mark.parametrize("voice", sorted(VOICES))
def test_it_sounds_and_begins_and_ends_in_silence(voice):
    notes = [Note(0.2 + 0.3 * place, 0.25, pitch, 0.8) for place, pitch in enumerate(DRUMS)]
    played = heard(part(voice, notes if voice in KITS else [Note(0.2, 1.0, 57, 0.8)]), 12.0)
    assert np.isfinite(played).all()
    assert not played[:, : int(0.2 * RATE_HZ)].any()
    assert np.abs(played).max() > 0.05
    assert np.abs(played[:, -RATE_HZ:]).max() < 1e-3
    first = np.abs(played[:, int(0.2 * RATE_HZ)]).max()
    assert first < 0.02 * np.abs(played).max()


@pytest.mark.parametrize("voice", PITCHED)
@pytest.mark.parametrize("pitch", [45, 64])
def test_it_is_in_tune(voice, pitch):
    hz = 440 * 2 ** ((pitch - 69) / 12)
    played = heard(part(voice, [Note(0.0, 6.0, pitch, 0.6)]), 5.0)[:, int(0.3 * RATE_HZ) :]
    lines_hz, lines = spectrum(played[0])
    near = (lines_hz > hz * 0.955) & (lines_hz < hz * 1.047)
    power = lines[near] ** 2
    found = (lines_hz[near] * power).sum() / power.sum()
    assert abs(1200 * np.log2(found / hz)) < 9
    assert power.max() > (lines.max() * 0.02) ** 2, "its fundamental is heard"


@pytest.mark.parametrize("voice", STEADY)
@pytest.mark.parametrize("pitch", [40, 83, 96])
def test_nothing_lies_between_the_harmonics(voice, pitch):
    sound = tone(voice, pitch, 0.9, seconds=60)
    loop = sound.samples[0, sound.loop_from :].astype(np.float64)
    lines = np.abs(np.fft.rfft(loop))  # whole periods: a harmonic is one line, and what vibrato lays about it
    periods = len(loop) * 440 * 2 ** ((pitch - 69) / 12) / RATE_HZ
    place = np.arange(len(lines)) / periods
    between = np.abs(place - np.rint(place)) > 0.45
    low = (place > 0.5) & (place < 12)  # higher up a vibrato is as wide as the harmonics are apart
    assert lines[between & low].max() < lines.max() * 10 ** (-62 / 20)
    top = np.arange(len(lines)) * RATE_HZ / len(loop) > 20_500
    assert lines[top].max() < lines.max() * 10 ** (-60 / 20)


@pytest.mark.parametrize("voice", PITCHED)
def test_a_loop_is_joined_without_a_seam(voice):
    sound = tone(voice, 52, seconds=60)
    if sound.loop_from is None:
        return
    wave = sound.samples.astype(np.float64)
    joined = np.concatenate([wave[:, -3:], wave[:, sound.loop_from : sound.loop_from + 3]], axis=1)
    inside = np.abs(np.diff(wave[:, sound.loop_from :], n=2)).max()
    assert np.abs(np.diff(joined, n=2)).max() <= inside * 1.05


@pytest.mark.parametrize("voice", ["lead_sine", "bass_sub", "epiano", "pad_warm", "organ", "flute"])
def test_no_click_where_a_note_is_cut(voice):
    """High above all partials there is no more at the end of the note than while it is held."""
    played = heard(part(voice, [Note(0.0, 1.5, 45, 0.7)]), 3.0)
    lines = np.fft.rfft(played[0])
    lines[: int(len(lines) * 0.7)] = 0
    high = np.abs(np.fft.irfft(lines))
    end = int(1.5 * RATE_HZ)
    held, cut = high[end - 20_000 : end - 2_000].max(), high[end - 500 : end + 20_000].max()
    assert cut < held * 3 + 1e-5


@pytest.mark.parametrize(
    "voice", ["piano", "epiano", "guitar_clean", "bass_synth", "strings", "brass", "marimba", "lead_saw"]
)
def test_a_harder_touch_is_brighter(voice):
    def centre_hz(velocity):
        hz, lines = spectrum(tone(voice, 57, velocity).samples[:, : int(0.25 * RATE_HZ)])
        return (hz * lines).sum() / lines.sum()

    assert centre_hz(0.95) > 1.15 * centre_hz(0.15)


def test_a_closed_hat_ends_an_open_one():
    def after(notes):
        played = heard(part("kit_house", notes), 2.0)
        return np.abs(played[:, int(0.35 * RATE_HZ) : int(0.6 * RATE_HZ)]).max()

    rings = after([Note(0.0, 0.1, 46, 0.9)])
    assert after([Note(0.0, 0.1, 46, 0.9), Note(0.2, 0.1, 42, 0.2)]) < 0.4 * rings
    assert after([Note(0.0, 0.1, 46, 0.9), Note(0.2, 0.1, 36, 0.01)]) > 0.8 * rings


def test_a_long_note_is_held_to_its_end():
    for voice in ("lead_saw", "strings", "organ", "bass_sub", "drone_low"):
        played = heard(part(voice, [Note(0.0, 18.0, 50, 0.7)]), 18.0)
        loud = [np.sqrt(np.mean(played[:, at * RATE_HZ : (at + 1) * RATE_HZ] ** 2)) for at in (7, 12, 17)]
        assert min(loud) > 0.5 * max(loud)


def test_equal_dice_throw_equal_numbers():
    assert np.array_equal(Dice(1, "a").noise(9), Dice(1, "a").noise(9))
    assert not np.array_equal(Dice(1, "a").noise(9), Dice(1, "b").noise(9))
    assert not np.array_equal(Dice(1, "a").noise(9), Dice("1a").noise(9))
    # Pinned: another version of numpy may not change what a piece sounds like.
    assert Dice("pinned").noise(3).tolist() == pytest.approx(PINNED)


PINNED = [-0.9789871573448181, 0.2645840644836426, -0.2193537801504135]
