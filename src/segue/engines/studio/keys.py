"""Pure. Keys: a tonic and a mode, read from words in English and German, as numbers from 0 (C) to 11 (B)."""

import re
from typing import NamedTuple

# Semitones above the tonic.
MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
BRIGHT = ("major", "lydian", "mixolydian")

_WORDS = {
    **{word: word for word in MODES},
    **dict.fromkeys(("dur", "ionian", "ionisch", "maj"), "major"),
    **dict.fromkeys(("moll", "aeolian", "äolisch", "min"), "minor"),
    "dorisch": "dorian",
    "phrygisch": "phrygian",
    "lydisch": "lydian",
    "mixolydisch": "mixolydian",
    "lokrisch": "locrian",
}
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1, "sharp": 1, "flat": -1, "is": 1, "es": -1, "s": -1}
_SPELLED_BRIGHT = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_SPELLED_DARK = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")

_MODE = "|".join(sorted(_WORDS, key=len, reverse=True))
# "D dorian", "f sharp minor", "Bb-major", "cis-moll"; not "a minor key", where the letter is an article.
_KEY = re.compile(
    rf"(?<![\w#])([a-h])[ -]?(#|♯|♭|b|sharp|flat|is|es|s|)[ -]*(?:harmonic |natural |melodic )?({_MODE})\b"
    r"(?! (?:key|mode|mood|feel|feeling|tone|chord))"
)
_BARE = re.compile(r"(?:\bin|\b[Kk]ey of|\b[Tt]onart) ([A-H])(#|♯|♭|b|is|es|m|)(?![\w#-])")


class Key(NamedTuple):
    tonic: int
    mode: str
    spelled: str = ""

    @property
    def name(self) -> str:
        """Such as `D dorian`."""
        spelled = _SPELLED_BRIGHT if self.bright else _SPELLED_DARK
        return f"{self.spelled or spelled[self.tonic]} {self.mode}"

    @property
    def bright(self) -> bool:
        return self.mode in BRIGHT

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven notes of the key, from the tonic up, each from 0 to 11."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])


def read_key(text: str) -> Key | None:
    """The first key that the text names, or None. German letters are read as German where the mode is German."""
    found = _KEY.search(text.lower())
    if found:
        letter, sign, word = found.groups()
        return _key(letter, sign, word)
    bare = _BARE.search(text) or _BARE.fullmatch(f"in {text.strip()}")
    if bare is None:
        return None
    letter, sign = bare.groups()
    return _key(letter.lower(), "" if sign == "m" else sign, "minor" if sign == "m" else "major")


def _key(letter: str, sign: str, word: str) -> Key:
    german = word in {"dur", "moll"} or word.endswith("isch")
    if german and letter == "b" and not sign:
        sign = "b"
    tonic = (_LETTERS[letter] + _SIGNS[sign]) % 12
    shown = {-1: "b", 0: "", 1: "#"}[_SIGNS[sign]]
    return Key(tonic, _WORDS[word], ("B" if letter == "h" else letter.upper()) + shown)
