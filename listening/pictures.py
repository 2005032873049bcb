"""Draws a piece: its waveform, its sections, and its spectrogram, on one picture for both eyes of a judge."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from listening.measures import RATE_HZ, spectra

WIDTH, WAVE, SPECTRUM = 900, 90, 200
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 18_000.0
_RANGE_DB = 75.0
# From silence to full: black, blue, magenta, orange, yellow, as most spectrograms have it.
_COLOURS = np.array([(8, 8, 16), (38, 24, 92), (140, 32, 110), (232, 96, 48), (250, 190, 60), (255, 250, 210)], float)
_INK, _PAPER, _LINE = (40, 70, 120), (250, 250, 252), (190, 190, 200)


def draw(path: Path, sound: np.ndarray, sections: Sequence[tuple[str, float]]) -> None:
    """`sections` are names with the seconds at which they begin."""
    picture = Image.new("RGB", (WIDTH, WAVE + SPECTRUM), _PAPER)
    picture.paste(_spectrogram(sound), (0, WAVE))
    pen = ImageDraw.Draw(picture)
    _wave(pen, sound)
    length_s = sound.shape[1] / RATE_HZ
    for name, start_s in sections:
        x = round(start_s / length_s * WIDTH)
        pen.line([(x, 0), (x, WAVE)], fill=_LINE)
        pen.text((x + 4, 2), name, fill=(90, 90, 100))
    picture.quantize(96).save(path, optimize=True)


def _wave(pen: ImageDraw.ImageDraw, sound: np.ndarray) -> None:
    mono = sound.mean(axis=0)
    step = len(mono) // WIDTH
    columns = mono[: step * WIDTH].reshape(WIDTH, step)
    for x, (low, high) in enumerate(zip(columns.min(axis=1), columns.max(axis=1), strict=True)):
        middle, reach = WAVE / 2, WAVE / 2 - 2
        pen.line([(x, middle - high * reach), (x, middle - low * reach)], fill=_INK)


def _spectrogram(sound: np.ndarray) -> Image.Image:
    """Time to the right, pitch upwards by octaves."""
    decibels = 20 * np.log10(np.maximum(spectra(sound), 1e-6))
    frames, bins = decibels.shape
    hertz = np.geomspace(_HIGHEST_HZ, _LOWEST_HZ, SPECTRUM)
    rows = np.clip(np.round(hertz / (RATE_HZ / 2) * (bins - 1)).astype(int), 1, bins - 1)
    columns = np.linspace(0, frames - 1, WIDTH).astype(int)
    strength = np.clip((decibels[np.ix_(columns, rows)].T - decibels.max() + _RANGE_DB) / _RANGE_DB, 0, 1)
    place = strength * (len(_COLOURS) - 1)
    low = np.minimum(place.astype(int), len(_COLOURS) - 2)
    share = (place - low)[..., np.newaxis]
    return Image.fromarray((_COLOURS[low] * (1 - share) + _COLOURS[low + 1] * share).astype(np.uint8))
