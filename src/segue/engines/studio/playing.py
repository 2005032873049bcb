"""Pure. Plays one part: which tone sounds when, and any stretch of it as samples. It does not know the other parts.

A tone is made once for each pitch and each way of being struck, and is kept while there is room.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from segue.engines.studio.loudness import gated_lufs
from segue.engines.studio.score import Note, Part
from segue.engines.studio.shaping import HOP, Shaped, Shaping
from segue.engines.studio.voices import RATE_HZ, Curve, Dice, Touch, Voice, Wave

_TONES_BYTES_MAX = 64 * 2**20
_TOGETHER_S = 0.03  # what begins within this is one chord
_RINGS_S = 12.0
_LENGTH_STEP_S = 0.02


class _Key(NamedTuple):
    """What makes two tones the same tone."""

    pitches: tuple[int, ...]
    layer: int
    turn: int
    length: int


class _Event(NamedTuple):
    """One tone of the part: from which sample to which it is held, when its release is over, and how loud it is."""

    start: int
    released: int
    end: int
    key: _Key
    gain: float


class Player:
    """One part, to be asked for its stretches in the order of time. `beat` is called after each tone that was made."""

    def __init__(self, part: Part, voice: Voice, seed: int, samples: int, beat: Callable[[], None]) -> None:
        self._part, self._voice, self._seed, self._beat = part, voice, seed, beat
        self._shaping = Shaping(part, voice)
        self._release = max(round(self._voice.release_s * RATE_HZ), 64)
        self._events = [each for each in self._gathered(samples) if each.start < samples]
        self._longest = max((each.end - each.start for each in self._events), default=0)
        self._needed: dict[_Key, int] = {}
        for each in self._events:
            self._needed[each.key] = max(self._needed.get(each.key, 0), each.end - each.start)
        self._energies: dict[_Key, tuple[Curve, int | None]] = {}
        self._kept: OrderedDict[_Key, Shaped] = OrderedDict()
        self._kept_bytes = 0

    def loudness_lufs(self) -> float | None:
        """The integrated loudness of the part as its tones add up; None when it is silent."""
        if not self._events:
            return None
        hops = np.zeros(max(each.end for each in self._events) // HOP + 2)
        for each in self._events:
            energies, loop_from = self._energy(each.key)
            many = -(-(each.end - each.start) // HOP)
            energies = energies[:many] if loop_from is None else _repeated(energies, loop_from // HOP, many)
            moments = (np.arange(len(energies), dtype=np.float32) + np.float32(0.5)) * HOP
            begin = each.start // HOP
            hops[begin : begin + len(energies)] += self._ramps(each, moments) ** 2 * energies
        return gated_lufs(hops, HOP)

    def add(self, block: Wave, start: int) -> None:
        """Add what sounds from the sample `start` on to `block` (2, samples)."""
        end = start + block.shape[1]
        first = bisect_left(self._events, start - self._longest, key=lambda each: each.start)
        last = bisect_left(self._events, end, key=lambda each: each.start)
        for each in self._events[first:last]:
            if each.end > start:
                self._sound(each, block, start)

    def _sound(self, event: _Event, block: Wave, start: int) -> None:
        shaped = self._tone(event.key)
        begin = max(event.start, start)
        end = min(event.end, start + block.shape[1])
        if shaped.loop_from is None:
            end = min(end, event.start + shaped.samples.shape[1])
        for at, wave in _stretches(shaped, begin - event.start, end - event.start):
            gains = self._gains(event, at, wave.shape[1])
            place = event.start + at - start
            block[:, place : place + wave.shape[1]] += wave * gains

    def _gains(self, event: _Event, at: int, samples: int) -> npt.NDArray[np.float32] | np.float32:
        """The ramps at the two ends of a tone over `samples` from its sample `at` on."""
        attack = self._voice.attack_s * RATE_HZ
        released = event.released - event.start
        if at >= attack and at + samples <= released:
            return np.float32(event.gain)
        return self._ramps(event, np.arange(at, at + samples, dtype=np.float32))

    def _ramps(self, event: _Event, moments: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The gain of a tone at moments of it, in samples: up in a curve, down in one that is round where it begins."""
        up = np.minimum(moments / np.float32(max(self._voice.attack_s * RATE_HZ, 1)), 1)
        past = np.clip((moments - np.float32(event.released - event.start)) / np.float32(self._release), 0, 1)
        return np.asarray(np.float32(event.gain) * np.sin(np.float32(np.pi / 2) * up) ** 2 * (1 - past**2) ** 3)

    def _tone(self, key: _Key) -> Shaped:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        dice = Dice(self._seed, self._part.name, *key.pitches, key.layer, key.turn, key.length)
        shaped = self._shaping.shaped(self._voice.tone(self._touch(key), dice))
        self._kept[key] = shaped
        self._kept_bytes += shaped.samples.nbytes
        while self._kept_bytes > _TONES_BYTES_MAX and len(self._kept) > 1:
            self._kept_bytes -= self._kept.popitem(last=False)[1].samples.nbytes
        self._beat()
        return shaped

    def _energy(self, key: _Key) -> tuple[Curve, int | None]:
        if key not in self._energies:
            shaped = self._tone(key)
            self._energies[key] = shaped.energies, shaped.loop_from
        return self._energies[key]

    def _touch(self, key: _Key) -> Touch:
        layers = self._voice.layers
        velocity = (key.layer + 0.5) / layers if layers > 1 else 0.7
        return Touch(key.pitches, velocity, self._part.brightness, self._needed[key] / RATE_HZ, key.turn)

    def _gathered(self, samples: int) -> list[_Event]:
        """The notes as events, in the order of time."""
        notes = sorted(self._part.notes)
        together = _chords(notes) if self._voice.chords else [(note,) for note in notes]
        turns: dict[tuple[int, ...], int] = {}
        events = [self._event(each, turns, samples) for each in together]
        return _choked(events, self._voice, self._release) if self._voice.choked else events

    def _event(self, notes: tuple[Note, ...], turns: dict[tuple[int, ...], int], samples: int) -> _Event:
        pitches = tuple(sorted({note.pitch for note in notes}))
        turns[pitches] = turn = turns.get(pitches, -1) + 1
        velocity = min(max(sum(note.velocity for note in notes) / len(notes), 0.02), 1.0)
        held_s = max(note.length_s for note in notes)
        length = max(1, round(held_s / _LENGTH_STEP_S)) if self._voice.fits else 0
        key = _Key(pitches, self._layer(velocity), turn % self._voice.variants, length)
        start = max(0, round(notes[0].at_s * RATE_HZ))
        if self._voice.fits:
            held_s = length * _LENGTH_STEP_S
        if not self._voice.damped:
            held_s = _RINGS_S
        released = start + max(round(held_s * RATE_HZ), 64)
        return _Event(start, released, min(released + self._release, samples), key, velocity**self._voice.curve)

    def _layer(self, velocity: float) -> int:
        return min(int(velocity * self._voice.layers), self._voice.layers - 1)


