"""The orchestra's tones: from the font, in tune, the same whatever was played before, and without end where held."""

import numpy as np
import pytest
from factories.bands import band, part, spectrum, steps

from segue.engines.studio import score
from segue.engines.studio.font import missing
from segue.engines.studio.perform import perform
from segue.engines.studio.sampled import orchestra
from segue.engines.studio.score import Note
from segue.engines.studio.soundfont import SoundFont
from segue.engines.studio.voices import RATE_HZ, VOICES, Dice, Touch


@pytest.fixture(scope="module")
def font():
    said = missing()
    if said:
        pytest.skip(said)
    opened = SoundFont(RATE_HZ)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def voices(font):
    return orchestra(lambda: font)


SAMPLED = sorted(name for name, voice in orchestra(lambda: None).items() if voice is not VOICES[name])


def test_every_voice_is_there_and_machines_stay_ours(voices):
    assert voices.keys() == score.VOICES.keys()
    for name in ("bass_sub", "bass_acid", "chip_lead", "pad_saw", "drone_low", "vinyl", "kit_lofi", "kit_chip"):
        assert voices[name] is VOICES[name]
    assert {"piano", "strings", "kit_brush"} <= set(SAMPLED)


@pytest.mark.parametrize("name", [name for name in SAMPLED if not name.startswith("kit")])
def test_it_is_in_tune(name, voices):
    pitch = 45 if name.startswith("bass") else 60
    hz = 440 * 2 ** ((pitch - 69) / 12)
    sound = voices[name].tone(Touch((pitch,), 0.7, 0.5, 3.0), Dice(1))
    lines_hz, lines = spectrum(sound.samples[0])
    near = (lines_hz > hz * 0.955) & (lines_hz < hz * 1.047)
    power = lines[near] ** 2
    assert abs(1200 * np.log2((lines_hz[near] * power).sum() / power.sum() / hz)) < 15
    assert np.abs(sound.samples).max() > 1e-3


@pytest.mark.parametrize("name", ["kit_rock", "kit_funk", "kit_brush"])
def test_the_drums_of_a_kit_sound(name, voices):
    for number in (36, 38, 42, 46, 49, 51):
        sound = voices[name].tone(Touch((number,), 0.8, 0.5, 1.0), Dice(1))
        assert np.abs(sound.samples).max() > 1e-3, number


def test_a_tone_is_the_same_whatever_was_played_before(font):
    before = font.tone(0, 60, 0.8, 20_001)
    font.kit_tone(16, 49, 1.0, 3_001)
    font.tone(48, 40, 1.0, 777)
    assert np.array_equal(font.tone(0, 60, 0.8, 20_001), before)
    assert np.abs(before).max() > 1e-3


def test_what_can_be_held_is_held(voices):
    sound = voices["strings"].tone(Touch((60,), 0.7, 0.5, 40.0), Dice(1))
    wave = sound.samples
    assert sound.loop_from is not None
    joined = np.concatenate([wave[:, -2_000:], wave[:, sound.loop_from : sound.loop_from + 2_000]], axis=1)
    assert np.abs(np.diff(joined, axis=1)).max() <= 1.05 * np.abs(np.diff(wave, axis=1)).max()
    assert voices["piano"].tone(Touch((60,), 0.7, 0.5, 40.0), Dice(1)).loop_from is None


def test_a_band_of_them_is_performed_twice_alike(voices, tmp_path):
    parts = (
        part("kit_rock", [Note(0.5 * place, 0.1, 36 + 2 * (place % 2), 0.8) for place in range(8)], stem="drums"),
        part("piano", [Note(0.0, 3.0, pitch, 0.6) for pitch in (48, 55, 64)], stem="keys"),
    )
    played = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        made = perform(band(5.0, parts=parts), folder, lambda _: None, lambda: False, voices)
        assert made.loudness_lufs == pytest.approx(-16.0, abs=0.3)
        played.append(steps(folder / made.master))
    assert np.array_equal(*played)
