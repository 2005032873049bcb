"""Knows the one SoundFont that the orchestra plays, and whether it and FluidSynth are here. It plays nothing.

The font is MuseScore General, and no other: its licence is part of the engine's terms, so a file is taken only when it
is that very file, by its digest.
"""

import hashlib
from ctypes.util import find_library
from pathlib import Path

FONT = Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3")
FONT_SHA256 = "916aaca6b0eb9f9083eb42399614acb2ff4ec72ce28dffff1814592a9696b479"
FONT_BYTES = 39_978_561

_INSTALL = "install the Debian packages libfluidsynth3 and musescore-general-soundfont-small"


def missing(font: Path = FONT) -> str | None:
    """What is missing here, and what to do, in one sentence; None when tones can be played."""
    if find_library("fluidsynth") is None:
        return f"FluidSynth is not installed: {_INSTALL}."
    if not font.is_file():
        return f"The MuseScore General SoundFont is not installed: {_INSTALL}."
    if not is_the_font(font):
        return f"The file of the SoundFont is not the one whose licence is known: {_INSTALL}."
    return None


def is_the_font(font: Path) -> bool:
    """Whether a file is MuseScore General in the edition that is meant here."""
    if font.stat().st_size != FONT_BYTES:
        return False
    with font.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == FONT_SHA256