def _stretches(shaped: Shaped, begin: int, end: int) -> Iterator[tuple[int, Wave]]:
    """A tone from one of its moments to another in whole pieces, each with its moment; a loop goes on for ever."""
    length = shaped.samples.shape[1]
    while begin < end:
        place = begin
        if shaped.loop_from is not None and begin >= length:
            place = shaped.loop_from + (begin - length) % (length - shaped.loop_from)
        step = min(end - begin, length - place)
        yield begin, shaped.samples[:, place : place + step]
        begin += step


def _repeated(energies: Curve, loop_from: int, many: int) -> Curve:
    places = np.arange(many)
    last = len(energies) - 1  # not whole
    around = loop_from + (places - last) % max(last - loop_from, 1)
    return energies[np.where(places < last, places, np.minimum(around, last - 1))]


def _chords(notes: list[Note]) -> list[tuple[Note, ...]]:
    """The notes that begin together, as one each."""
    starts: list[float] = []
    for note in notes:
        starts.append(starts[-1] if starts and note.at_s - starts[-1] < _TOGETHER_S else note.at_s)
    found = groupby(zip(starts, notes, strict=True), key=lambda pair: pair[0])
    return [tuple(note for _, note in group) for _, group in found]


def _choked(events: list[_Event], voice: Voice, release: int) -> list[_Event]:
    """Of a group of which only one can sound, each ends where the next begins."""
    kept: list[_Event] = []
    following: int | None = None
    for each in reversed(events):
        if each.key.pitches[0] in voice.choked:
            if following is not None and following < each.released:
                released = max(following, each.start + 64)
                kept.append(each._replace(released=released, end=min(each.end, released + release)))
            else:
                kept.append(each)
            following = each.start
        else:
            kept.append(each)
    return kept[::-1]
