"""Scores for tests, and what is heard of the files that come of them."""

from pathlib import Path

import av
import numpy as np

from segue.engines.studio.meter import Meter
from segue.engines.studio.playing import Player
from segue.engines.studio.score import Note, Part, Score
from segue.engines.studio.voices import RATE_HZ, VOICES

BAR_S = 2.0


def part(voice: str, notes, **more) -> Part:
    plain = {"name": voice, "stem": voice, "voice": voice, "notes": tuple(notes)}
    return Part(**(plain | more))


def band(length_s: float = 8.0, **more) -> Score:
    """A small band that plays four chords: drums, bass, keys, a pad, a tune."""
    chords = [(57, 60, 64, 67), (53, 57, 60, 64), (48, 55, 60, 64), (55, 59, 62, 65)]
    drums, bass, keys, pad, tune, kicks = [], [], [], [], [], []
    for bar in range(max(1, int((length_s - 1) / BAR_S))):
        at, chord = bar * BAR_S, chords[bar % 4]
        for beat in range(4):
            moment = at + beat * BAR_S / 4
            drums += [Note(moment, 0.1, 38 if beat % 2 else 36, 0.9), Note(moment, 0.1, 42, 0.6)]
            drums.append(Note(moment + BAR_S / 8, 0.1, 46, 0.4))
        kicks += [at, at + BAR_S / 2]
        bass.append(Note(at, BAR_S * 0.9, chord[0] - 24, 0.8))
        keys += [Note(at + 0.01 * place, BAR_S * 0.8, pitch, 0.6) for place, pitch in enumerate(chord)]
        pad += [Note(at, BAR_S, pitch, 0.6) for pitch in chord]
        tune += [Note(at + BAR_S / 3 * place, BAR_S / 3, pitch + 12, 0.7) for place, pitch in enumerate(chord[1:])]
    parts = (
        part("kit_house", drums, stem="drums", send=0.05),
        part("bass_synth", bass, stem="bass", width=0.0, duck=0.5, level_db=-2.0, send=0.0),
        part("epiano", keys, stem="keys", level_db=-5.0, low_cut_hz=120.0),
        part("pad_warm", pad, stem="keys", level_db=-11.0, width=0.9, send=0.4, duck=0.5, low_cut_hz=220.0),
        part("lead_saw", tune, stem="lead", level_db=-8.0, pan=0.2, send=0.4),
    )
    plain = {
        "tempo_bpm": 120.0,
        "beats_per_bar": 4,
        "key": "A minor",
        "genre": "house",
        "sections": (),
        "parts": parts,
        "kicks_s": tuple(kicks),
        "length_s": length_s,
        "music_ends_s": length_s - 1,
        "fade_out_s": 1.0,
        "seed": 7,
    }
    return Score(**(plain | more))


def heard(of: Part, length_s: float, seed: int = 1):
    """(2, samples) of one part as it is played, before its fader."""
    samples = round(length_s * RATE_HZ)
    player, wave = Player(of, VOICES[of.voice], seed, samples, lambda: None), np.zeros((2, samples), np.float32)
    for start in range(0, samples, 1 << 16):
        player.add(wave[:, start : start + (1 << 16)], start)
    return wave


def steps(path: Path):
    """(2, samples) of a FLAC file in whole steps of 24 bits."""
    with av.open(str(path)) as file:
        frames = [frame.to_ndarray().reshape(-1, 2) for frame in file.decode(audio=0)]
    packed = np.concatenate(frames).T
    assert not (packed & 0xFF).any(), "24 bits, not more"
    return packed >> 8


def lufs(wave) -> float | None:
    meter = Meter(RATE_HZ)
    for start in range(0, wave.shape[1], 1 << 16):
        meter.add(wave[:, start : start + (1 << 16)].astype(np.float32))
    return meter.loudness_lufs()


def spectrum(wave):
    """The frequencies and the magnitudes of one channel, as of the middle of both."""
    middle = wave.mean(axis=0) if wave.ndim == 2 else wave
    lines = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return np.fft.rfftfreq(len(middle), 1 / RATE_HZ), lines
