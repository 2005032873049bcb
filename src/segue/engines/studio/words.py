"""Pure. Reads what a prompt wishes for. A prompt is text: it is never run, opened or looked up anywhere but in a list.

What it does not understand it passes over; whoever composes fills in what nobody asked for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from segue.engines.studio import vocabulary
from segue.engines.studio.keys import Key, read_key

TEMPO_BPM_MIN, TEMPO_BPM_MAX = 30.0, 300.0
_PROMPT_CHARS_MAX = 8_192
_PHRASE_WORDS_MAX = 3
_BOUNDARY = ","
_TOKEN = re.compile(r"[a-z0-9]+|[,;.:!?\n|/]+")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"}
_WRITTEN_OUT = str.maketrans({**_UMLAUTS, "'": None, "\u2019": None})
_NUMBER = r"(\d{2,3}(?:[.,]\d{1,3})?)"
_TEMPO = re.compile(
    rf"\b{_NUMBER} ?-?(?:bpm|beats per minute|schl[äa]e?ge pro minute)\b"
    rf"|\b(?:bpm|tempo)(?: of| von|:| =|=)? ?{_NUMBER}\b"
)


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a prompt asks for. `energy`, `mood` (dark to bright), `density` and `pace` go from -1 to 1.

    `voices` are those asked for by name, in the order of the text, `drums` and `tune` among them; `without` are
    voices, or one of `drums`, `bass` and `tune`. `genre` is None when the text names and suggests none.
    """

    genre: str | None = None
    tempo_bpm: float | None = None
    key: Key | None = None
    energy: float = 0.0
    mood: float = 0.0
    density: float = 0.0
    pace: float = 0.0
    voices: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


_Meaning = tuple[str, Any]


def _lexicon() -> tuple[dict[tuple[str, ...], list[_Meaning]], dict[str, list[_Meaning]]]:
    """Meanings by the words of a phrase, and by the beginnings of single words."""
    phrases: dict[tuple[str, ...], list[_Meaning]] = {}
    stems: dict[str, list[_Meaning]] = {}
    tables: dict[str, Mapping[Any, str]] = {
        "genre": vocabulary.GENRE_WORDS,
        "suggests": vocabulary.MOOD_GENRES,
        "voice": vocabulary.VOICE_WORDS,
        "energy": vocabulary.ENERGY_WORDS,
        "mood": vocabulary.MOOD_WORDS,
        "density": vocabulary.DENSITY_WORDS,
        "pace": vocabulary.PACE_WORDS,
    }
    for kind, table in tables.items():
        for value, text in table.items():
            for phrase in text.split(", "):
                if phrase.endswith("*"):
                    stems.setdefault(phrase[:-1], []).append((kind, value))
                else:
                    phrases.setdefault(tuple(phrase.split()), []).append((kind, value))
    return phrases, stems


_PHRASES, _STEMS = _lexicon()
_STEM_CHARS_MAX = max(map(len, _STEMS))
# Where only an instrument is named, it brings its genre.
_GENRE_OF_VOICE = {
    "piano": "piano",
    "piano_felt": "piano",
    "strings": "orchestral",
    "cello": "orchestral",
    "horns": "orchestral",
    "guitar_clean": "folk",
    "guitar_drive": "rock",
    "guitar_muted": "funk",
    "flute": "folk",
    "epiano": "lo-fi",
    "pad_saw": "synthwave",
    "pad_warm": "ambient",
    "pad_glass": "ambient",
    "choir": "cinematic",
    "brass": "cinematic",
    "organ": "ambient",
    "bell": "ambient",
    "pluck": "minimal",
    "marimba": "minimal",
    "vibraphone": "jazz",
    "bass_upright": "jazz",
    "bass_acid": "techno",
    "bass_sub": "trip-hop",
    "bass_electric": "funk",
    "vinyl": "lo-fi",
    "rain": "ambient",
    "wind": "ambient",
    "strings_pizzicato": "orchestral",
    "kit_brush": "jazz",
    "drums": "minimal",
}


def tokens(text: str) -> list[str]:
    """Lower-case words without accents; all that ends a clause is a comma."""
    written = text[:_PROMPT_CHARS_MAX].lower().translate(_WRITTEN_OUT)
    return [token if token[0].isalnum() else _BOUNDARY for token in _TOKEN.findall(written)]


