"""Pure. The one room that all parts sound in: its impulse response, made here of echoes and noise, and the convolution
with it block by block.
"""

import numpy as np
import numpy.typing as npt

from segue.engines.studio.score import Room
from segue.engines.studio.voices import RATE_HZ, Dice, Wave, lines_hz, smooth

_BANDS_HZ = (125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
_ECHOES = 14
_ECHOES_FROM_S, _ECHOES_TO_S = 0.007, 0.075
_DIFFUSE_FROM_S = 0.02  # from here on there are too many echoes to be told apart
_LOWEST_HZ, _HIGHEST_HZ = 170.0, 11_000.0
_DECAY_MAX_S = 12.0
_ACROSS = 0.35  # how much of each ear's sound comes back in the other


class Convolution:
    """Sound through an impulse response (2, samples), block by block of one length, each channel by its own.

    The response is cut into pieces as long as a block; each block is transformed once and meets every piece.
    """

    def __init__(self, response: npt.NDArray[np.floating], block: int) -> None:
        pieces = -(-response.shape[1] // block)
        padded = np.zeros((pieces, 2, 2 * block), np.float32)
        for piece in range(pieces):
            part = response[:, piece * block : (piece + 1) * block]
            padded[piece, :, : part.shape[1]] = part
        self._block = block
        self._pieces = np.fft.rfft(padded).astype(np.complex64)
        self._sums = np.zeros((pieces, *self._pieces.shape[1:]), np.complex64)
        self._rest = np.zeros((2, block), np.float32)

    def through(self, wave: Wave) -> Wave:
        """What comes out while `wave` (2, at most a block) goes in; only the last may be shorter."""
        given = wave.shape[1]
        spectrum = np.fft.rfft(wave.astype(np.float32, copy=False), 2 * self._block)
        self._sums = np.roll(self._sums, -1, axis=0)
        self._sums[-1] = 0
        self._sums += self._pieces * spectrum
        both = np.fft.irfft(self._sums[0], 2 * self._block).astype(np.float32, copy=False)
        heard = both[:, : self._block] + self._rest
        self._rest = both[:, self._block :]
        return heard[:, :given]


def response(room: Room, seed: int) -> Wave:
    """(2, samples): nothing before `predelay_s`, some echoes off the walls, and noise that dies away, its high bands
    first. As loud as what goes in.
    """
    decay_s = float(np.clip(room.decay_s, 0.1, _DECAY_MAX_S))
    early = round(max(room.predelay_s, 0) * RATE_HZ)
    samples = round(decay_s * 1.05 * RATE_HZ) + round(_ECHOES_TO_S * RATE_HZ)
    dice = Dice("room", seed)
    wave = _diffuse(samples, decay_s, room.damping, dice) + _echoes(samples, room.damping, dice)
    wave /= np.sqrt((wave.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
    return np.concatenate([np.zeros((2, early), np.float32), wave.astype(np.float32)], axis=1)


def across(wave: Wave) -> Wave:
    """What goes into the room: each ear's sound, and a share of the other's."""
    gain = np.float32(1 / np.hypot(1, _ACROSS))
    return (wave + np.float32(_ACROSS) * wave[::-1]) * gain


def _diffuse(samples: int, decay_s: float, damping: float, dice: Dice) -> Wave:
    size = smooth(samples)
    noise = np.fft.rfft(dice.noise(2 * size).reshape(2, size))
    hz = lines_hz(size)
    octaves = np.log2(np.maximum(hz, 1))
    at_s = (np.arange(size) / RATE_HZ).astype(np.float32)
    summed = np.zeros((2, size), np.float32)
    for band_hz in _BANDS_HZ:
        near = np.clip(1 - np.abs(octaves - np.log2(band_hz)), 0, 1)
        fade_s = decay_s * _liveliness(band_hz, damping) / 6.91
        summed += np.fft.irfft(noise * np.sqrt(near).astype(np.float32), size) * np.exp(at_s / np.float32(-fade_s))
    cut = 1 / np.sqrt(1 + (_LOWEST_HZ / np.maximum(hz, 1)) ** 4) / np.sqrt(1 + (hz / _HIGHEST_HZ) ** 4)
    spectrum = np.fft.rfft(summed) * cut.astype(np.float32)
    swell = np.clip((at_s - _ECHOES_FROM_S) / _DIFFUSE_FROM_S, 0, 1) ** 2
    return np.asarray((np.fft.irfft(spectrum, size) * swell)[:, :samples], np.float32)


def _liveliness(band_hz: float, damping: float) -> float:
    """How long a band rings, as a share of what 500 Hz does: walls and air take the high ones."""
    return float((1 + (band_hz / 2_500) ** 1.2) ** (-0.25 - 1.2 * damping)) * (0.8 if band_hz < 200 else 1.0)


def _echoes(samples: int, damping: float, dice: Dice) -> Wave:
    """Single echoes, later ones quieter and darker, at other moments in each ear."""
    wave = np.zeros((2, samples), np.float32)
    level = 0.3 / np.sqrt(RATE_HZ / 1_000)
    for ear in range(2):
        for moment in np.sort(dice.between(0, 1, _ECHOES)):
            at = round((_ECHOES_FROM_S + (_ECHOES_TO_S - _ECHOES_FROM_S) * moment**1.5) * RATE_HZ)
            width = 3 + round(10 * damping * (0.4 + moment))
            bell = np.hanning(width + 2)[1:-1]
            sign = 1 if dice.one(-1, 1) > 0 else -1
            wave[ear, at : at + width] += (sign * level * 8 * (1 - 0.7 * moment) * bell / bell.sum()).astype(np.float32)
    return wave
