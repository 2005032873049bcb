"""Pure. A brief as what the ElevenLabs Music API is asked for: in words, or with lyrics as a plan of sections.

The API takes lyrics only in a plan, and a seed only beside one.
"""

import re
from typing import Any, NamedTuple

from segue.engines.adapters.wording import described, primary_language, seed_of
from segue.engines.brief import Brief
from segue.engines.endings import EngineRefused

NAME = "ElevenLabs"
MODELS = ("music_v1", "music_v2", "music_v2_5")
PROMPT_CHARS_MAX = 4_100
SECONDS_MIN, SECONDS_MAX = 3, 600
# Those that its makers name. It sings in more, but nobody says in which.
LANGUAGES = {"en": "English", "es": "Spanish", "de": "German", "ja": "Japanese"}

SECTION_MS_MIN, SECTION_MS_MAX = 3_000, 120_000
SECTIONS_MAX = 30
_SECTION_LINES_MAX = 29  # thirty with the name of the section
_LINE_CHARS_MAX = 200
_STYLES_MAX = 50
_HEADING = re.compile(r"\[([^\[\]]{1,100})\]")


class Section(NamedTuple):
    """A part of a song. Without lines nobody sings in it."""

    name: str
    lines: tuple[str, ...]


def song_of(brief: Brief, model: str) -> dict[str, Any]:
    """The body of the request. Raises `EngineRefused` for lyrics that do not fit."""
    if brief.instrumental or not (brief.lyrics or "").strip():
        return {
            "prompt": described(_with_language(brief), PROMPT_CHARS_MAX, NAME),
            "music_length_ms": round(brief.duration_s * 1_000),
            "model_id": model,
            "force_instrumental": brief.instrumental,
        }
    sections = sections_of(brief.lyrics or "", round(brief.duration_s * 1_000))
    plan = _plan_of_sections if model == "music_v1" else _plan_of_chunks
    song = {"composition_plan": plan(sections, _styles(brief)), "model_id": model, "seed": seed_of(brief)}
    return song | ({"respect_sections_durations": True} if model == "music_v1" else {})


def sections_of(lyrics: str, length_ms: int) -> list[tuple[Section, int]]:
    """The lyrics part by part with the length of each, and as many parts without a voice as fill the rest."""
    sections = _parts(lyrics)
    while len(sections) * SECTION_MS_MAX < length_ms:
        sections.append(Section("Instrumental", ()))
    if len(sections) > SECTIONS_MAX:
        raise EngineRefused(f"{NAME} takes lyrics of at most {SECTIONS_MAX} parts.")
    if len(sections) * SECTION_MS_MIN > length_ms:
        seconds = len(sections) * SECTION_MS_MIN // 1_000
        raise EngineRefused(f"The lyrics have {len(sections)} parts, which take at least {seconds} seconds.")
    lengths = spread(length_ms, [len(section.lines) + 1 for section in sections], SECTION_MS_MIN, SECTION_MS_MAX)
    return list(zip(sections, lengths, strict=True))


def spread(total: int, weights: list[int], least: int, most: int) -> list[int]:
    """The total in parts by weight, none smaller or larger than allowed, and nothing left over."""
    sizes = [least] * len(weights)
    rest = total - sum(sizes)
    while rest:
        room = [index for index, size in enumerate(sizes) if size < most]
        weight = sum(weights[index] for index in room)
        shares = {index: min(most - sizes[index], rest * weights[index] // weight) for index in room}
        if not any(shares.values()):
            shares = dict.fromkeys(room[:rest], 1)
        for index, share in shares.items():
            sizes[index] += share
            rest -= share
    return sizes


def _parts(lyrics: str) -> list[Section]:
    """Parts begin at a heading such as `[Chorus]` or after an empty line; long ones are divided."""
    parts: list[tuple[str, list[str]]] = []
    fresh = True
    for line in (line.strip() for line in lyrics.splitlines()):
        heading = _HEADING.fullmatch(line)
        if heading:
            parts.append((heading[1].strip() or "Verse", []))
            fresh = False
        elif not line:
            fresh = not parts or bool(parts[-1][1])
        else:
            if fresh:
                parts.append(("Verse", []))
            elif len(parts[-1][1]) == _SECTION_LINES_MAX:
                parts.append((parts[-1][0], []))
            parts[-1][1].append(_fitting(line))
            fresh = False
    return [Section(name, tuple(lines)) for name, lines in parts]


def _fitting(line: str) -> str:
    if len(line) > _LINE_CHARS_MAX:
        raise EngineRefused(f"{NAME} takes lines of lyrics of at most {_LINE_CHARS_MAX} characters.")
    return line


def _styles(brief: Brief) -> list[str]:
    described(brief, PROMPT_CHARS_MAX, NAME)
    language = LANGUAGES.get(primary_language(brief) or "")
    sung = [f"sung in {language}"] if language else []
    styles = list(dict.fromkeys((brief.prompt.strip(), *brief.style_tags, *sung)))
    if len(styles) > _STYLES_MAX:
        raise EngineRefused(f"{NAME} takes at most {_STYLES_MAX - 2} style tags.")
    return styles


def _with_language(brief: Brief) -> Brief:
    language = None if brief.instrumental else LANGUAGES.get(primary_language(brief) or "")
    if language is None:
        return brief
    return Brief(
        prompt=brief.prompt,
        duration_s=brief.duration_s,
        seed=brief.seed,
        style_tags=(*brief.style_tags, f"sung in {language}"),
    )


def _plan_of_sections(sections: list[tuple[Section, int]], styles: list[str]) -> dict[str, Any]:
    """The plan of the first model."""
    return {
        "positive_global_styles": styles,
        "negative_global_styles": [],
        "sections": [
            {
                "section_name": section.name,
                "positive_local_styles": [] if section.lines else ["instrumental"],
                "negative_local_styles": [] if section.lines else ["vocals"],
                "duration_ms": length_ms,
                "lines": list(section.lines),
            }
            for section, length_ms in sections
        ],
    }


def _plan_of_chunks(sections: list[tuple[Section, int]], styles: list[str]) -> dict[str, Any]:
    """The plan of the models after it."""
    return {
        "chunks": [
            {
                "text": "\n".join((f"[{section.name}]", *section.lines)),
                "duration_ms": length_ms,
                "positive_styles": styles if section.lines else [*styles[: _STYLES_MAX - 1], "instrumental"],
                "negative_styles": [] if section.lines else ["vocals"],
            }
            for section, length_ms in sections
        ]
    }
