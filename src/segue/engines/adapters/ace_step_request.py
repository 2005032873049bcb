"""Pure. A brief as a task of ACE-Step 1.5, and what is read from what its server says of a task.

What a server says is not trusted: everything but the status may be missing, or be of any type.
"""

import math
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec

from segue.engines.adapters.wording import described, major_or_minor, primary_language, seed_of, whole_tempo
from segue.engines.brief import Brief

NAME = "ACE-Step"
PROMPT_CHARS_MAX = 512
LYRICS_CHARS_MAX = 4_096
SECONDS_MIN, SECONDS_MAX = 10, 600
TEMPO_BPM_MIN, TEMPO_BPM_MAX = 30, 300
INSTRUMENTAL = "[Instrumental]"
# What it sings in; another language is left to it to find out.
LANGUAGES = (
    *("ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr"),
    *("ht", "hu", "id", "is", "it", "ja", "ko", "la", "lt", "ms", "ne", "nl", "no", "pa", "pl", "pt", "ro"),
    *("ru", "sa", "sk", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "yue", "zh"),
)

_AUDIO = "/v1/audio"


class Words(NamedTuple):
    """What every way to drive ACE-Step is told of a brief."""

    prompt: str
    lyrics: str
    language: str
    tempo_bpm: int | None
    key: str | None
    seed: int


class Standing(NamedTuple):
    """How a task stands: `done` is the share from 0 to 1. A finished one has the path of its sound on the server."""

    state: int
    done: float = 0.0
    path: str | None = None
    model: str | None = None
    seed: int | None = None


RUNNING, SUCCEEDED, FAILED = 0, 1, 2


def words_of(brief: Brief) -> Words:
    """Raises `EngineRefused` for a tempo or a key that ACE-Step does not have."""
    language = primary_language(brief)
    return Words(
        prompt=described(brief, PROMPT_CHARS_MAX, NAME),
        lyrics=INSTRUMENTAL if brief.instrumental else (brief.lyrics or ""),
        language=language if language in LANGUAGES else "unknown",
        tempo_bpm=whole_tempo(brief, TEMPO_BPM_MIN, TEMPO_BPM_MAX, NAME),
        key=major_or_minor(brief, NAME),
        seed=seed_of(brief),
    )


def task_of(brief: Brief, model: str, *, thinking: bool = False) -> dict[str, Any]:
    """The fields of the task, for one piece. Nothing in it is a path: the server would open what it names.

    `thinking` lets the language model of the server plan the piece, where it has one.
    """
    words = words_of(brief)
    fields: dict[str, Any] = {
        "prompt": words.prompt,
        "lyrics": words.lyrics,
        "vocal_language": words.language,
        "audio_duration": brief.duration_s,
        "use_random_seed": False,
        "seed": words.seed,
        "batch_size": 1,
        "audio_format": "flac",
        "task_type": "text2music",
        "model": model,
    }
    if thinking:
        fields["thinking"] = True
    if words.tempo_bpm is not None:
        fields["bpm"] = words.tempo_bpm
    if words.key is not None:
        fields["key_scale"] = words.key
    return fields


def as_form(fields: dict[str, Any]) -> dict[str, str]:
    """The fields for a form, where there is nothing but text."""
    return {name: _text(value) for name, value in fields.items()}


def task_id_of(answer: Any) -> str | None:
    """The id of the task that was taken, or None when the answer holds none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    task_id = data.get("task_id") if isinstance(data, dict) else None
    return task_id if isinstance(task_id, str) and 0 < len(task_id) <= 200 else None


def standing_of(answer: Any, task_id: str, base: str) -> Standing | None:
    """How the task stands, or None when the answer does not say. `base` is the address of the server."""
    data = answer.get("data") if isinstance(answer, dict) else None
    listed = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    found = next((each for each in listed if each.get("task_id") == task_id), None)
    state = found.get("status") if found else None
    if found is None or type(state) is not int or state not in {RUNNING, SUCCEEDED, FAILED}:
        return None
    first = _first_result(found.get("result"))
    return Standing(
        state=state,
        done=_share(first.get("progress")),
        path=_path_of(first.get("file"), base),
        model=_name(first.get("dit_model")),
        seed=_seed(first.get("seed_value")),
    )


def _first_result(text: Any) -> dict[str, Any]:
    """The results come as JSON inside the JSON; one piece was asked for, so one counts."""
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) else text
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _path_of(file: Any, base: str) -> str | None:
    """What to ask the server's own audio route for. A file that lies anywhere else is none."""
    if not isinstance(file, str):
        return None
    try:
        here, there = urlsplit(base), urlsplit(file)
    except ValueError:
        return None
    if (there.scheme or there.netloc) and (there.scheme, there.netloc) != (here.scheme, here.netloc):
        return None
    if there.path not in {_AUDIO, here.path + _AUDIO}:
        return None
    named = parse_qs(there.query).get("path", [])
    return named[0] if len(named) == 1 else None


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(1.0, max(0.0, float(value)))


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable() else None


def _seed(value: Any) -> int | None:
    """The server joins the seeds of all its pieces with commas."""
    text = str(value).split(",")[0].strip() if isinstance(value, str | int) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
