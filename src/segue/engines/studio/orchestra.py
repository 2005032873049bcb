"""The engine `studio_orchestra`: what the studio composes, played by sampled instruments where there are such.

It needs FluidSynth and one SoundFont, which come as packages of the system; it says so when they are not there.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from segue.engines.facts import Setup
from segue.engines.studio.engine import FACTS as STUDIO
from segue.engines.studio.engine import TERMS, Studio
from segue.engines.studio.font import FONT, missing
from segue.licences import facts_of, meet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from segue.engines.studio.soundfont import SoundFont
    from segue.engines.studio.voices import Voice

CREDIT = "MuseScore General SoundFont by S. Christian Collins, Michael Cowgill, Frank Wen and others (MIT License)"

FACTS = msgspec.structs.replace(
    STUDIO,
    engine_key="studio_orchestra",
    name="Studio Orchestra",
    description="What Studio composes, played by the sampled instruments of the MuseScore General SoundFont.",
    terms=meet(TERMS, facts_of("MIT", asserted_by="engine", credits=[CREDIT])),
)


class Orchestra(Studio):
    """Composes as the studio does. `font` is where the SoundFont lies."""

    facts = FACTS

    def __init__(self, font: Path = FONT) -> None:
        self._font = font

    def obstacle(self) -> str | None:
        return missing(self._font)

    def voices(self) -> "Mapping[str, Voice]":
        @cache
        def font() -> "SoundFont":
            rate_hz = import_module("segue.engines.studio.voices").RATE_HZ
            opened: SoundFont = import_module("segue.engines.studio.soundfont").SoundFont(rate_hz, self._font)
            return opened

        voices: Mapping[str, Voice] = import_module("segue.engines.studio.sampled").orchestra(font)
        return voices


def engine(setup: Setup) -> Orchestra:
    """The entry point. The option `soundfont` is where the file lies when it is not where Debian puts it."""
    return Orchestra(Path(setup.options.get("soundfont", str(FONT))))
