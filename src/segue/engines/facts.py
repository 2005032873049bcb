"""Pure. What an engine says of itself: its abilities, and the terms of what it makes. It makes nothing."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from segue.clock import DAY_S
from segue.errors import Invalid
from segue.licences import LicenceClass, LicenceFacts, ShownLicence, shown
from segue.limits import DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX

_KEY = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)

# The engine of a track that somebody brought: no engine made it, and none may say that it did.
UPLOAD = "upload"

_Word = Annotated[str, Meta(min_length=1, max_length=64)]
# A language tag (BCP 47), such as `de` or `pt-BR`.
_LanguageTag = Annotated[str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]

# How music comes about, by the IPTC's vocabulary of digital source types.
Origin = Literal["algorithmicMedia", "trainedAlgorithmicMedia"]


class EngineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One engine. Its key names it for ever: tracks and spending keep it. `version` is the engine's own, `terms` are
    those of what it makes here and now, with what the operator has declared.

    `supports_tempo_and_key` says that a tempo and a key in the brief are kept to; `supports_vocals` that it sings
    unless it is told not to. `length_tolerance` is by how much of its length a piece may miss what was asked.
    `memory_bytes_max` bounds the address space of the process that renders; None leaves it open, for runtimes
    that reserve more than they use.
    """

    engine_key: str
    version: _Word
    name: Annotated[str, Meta(min_length=1, max_length=NAME_CHARS_MAX)]
    description: Annotated[str, Meta(max_length=DESCRIPTION_CHARS_MAX)]
    max_duration_seconds: Annotated[int, Meta(ge=1, le=DAY_S)]
    min_duration_seconds: Annotated[int, Meta(ge=1, le=DAY_S)] = 1
    prompt_chars_max: Annotated[int, Meta(ge=1)] = 4_096
    lyrics_chars_max: Annotated[int, Meta(ge=1)] = 4_096
    supports_instrumental: bool = True
    supports_vocals: bool
    supports_lyrics: bool
    supports_stems: bool
    supports_seed_audio: bool = False
    supports_tempo_and_key: bool = False
    languages: tuple[_LanguageTag, ...]
    origin: Origin = "trainedAlgorithmicMedia"
    terms: LicenceFacts
    length_tolerance: Annotated[float, Meta(ge=0, le=1)] = 0.1
    memory_bytes_max: Annotated[int, Meta(ge=1)] | None = 2**32

    @property
    def licence(self) -> ShownLicence:
        return shown(self.terms)

    @property
    def licence_class(self) -> LicenceClass:
        return self.licence.licence_class

    @property
    def licence_version(self) -> str:
        return self.licence.licence_version

    @property
    def commercial_use(self) -> bool:
        return self.licence.commercial_use

    @property
    def requires_attribution(self) -> bool:
        return self.licence.requires_attribution


class Setup(msgspec.Struct, frozen=True):
    """What the operator has set for one engine: options of its own by name, and what he has declared, by word, with
    the day (YYYY-MM-DD) on which he did.
    """

    options: Mapping[str, str] = {}
    declared: Mapping[str, str] = {}


def setups_of(options: Iterable[str], declared: Iterable[str]) -> dict[str, Setup]:
    """The operator's settings, `ENGINE.NAME=VALUE` and `ENGINE.WORD=YYYY-MM-DD`, by engine."""
    chosen, said = _by_engine(options), _by_engine(declared)
    return {key: Setup(chosen.get(key, {}), said.get(key, {})) for key in chosen.keys() | said.keys()}


def _by_engine(pairs: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        engine_key, _, word = name.partition(".")
        found.setdefault(engine_key, {})[word] = value
    return found


def checked(facts: object) -> EngineFacts:
    """Facts from anywhere, every value of its type and within its bounds. Raises `Invalid` with the first fault."""
    if not isinstance(facts, EngineFacts):
        raise Invalid(f"an engine has `facts`, which are `EngineFacts`, and not {type(facts).__name__}")
    try:
        return msgspec.convert(msgspec.to_builtins(facts), EngineFacts)
    except (msgspec.ValidationError, TypeError) as error:
        raise Invalid(str(error)) from None


def check_key(engine_key: str) -> None:
    """Raises `Invalid` for what cannot be the key of an engine."""
    if _KEY.fullmatch(engine_key) is None:
        raise Invalid(f"{engine_key!r} cannot be the key of an engine: 1 to 32 of a-z, 0-9 and _.")
    if engine_key == UPLOAD:
        raise Invalid(f"No engine may be called {UPLOAD!r}: so are tracks called that somebody brought.")
