"""Plays single tones of the orchestra's SoundFont through FluidSynth.

Reverb and chorus are off, and every tone begins in a silent synthesiser at the
beginning of its inner block: the same tone is the same samples, whatever was played before.
"""

from ctypes import CDLL, POINTER, byref, c_char_p, c_double, c_float, c_int, c_void_p, cast
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import numpy.typing as npt

from segue.engines.studio.font import FONT, is_the_font

_INNER = 64  # samples: FluidSynth hears notes only between blocks of this length
_CHANNELS = 64
_DRUMS = 128  # the bank of the kits


class SoundFont:
    """The font in a synthesiser of its own, for one process."""

    def __init__(self, rate_hz: int, font: Path = FONT) -> None:
        name = find_library("fluidsynth")
        if name is None or not font.is_file() or not is_the_font(font):
            raise FileNotFoundError("FluidSynth or its SoundFont went away after the engine was found usable")
        self._library = _declared(CDLL(name))
        self._settings = c_void_p(self._library.new_fluid_settings())
        self._set(b"synth.reverb.active", 0)
        self._set(b"synth.chorus.active", 0)
        self._set(b"synth.dynamic-sample-loading", 1)
        self._set(b"synth.midi-channels", _CHANNELS)
        self._library.fluid_settings_setnum(self._settings, b"synth.sample-rate", c_double(rate_hz))
        self._library.fluid_settings_setnum(self._settings, b"synth.gain", c_double(0.5))
        self._synth = c_void_p(self._library.new_fluid_synth(self._settings))
        self._font = self._library.fluid_synth_sfload(self._synth, str(font).encode(), 0)
        self._programs: dict[tuple[int, int], int] = {}

    def close(self) -> None:
        self._library.delete_fluid_synth(self._synth)
        self._library.delete_fluid_settings(self._settings)

    def tone(self, program: int, pitch: int, velocity: float, samples: int, bank: int = 0) -> npt.NDArray[np.float32]:
        """(2, samples) of a note that is held all the while."""
        channel = self._channel(bank, program)
        hard = max(1, min(127, round(velocity * 127)))
        # Played once in vain: the first block of a note depends a little on what its voice in there played before.
        self._struck(channel, pitch, hard, _INNER)
        return self._struck(channel, pitch, hard, samples)

    def kit_tone(self, program: int, number: int, velocity: float, samples: int) -> npt.NDArray[np.float32]:
        """(2, samples) of a drum of one of the kits."""
        return self.tone(program, number, velocity, samples, _DRUMS)

    def _struck(self, channel: int, pitch: int, hard: int, samples: int) -> npt.NDArray[np.float32]:
        self._library.fluid_synth_all_sounds_off(self._synth, -1)
        self._written(_INNER)
        self._library.fluid_synth_noteon(self._synth, channel, pitch, hard)
        wave = self._written(-(-samples // _INNER) * _INNER)
        self._library.fluid_synth_noteoff(self._synth, channel, pitch)
        return wave[:, :samples]

    def _channel(self, bank: int, program: int) -> int:
        """The channel that has the program; one is taken for each program when it is first played."""
        wanted = bank, program
        if wanted not in self._programs:
            channel = self._programs[wanted] = len(self._programs)
            self._library.fluid_synth_program_select(self._synth, channel, self._font, bank, program)
        return self._programs[wanted]

    def _written(self, samples: int) -> npt.NDArray[np.float32]:
        both = np.zeros((2, samples), np.float32)
        left, right = (cast(c_void_p(each.ctypes.data), POINTER(c_float)) for each in both)
        self._library.fluid_synth_write_float(self._synth, samples, left, 0, 1, right, 0, 1)
        return both

    def _set(self, name: bytes, value: int) -> None:
        self._library.fluid_settings_setint(self._settings, name, c_int(value))


def _declared(library: CDLL) -> CDLL:
    """The few functions that are called, with their types (FluidSynth 2 and 3, `fluidsynth.h`)."""
    quiet = c_int()
    library.fluid_set_log_function.restype = c_void_p
    for level in range(5):  # it would write about its settings to the standard error
        library.fluid_set_log_function(level, None, byref(quiet))
    for name in ("new_fluid_settings", "new_fluid_synth"):
        getattr(library, name).restype = c_void_p
    library.new_fluid_synth.argtypes = [c_void_p]
    library.fluid_settings_setnum.argtypes = [c_void_p, c_char_p, c_double]
    library.fluid_settings_setint.argtypes = [c_void_p, c_char_p, c_int]
    library.fluid_synth_sfload.argtypes = [c_void_p, c_char_p, c_int]
    library.fluid_synth_program_select.argtypes = [c_void_p, *[c_int] * 4]
    library.fluid_synth_noteon.argtypes = [c_void_p, *[c_int] * 3]
    library.fluid_synth_noteoff.argtypes = [c_void_p, *[c_int] * 2]
    library.fluid_synth_all_sounds_off.argtypes = [c_void_p, c_int]
    floats = POINTER(c_float)
    library.fluid_synth_write_float.argtypes = [c_void_p, c_int, floats, c_int, c_int, floats, c_int, c_int]
    library.delete_fluid_synth.argtypes = library.delete_fluid_settings.argtypes = [c_void_p]
    return library
