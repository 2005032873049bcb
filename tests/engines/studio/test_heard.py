"""What is heard of a piece that another one is to follow: pieces whose tempo and key are known."""

import asyncio

import numpy as np
import pytest
from factories.sound import write

from segue import audio
from segue.engines.studio.hear import hear
from segue.engines.studio.keys import read_key

RATE_HZ = 44_100


def beat(bpm, chords, seconds=20, level=0.5):
    """Chords of plucked tones, struck on every beat; one chord for four beats."""
    sound = np.zeros(seconds * RATE_HZ)
    beat_s = 60 / bpm
    time_s = np.arange(int(beat_s * RATE_HZ)) / RATE_HZ
    for number in range(int(seconds / beat_s)):
        chord = chords[number // 4 % len(chords)]
        voice = sum(np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time_s) for pitch in chord) * np.exp(
            -6 * time_s
        )
        start = int(number * beat_s * RATE_HZ)
        sound[start : start + len(voice)] += voice[: len(sound) - start]
    return (level * sound / max(np.abs(sound).max(), 1e-9)).astype(np.float32)


@pytest.fixture
def heard(tmp_path):
    """What is heard of samples, by the way they come: as the MP3 that Segue makes."""

    def now(samples):
        path = write(tmp_path / "a.flac", samples[:, np.newaxis], "flac", rate_hz=RATE_HZ)
        asyncio.run(audio.encode_master(path, tmp_path / "seed.mp3"))
        return hear(tmp_path / "seed.mp3")

    return now


C_MAJOR = ((48, 60, 64, 67), (53, 57, 60, 65), (55, 59, 62, 67), (48, 60, 64, 67))
A_MINOR = ((45, 57, 60, 64), (50, 57, 62, 65), (52, 56, 59, 64), (45, 57, 60, 64))


@pytest.mark.parametrize("bpm", [72, 96, 120, 140])
def test_the_tempo_is_heard(heard, bpm):
    assert heard(beat(bpm, C_MAJOR)).tempo_bpm == pytest.approx(bpm, rel=0.02)


@pytest.mark.parametrize(("chords", "key"), [(C_MAJOR, "C major"), (A_MINOR, "A minor")])
@pytest.mark.parametrize("up", [0, 5])
def test_the_key_is_heard(heard, chords, key, up):
    moved = tuple(tuple(pitch + up for pitch in chord) for chord in chords)
    found, wanted = read_key(heard(beat(100, moved)).key), read_key(key)
    assert (found.tonic, found.mode) == ((wanted.tonic + up) % 12, wanted.mode)


def test_what_is_loud_and_busy_has_more_energy(heard):
    assert heard(beat(150, C_MAJOR, level=0.9)).energy > heard(beat(60, C_MAJOR, level=0.05)).energy


def test_silence_and_noise_have_no_key_to_follow(heard):
    silence = heard(np.zeros(5 * RATE_HZ, np.float32))
    assert (silence.tempo_bpm, silence.key, silence.energy) == (None, None, 0.0)
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 5 * RATE_HZ).astype(np.float32)
    assert heard(noise).tempo_bpm is None


def test_what_is_too_short_to_tell_is_not_told(heard):
    assert heard(beat(120, C_MAJOR, seconds=1)[: RATE_HZ // 5]).tempo_bpm is None
