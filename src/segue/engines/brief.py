"""Pure. What an engine is asked for and what it hands back: the only shapes that cross to the process it runs in.

The engine is somebody else's code, and may have fetched its music from somewhere: what it hands back is not trusted.
"""

from typing import Annotated

from msgspec import Meta, Struct

from segue.licences import LicenceFacts

_FileName = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,64}\.[a-z0-9]{1,8}$")]
_StemName = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,32}$")]
_Word = Annotated[str, Meta(max_length=256)]


class Segment(Struct, frozen=True, kw_only=True):
    """A part of a long session, to be faded into from the one before it and out into the next.

    It has no intro fill and slows down nowhere; its first `fade_in_s` and its last `fade_out_s` hold only what may
    overlap (no drums, no tune). `divergence` from 0 to 1 is how far it goes from the first segment, whose seed is
    `session_seed`; `intensity` from 0 to 1 is how dense it is.
    """

    index: int
    session_seed: int
    divergence: float
    intensity: float
    goal: str
    fade_in_s: float
    fade_out_s: float


class Brief(Struct, frozen=True, kw_only=True):
    """One piece as it is asked for. The same brief gives the same piece, where an engine can do that.

    `tempo_bpm` and `key` (such as `D dorian`) are asked for only of engines that keep to them, `lyrics` of those that
    sing. `seed_audio` is the name of a file in the working folder: the piece to go on from.
    """

    prompt: str
    duration_s: float
    seed: int
    style_tags: tuple[str, ...] = ()
    instrumental: bool = True
    lyrics: str | None = None
    language: str | None = None
    tempo_bpm: float | None = None
    key: str | None = None
    seed_audio: str | None = None
    target_lufs: float | None = None
    segment: Segment | None = None


class Rendered(Struct, frozen=True, kw_only=True):
    """What an engine has made: names of files in the working folder, and what can be said of how they came about.

    `model` is its exact name with revision. `terms` stand here when what was really used has other terms than
    the engine's facts say; they can only take away. `parameters` are what somebody would need to make it again.
    """

    master: _FileName
    stems: dict[_StemName, _FileName] = {}
    model: _Word
    seed: int | None = None
    parameters: dict[_Word, _Word] = {}
    terms: LicenceFacts | None = None
