"""Pure. What an engine says of itself: its abilities, and the terms of what it makes. It makes nothing."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from segue.clock import DAY_S
from segue.errors import Invalid
from segue.licences import LicenceClass
from segue.limits import DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX

_KEY = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)

# The engine of a track that somebody brought: no engine made it, and none may say that it did.
UPLOAD = "upload"

_Word = Annotated[str, Meta(min_length=1, max_length=64)]
# A language tag (BCP 47), such as `de` or `pt-BR`.
_LanguageTag = Annotated[str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class EngineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One engine. Its key names it for ever: tracks and spending keep it. `licence_version` is the version of the
    catalogue that states the terms, `version` the engine's own.
    """

    engine_key: str
    version: _Word
    name: Annotated[str, Meta(min_length=1, max_length=NAME_CHARS_MAX)]
    description: Annotated[str, Meta(max_length=DESCRIPTION_CHARS_MAX)]
    max_duration_seconds: Annotated[int, Meta(ge=1, le=DAY_S)]
    supports_vocals: bool
    supports_lyrics: bool
    supports_stems: bool
    languages: tuple[_LanguageTag, ...]
    licence_class: LicenceClass
    licence_version: _Word
    requires_attribution: bool

    @property
    def commercial_use(self) -> bool:
        return self.licence_class.commercial_use


def checked(facts: object) -> EngineFacts:
    """Facts from anywhere, every value of its type and within its bounds. Raises `Invalid` with the first fault."""
    if not isinstance(facts, EngineFacts):
        raise Invalid(f"an engine has `facts`, which are `EngineFacts`, and not {type(facts).__name__}")
    try:
        return msgspec.convert(msgspec.structs.asdict(facts), EngineFacts)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None


def check_key(engine_key: str) -> None:
    """Raises `Invalid` for what cannot be the key of an engine."""
    if _KEY.fullmatch(engine_key) is None:
        raise Invalid(f"{engine_key!r} cannot be the key of an engine: 1 to 64 of a-z, 0-9 and _.")
    if engine_key == UPLOAD:
        raise Invalid(f"No engine may be called {UPLOAD!r}: so are tracks called that somebody brought.")
