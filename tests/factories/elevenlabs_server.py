"""A double of the ElevenLabs Music API, as version 2.78 of its own client describes it: a prompt or a plan, a seed only
beside a plan, plans by the model, and every limit of them.
"""

import json
import tempfile
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from factories import sound
from factories.ace_step_or_elevenlabs import Asked, Double, Wrong

_FORMATS = {"auto", "mp3_44100_128", "mp3_44100_192", "mp3_48000_192"}
_WITH_PROMPT = {"prompt", "music_length_ms", "model_id", "force_instrumental"}
_WITH_PLAN = {"composition_plan", "model_id", "seed", "respect_sections_durations"}
STEMS = ("vocals", "drums", "bass", "guitar", "piano", "other")


class ElevenLabsServer(Double):
    """`key` is what it accepts; `archive` is what it sends as stems instead of the proper six."""

    def __init__(self, key: str = "sk_made_up_0123456789") -> None:
        super().__init__()
        self.key = key
        self.archive: bytes | None = None

    def answer(self, asked: Asked) -> tuple[int, str, bytes]:
        if asked.headers.get("xi-api-key") != self.key:
            detail = {"status": "invalid_api_key", "message": f"{asked.headers.get('xi-api-key')} is no key"}
            return 401, "application/json", json.dumps({"detail": detail}).encode()
        route = (asked.method, asked.path)
        if route == ("POST", "/v1/music"):
            return self._compose(asked)
        if route == ("POST", "/v1/music/stem-separation"):
            return self._separate(asked)
        raise Wrong("no such route")

    def _compose(self, asked: Asked) -> tuple[int, str, bytes]:
        if asked.query.keys() != {"output_format"} or asked.query["output_format"] not in _FORMATS:
            raise Wrong("output_format")
        song = asked.body
        model = song.get("model_id")
        if model not in {"music_v1", "music_v2", "music_v2_5"}:
            raise Wrong("model_id")
        if "prompt" in song:
            _check_prompt(song)
        else:
            _check_plan(song, model)
        return 200, "audio/mpeg", mp3()

    def _separate(self, asked: Asked) -> tuple[int, str, bytes]:
        if asked.body.get("stem_variation_id") not in {"two_stems_v1", "six_stems_v1"} or len(asked.body) != 1:
            raise Wrong("stem_variation_id")
        if asked.files.keys() != {"file"} or asked.files["file"][2] != mp3():
            raise Wrong("file")
        return 200, "application/zip", self.archive or archive({f"{name}.mp3": mp3() for name in STEMS})


def _check_prompt(song: dict) -> None:
    if not song.keys() <= _WITH_PROMPT:
        raise Wrong(f"beside a prompt there is no {sorted(song.keys() - _WITH_PROMPT)}")
    if not isinstance(song["prompt"], str) or not 1 <= len(song["prompt"]) <= 4_100:
        raise Wrong("prompt")
    if type(song.get("music_length_ms")) is not int or not 3_000 <= song["music_length_ms"] <= 600_000:
        raise Wrong("music_length_ms")
    if not isinstance(song.get("force_instrumental"), bool):
        raise Wrong("force_instrumental")


def _check_plan(song: dict, model: str) -> None:
    if not song.keys() <= _WITH_PLAN or not isinstance(song.get("composition_plan"), dict):
        raise Wrong("a prompt or a plan, and what goes with it")
    if type(song.get("seed")) is not int or not 0 <= song["seed"] <= 2_147_483_647:
        raise Wrong("seed")
    if ("respect_sections_durations" in song) != (model == "music_v1"):
        raise Wrong("respect_sections_durations is of the first model")
    check = _check_sections if model == "music_v1" else _check_chunks
    lengths = check(song["composition_plan"])
    if not 1 <= len(lengths) <= 30 or not 3_000 <= sum(lengths) <= 600_000:
        raise Wrong("the number of parts, or their length")


def _check_sections(plan: dict) -> list[int]:
    if plan.keys() != {"positive_global_styles", "negative_global_styles", "sections"}:
        raise Wrong("the plan of the first model")
    _check_styles(plan["positive_global_styles"], plan["negative_global_styles"])
    names = {"section_name", "positive_local_styles", "negative_local_styles", "duration_ms", "lines"}
    for section in plan["sections"]:
        if section.keys() != names or not 1 <= len(section["section_name"]) <= 100:
            raise Wrong("a section")
        _check_styles(section["positive_local_styles"], section["negative_local_styles"])
        _check_part(section["lines"], section["duration_ms"])
    return [section["duration_ms"] for section in plan["sections"]]


def _check_chunks(plan: dict) -> list[int]:
    if plan.keys() != {"chunks"}:
        raise Wrong("the plan of the later models")
    for chunk in plan["chunks"]:
        if chunk.keys() != {"text", "duration_ms", "positive_styles", "negative_styles"}:
            raise Wrong("a chunk")
        _check_styles(chunk["positive_styles"], chunk["negative_styles"])
        _check_part(chunk["text"].split("\n"), chunk["duration_ms"])
    return [chunk["duration_ms"] for chunk in plan["chunks"]]


def _check_styles(*lists: list) -> None:
    if any(len(styles) > 50 or not all(isinstance(style, str) and style for style in styles) for styles in lists):
        raise Wrong("styles")


def _check_part(lines: list, length_ms: object) -> None:
    if type(length_ms) is not int or not 3_000 <= length_ms <= 120_000:
        raise Wrong(f"a part of {length_ms} ms")
    if len(lines) > 30 or any(len(line) > 200 for line in lines):
        raise Wrong("lines")


@cache
def mp3() -> bytes:
    """A tone, always the same."""
    with tempfile.TemporaryDirectory() as folder:
        return sound.write(Path(folder) / "made.mp3", sound.sine(3.0), "mp3").read_bytes()


def archive(members: dict[str, bytes]) -> bytes:
    """A ZIP archive with these names as they are."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return packed.getvalue()
