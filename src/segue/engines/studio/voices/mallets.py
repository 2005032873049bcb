"""Pure. What is struck with a mallet: a bell, the bars of a vibraphone and of a marimba."""

import numpy as np

from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import Sound, Touch, Tremolo, Voice, count
from segue.engines.studio.voices.tones import band, died, dying, ringing, rising

# Partials as (how far above the pitch, how strong, how many seconds at 440 Hz, by how much hardness lifts it).
_BELL = [
    *((0.5, 0.35, 2.6, 0.0), (1.0, 1.0, 1.9, 0.0), (1.19, 0.35, 1.4, 0.0), (1.5, 0.2, 1.1, 0.2)),
    *((2.0, 0.55, 1.0, 0.2), (2.52, 0.22, 0.7, 0.5), (3.01, 0.25, 0.55, 0.6)),
    *((4.17, 0.2, 0.4, 0.9), (5.43, 0.14, 0.3, 1.0), (6.8, 0.1, 0.2, 1.2)),
]
_VIBRAPHONE = [(1.0, 1.0, 1.7, 0.0), (4.0, 0.22, 0.5, 0.6), (10.1, 0.09, 0.09, 1.0), (17.3, 0.03, 0.04, 1.2)]
_MARIMBA = [(1.0, 1.0, 0.26, 0.0), (3.93, 0.28, 0.07, 0.5), (9.4, 0.12, 0.025, 1.0), (16.1, 0.04, 0.012, 1.2)]

_Partials = list[tuple[float, float, float, float]]


def _struck(partials: _Partials, touch: Touch, dice: Dice, knock: float) -> Sound:
    """(2, samples): each partial a little stronger in one ear."""
    ratios, strengths, rings, lifts = (np.array(each) for each in zip(*partials, strict=True))
    rings = rings * (440 / touch.hz) ** 0.5
    samples = count(min(touch.seconds, 7.0, 5 * rings.max() + 0.05))
    hard = (0.35 + touch.velocity) * (0.6 + 0.8 * touch.brightness)
    strengths = strengths * hard**lifts
    ears = np.stack(
        [
            strengths * dice.between(0.6, 1.4, len(partials)) * np.exp(1j * dice.between(-0.5, 0.5, len(partials)))
            for _ in range(2)
        ]
    )
    wave = ringing(ratios * touch.hz, ears, rings, samples, dice.between(-0.5, 0.5, len(partials)))
    wave = wave * rising(samples, 0.001)
    return Sound(died(wave + band(dice, samples, 300, 3_500) * dying(samples, 0.008) * knock * hard, touch))


VOICES = {
    "bell": Voice(tone=lambda touch, dice: _struck(_BELL, touch, dice, 0.02), release_s=0.4, mono=False),
    "vibraphone": Voice(
        tone=lambda touch, dice: _struck(_VIBRAPHONE, touch, dice, 0.03),
        release_s=0.2,
        mono=False,
        tremolo=Tremolo(5.2, 0.3),
    ),
    "marimba": Voice(tone=lambda touch, dice: _struck(_MARIMBA, touch, dice, 0.09), damped=False, mono=False),
}