def read(prompt: str, tags: Sequence[str] = ()) -> Wishes:
    """The wishes of a prompt and its tags."""
    text = "\n".join((prompt, *tags))[:_PROMPT_CHARS_MAX]
    found = list(_meanings(tokens(text)))
    without = frozenset(voice for kind, value, _ in found if kind == "without" for voice in _family(value))
    voices = tuple(dict.fromkeys(value for kind, value, _ in found if kind == "voice" and value not in without))
    return Wishes(
        genre=_genre(found, voices),
        tempo_bpm=_tempo(text),
        key=read_key(text),
        energy=_mean(found, "energy"),
        mood=_mean(found, "mood"),
        density=_mean(found, "density"),
        pace=_mean(found, "pace"),
        voices=voices,
        without=without,
    )


def _meanings(words: Sequence[str]) -> Iterator[tuple[str, Any, int]]:
    """Kind, value and clause of all that is understood. What follows a negation is of the kind `without`."""
    place, clause, negated, hit = 0, 0, False, False
    denied = False
    while place < len(words):
        word = words[place]
        clause += word == _BOUNDARY
        if word in vocabulary.LESS:
            yield "without", vocabulary.LESS[word], clause
        length, meanings = _at(words, place)
        if meanings:
            # A negation goes on over "and", and over nothing else: "no drums and bass", but "no drums, piano".
            negated = negated and (not hit or words[place - 1] in vocabulary.JOINTS)
            hit = hit or denied or any(kind == "voice" for kind, _ in meanings)
            yield from _meant(meanings, clause, negated=negated or _freed(words, place + length))
        elif word in vocabulary.NEGATIONS:
            negated, hit, denied = True, False, word in vocabulary.DENIALS
        elif word not in vocabulary.FILLERS and word not in vocabulary.JOINTS:
            negated = False
        place += length


def _freed(words: Sequence[str], place: int) -> bool:
    """Whether what stands before this place is said to be absent, as in "drum-free"; "free jazz" is none of that."""
    return place < len(words) and words[place] in vocabulary.FREE and not _at(words, place)[1]


def _meant(meanings: Sequence[_Meaning], clause: int, *, negated: bool) -> Iterator[tuple[str, Any, int]]:
    for kind, value in meanings:
        if not negated:
            yield kind, value, clause
        elif kind == "voice":
            yield "without", value, clause


def _at(words: Sequence[str], place: int) -> tuple[int, list[_Meaning]]:
    """How many words the longest phrase has that begins here, and what it means."""
    for length in range(_PHRASE_WORDS_MAX, 0, -1):
        meanings = _PHRASES.get(tuple(words[place : place + length]), [])
        if meanings and length > 1:
            return length, meanings
    word = words[place]
    stems = [meaning for cut in range(min(len(word), _STEM_CHARS_MAX), 2, -1) for meaning in _STEMS.get(word[:cut], [])]
    return 1, [*_PHRASES.get((word,), []), *stems]


def _genre(found: Sequence[tuple[str, Any, int]], voices: Sequence[str]) -> str | None:
    """Of the first clause that names one, the last: in "ambient techno" the techno is the thing."""
    for wanted in ("genre", "suggests"):
        named = [(clause, value) for kind, value, clause in found if kind == wanted]
        if named:
            first = [value for clause, value in named if clause == named[0][0]]
            return str(first[-1] if wanted == "genre" else first[0])
        if wanted == "genre":
            brought = [_GENRE_OF_VOICE[voice] for voice in voices if voice in _GENRE_OF_VOICE]
            if brought:
                return brought[0]
    return None


def _tempo(text: str) -> float | None:
    found = _TEMPO.search(text.lower())
    if found is None:
        return None
    tempo = float((found[1] or found[2]).replace(",", "."))
    return tempo if TEMPO_BPM_MIN <= tempo <= TEMPO_BPM_MAX else None


def _mean(found: Sequence[tuple[str, Any, int]], wanted: str) -> float:
    values = [float(value) for kind, value, _ in found if kind == wanted]
    return sum(values) / len(values) if values else 0.0


def _family(voice: str) -> tuple[str, ...]:
    return vocabulary.FAMILIES.get(voice, (voice,))
