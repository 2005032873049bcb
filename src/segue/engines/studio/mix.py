"""Mixes the parts of a score: each at its loudness under its fader, ducked by the kicks, in its stem, and in the room.

Stems are written as they are mixed, in whole steps of 24 bits, and the mix is the sum of those steps and nothing else.
All stems have one level: a part with its fader at 0 dB has `REFERENCE_LUFS`, far enough below full scale that
stems do not come near it; should one all the same, its peaks are rounded off before it is written.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from segue.engines.studio.files import FULL_SCALE, Flac, Raw, stepped
from segue.engines.studio.master import BLOCK, blocks, faded
from segue.engines.studio.playing import Player
from segue.engines.studio.room import Convolution, across, response
from segue.engines.studio.score import Part, Score
from segue.engines.studio.voices import RATE_HZ, Tremolo, Voice, Wave
from segue.engines.studio.work import Work

REFERENCE_LUFS = -26.0
SPACE = "space"

_ROUND_FROM = 0.7  # of full scale
_ROUND_TO = 0.98

_DUCK_BEFORE_S, _DUCK_HOLD_S, _DUCK_BACK_S = 0.006, 0.03, 0.19


class Desk:
    """Where the stems come together: the mix and what goes into the room, as files to work in."""

    def __init__(self, score: Score, voices: Mapping[str, Voice], folder: Path, work: Work) -> None:
        self.samples = round(score.length_s * RATE_HZ)
        self.mix = Raw(folder / "mix", self.samples)
        self._send = Raw(folder / "send", self.samples)
        self._score, self._voices, self._work = score, voices, work

    def close(self) -> None:
        self.mix.close()
        self._send.close()

    def stem(self, parts: Iterable[Part], path: Path) -> None:
        """Mix the parts of one stem, write it, and add it to the mix and to what goes into the room."""
        strips = [Strip(part, self._voices[part.voice], self._score, self.samples, self._work) for part in parts]
        with Flac(path, RATE_HZ) as flac:
            for start, samples in blocks(self.samples):
                dry, sent = np.zeros((2, samples), np.float32), np.zeros((2, samples), np.float32)
                for strip in strips:
                    strip.add(start, dry, sent)
                self._write(flac, start, dry)
                if sent.any():
                    self._send.write(start, self._send.read(start, samples) + sent)
                self._work.done(samples)

    def space(self, path: Path) -> None:
        """Write what the room gives back, a stem like the others."""
        room = Convolution(response(self._score.room, self._score.seed), BLOCK)
        with Flac(path, RATE_HZ) as flac:
            for start, samples in blocks(self.samples):
                self._write(flac, start, room.through(across(self._send.read(start, samples))))
                self._work.done(samples)

    def _write(self, flac: Flac, start: int, block: Wave) -> None:
        steps = stepped(rounded(faded(block, start, self.samples, self._score.fade_out_s)))
        flac.add(steps)
        # Sums of steps of 24 bits are exact in these floats up to twice full scale.
        self.mix.write(start, self.mix.read(start, block.shape[1]) + steps.astype(np.float32) / np.float32(FULL_SCALE))


class Strip:
    """One part on the desk."""

    def __init__(self, part: Part, voice: Voice, score: Score, samples: int, work: Work) -> None:
        self._part = part
        self._kicks_s = np.array(sorted(score.kicks_s))
        self._tremolo = voice.tremolo
        self._player = Player(part, voice, score.seed, samples, work.done)
        loudness_lufs = self._player.loudness_lufs()
        staged_db = REFERENCE_LUFS - loudness_lufs if loudness_lufs is not None else 0.0
        self._gain = np.float32(10 ** ((staged_db + part.level_db) / 20))

    def add(self, start: int, dry: Wave, sent: Wave) -> None:
        """Add the part to `dry`, and its share for the room to `sent`, from the sample `start` on."""
        block = np.zeros_like(dry)
        self._player.add(block, start)
        block *= self._gain
        if self._tremolo:
            block *= swung(self._tremolo, start, block.shape[1])
        if self._part.duck > 0 and len(self._kicks_s):
            block *= ducked(self._kicks_s, self._part.duck, start, block.shape[1])
        dry += block
        if self._part.send > 0:
            sent += block * np.float32(self._part.send)


def swung(tremolo: Tremolo, start: int, samples: int) -> Wave:
    """The gains (2, samples) of a tremolo."""
    turns = 2 * np.pi * tremolo.hz / RATE_HZ * np.arange(start, start + samples)
    lags = np.array([[0.0], [np.pi if tremolo.stereo else 0.0]])
    return np.asarray(1 - tremolo.depth / 2 * (1 - np.cos(turns + lags)), np.float32)


def ducked(kicks_s: Iterable[float], depth: float, start: int, samples: int) -> Wave:
    """The gains (samples,) of a part that makes way for each kick and comes back."""
    gains = np.ones(samples, np.float32)
    length_s = _DUCK_BEFORE_S + _DUCK_HOLD_S + _DUCK_BACK_S
    first_s, last_s = start / RATE_HZ - length_s, (start + samples) / RATE_HZ + _DUCK_BEFORE_S
    near = [each for each in kicks_s if first_s <= each <= last_s]
    for kick_s in near:
        begin = max(round((kick_s - _DUCK_BEFORE_S) * RATE_HZ) - start, 0)
        end = min(round((kick_s + _DUCK_HOLD_S + _DUCK_BACK_S) * RATE_HZ) - start, samples)
        if begin < end:
            since_s = (np.arange(begin, end) + start) / RATE_HZ - kick_s
            dips = np.interp(since_s, *_DIP)
            np.minimum(gains[begin:end], 1 - depth * 0.9 * dips, out=gains[begin:end])
    return gains


def _dip() -> tuple[list[float], list[float]]:
    """How far a part is pushed back at each moment about a kick: down, a short hold, and back in a curve."""
    back = np.linspace(0, 1, 24)
    moments = [-_DUCK_BEFORE_S, 0.0, *(_DUCK_HOLD_S + _DUCK_BACK_S * back).tolist()]
    return moments, [0.0, 1.0, *((1 + np.cos(np.pi * back)) / 2).tolist()]


_DIP = _dip()


def rounded(block: Wave) -> Wave:
    """A block whose peaks stay below full scale: those above the knee are bent under it, and all else is as it was."""
    size = np.abs(block)
    if size.max(initial=0) <= _ROUND_FROM:
        return block
    room = _ROUND_TO - _ROUND_FROM
    over = np.maximum(size - _ROUND_FROM, 0)
    return np.where(over > 0, np.sign(block) * (_ROUND_FROM + room * np.tanh(over / room)), block).astype(np.float32)
