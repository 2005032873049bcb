"""Every instrument of the studio engine, made of sines and noise: nothing here is a recording of anybody."""

from segue.engines.studio.voices import ensembles, keys, kits, mallets, solo, strung, synths, textures
from segue.engines.studio.voices.dice import Dice
from segue.engines.studio.voices.sound import RATE_HZ, Curve, Sound, Touch, Tremolo, Voice, Wave, lines_hz, smooth

_FAMILIES = (kits, keys, strung, mallets, ensembles, synths, solo, textures)
VOICES: dict[str, Voice] = {name: voice for each in _FAMILIES for name, voice in each.VOICES.items()}

__all__ = ["RATE_HZ", "VOICES", "Curve", "Dice", "Sound", "Touch", "Tremolo", "Voice", "Wave", "lines_hz", "smooth"]
