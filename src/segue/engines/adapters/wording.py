"""Pure. What a brief says, in the shapes that models take. It shortens nothing: what does not fit is refused."""

import re

from segue.engines.brief import Brief
from segue.engines.endings import EngineRefused

SEED_MAX = 2**31 - 1

_KEY = re.compile(r"([A-Ga-g])([#b♯♭]?)\s*(major|minor|maj|min|m)?", re.IGNORECASE)
_ACCIDENTALS = {"": "", "#": "#", "b": "b", "♯": "#", "♭": "b"}


def described(brief: Brief, chars_max: int, name: str) -> str:
    """The prompt, and after it the style tags that do not stand in it already."""
    tags = dict.fromkeys(tag.strip() for tag in brief.style_tags)
    unsaid = [tag for tag in tags if tag and not re.search(rf"(?i)(?<!\w){re.escape(tag)}(?!\w)", brief.prompt)]
    text = ", ".join((brief.prompt.strip(), *unsaid))
    if len(text) > chars_max:
        raise EngineRefused(f"{name} takes at most {chars_max} characters of prompt and style tags together.")
    return text


def never_a_path(text: str) -> str:
    """The text with a line break behind it. Libraries that also take the name of a file cannot take it for one."""
    return text.rstrip("\r\n") + "\n"


def seed_of(brief: Brief, most: int = SEED_MAX) -> int:
    """The seed, folded into what every generator takes."""
    return brief.seed % (most + 1)


def whole_tempo(brief: Brief, least: int, most: int, name: str) -> int | None:
    """The tempo in whole beats a minute."""
    if brief.tempo_bpm is None:
        return None
    tempo_bpm = round(brief.tempo_bpm)
    if not least <= tempo_bpm <= most:
        raise EngineRefused(f"{name} plays from {least} to {most} beats a minute.")
    return tempo_bpm


def major_or_minor(brief: Brief, name: str) -> str | None:
    """The key as `F# minor`."""
    if brief.key is None:
        return None
    found = _KEY.fullmatch(brief.key.strip())
    if found is None:
        raise EngineRefused(f"{name} plays in major and minor keys only, such as C major or F# minor.")
    note, accidental, mode = found.groups()
    minor = mode is not None and (mode == "m" or mode.casefold().startswith("min"))
    return f"{note.upper()}{_ACCIDENTALS[accidental.casefold()]} {'minor' if minor else 'major'}"


def primary_language(brief: Brief) -> str | None:
    """`pt` of `pt-BR`: what models know languages by."""
    return brief.language.split("-")[0].casefold() if brief.language else None
