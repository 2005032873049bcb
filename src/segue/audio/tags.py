"""Pure. Turns the text in a file into a few short plain strings: known names only, capped, and nothing that steers.

What comes out is still only what a file claims, and still has to be escaped wherever it is shown.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from segue.audio.model import LYRICS_CHARS_MAX, TAG_CHARS_MAX

# Our name of a tag, and the names that FFmpeg gives it or taggers write for it.
NAMES = {
    "title": ("title",),
    "artist": ("artist",),
    "album": ("album",),
    "album_artist": ("album_artist", "albumartist", "album artist"),
    "composer": ("composer",),
    "publisher": ("publisher", "label", "organization"),
    "genre": ("genre",),
    "date": ("date", "year", "originaldate"),
    "track": ("track", "tracknumber"),
    "isrc": ("isrc", "tsrc"),
    "comment": ("comment", "description"),
    "copyright": ("copyright",),
    "licence": ("license", "licence", "license_url", "wcop"),
    "credits": ("credits",),
    "digital_source_type": ("digitalsourcetype",),
    "ai_generated": ("ai_generated",),
    "lyrics": ("lyrics", "unsyncedlyrics"),
}

# They turn the reading direction of everything after them, also of what is not theirs (Unicode UAX 9).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")


def tags_of(*metadata: Mapping[str, str]) -> dict[str, str]:
    """The known tags of a file, of its container first; a name that holds nothing readable is not there."""
    found: dict[str, str] = {}
    for written in metadata:
        for key, value in written.items():
            found.setdefault(key.casefold(), value)
    lyrics = (value for key, value in found.items() if key.startswith("lyrics-"))  # ID3 adds the language
    cleaned = {
        name: plain((found[key] for key in keys if key in found), lines=name == "lyrics")
        for name, keys in NAMES.items()
    }
    cleaned["lyrics"] = cleaned["lyrics"] or plain(lyrics, lines=True)
    return {name: text for name, text in cleaned.items() if text}


def plain(values: Iterable[str], *, lines: bool = False) -> str:
    """The first of `values` that holds anything, without control and direction characters, capped; else empty.

    `lines` keeps line ends and allows the length of lyrics; otherwise every kind of line end becomes a space.
    """
    chars_max = LYRICS_CHARS_MAX if lines else TAG_CHARS_MAX
    for value in values:
        # Twice the cap is read: enough to fill it, and a tag of megabytes costs no more than a long one.
        text = "".join(_kept(character, lines) for character in value[: 2 * chars_max])[:chars_max].strip()
        if text:
            return text
    return ""


def _kept(character: str, lines: bool) -> str:
    if character in _SPACES:
        return character if lines and character == "\n" else " "
    steers = character in _BIDI or character == "\ufeff" or unicodedata.category(character) in {"Cc", "Cs", "Cn"}
    return "" if steers else character
