"""Pure. A title that can be printed anywhere: no control characters, no direction tricks, no line breaks."""

import re
import unicodedata
from pathlib import PurePath

from segue.errors import Invalid
from segue.limits import TITLE_CHARS_MAX

_SPACES = re.compile(r"\s+")
_PAUSE = re.compile(r"[,;:.!?\n]")
_WORDS_CHARS_MAX = 60


def clean(text: str) -> str:
    """The text on one line, without control, format (bidi) and unassigned characters."""
    return _SPACES.sub(" ", "".join(filter(_shows, text))).strip()


def _shows(char: str) -> bool:
    # The zero-width joiner holds emoji together.
    return char.isspace() or char == "\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn"}


def wished(title: str) -> str:
    """A title that somebody asked for. Raises `Invalid` when nothing is left of it, or too much."""
    cleaned = clean(title)
    if not 1 <= len(cleaned) <= TITLE_CHARS_MAX:
        sentence = f"A title has 1 to {TITLE_CHARS_MAX} characters."
        raise Invalid(sentence, faults={"title": sentence})
    return cleaned


def from_words(prompt: str) -> str | None:
    """A title out of what somebody asked for: its first words, up to where it pauses."""
    words = clean(_PAUSE.split(prompt.strip(), maxsplit=1)[0])
    if len(words) > _WORDS_CHARS_MAX:
        words = words[: _WORDS_CHARS_MAX + 1].rsplit(" ", 1)[0][:_WORDS_CHARS_MAX]
    return words[:1].upper() + words[1:] or None


def found(tag: str | None, filename: str | None) -> str | None:
    """The title that a file brings along: its tag, else its name without the ending, else none."""
    stem = PurePath(filename.replace("\\", "/")).stem if filename else ""
    for candidate in (tag or "", stem):
        cleaned = clean(candidate)[:TITLE_CHARS_MAX].strip()
        if cleaned:
            return cleaned
    return None
