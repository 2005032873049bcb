"""A double of the HTTP server of ACE-Step 1.5, as its documentation and its source describe it: every field has a type
and a range, paths of its own machine are no business of a client, and a sound is fetched by the path that it named.
"""

import json
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

from factories import sound
from factories.ace_step_or_elevenlabs import Asked, Double, Wrong

_WHOLE = {"bpm": (30, 300), "seed": (-1, 2**32 - 1), "batch_size": (1, 8), "inference_steps": (1, 200)}
_REAL = {
    "audio_duration": (10, 600),
    "repainting_start": (0, 600),
    "repainting_end": (-1, 600),
    "audio_cover_strength": (0, 1),
    "guidance_scale": (0, 20),
}
_TEXT = {"prompt": 512, "lyrics": 4_096, "vocal_language": 7, "key_scale": 20, "time_signature": 1, "model": 100}
_CHOICE = {
    "audio_format": {"mp3", "wav", "flac"},
    "task_type": {"text2music", "cover", "repaint", "lego", "extract", "complete"},
}
_YES_NO = {"use_random_seed", "thinking", "use_format", "sample_mode"}
_ENVELOPE = {"code": 200, "error": None, "timestamp": 1_764_000_000_000, "extra": None}


class AceStepServer(Double):
    """`key` is asked of everybody when it is set. `stages` are the shares that a task reports before it is done.

    `made` are fields of its results that a test wants different; `fails` makes a task fail with this error.
    """

    def __init__(self, key: str | None = None, stages: tuple[float, ...] = (0.0, 0.5)) -> None:
        super().__init__()
        self.key = key
        self.stages = stages
        self.models = {"acestep-v15-turbo", "acestep-v15-base"}
        self.made: dict = {}
        self.fails: str | None = None
        self.tasks: dict[str, dict] = {}
        self._reported: dict[str, int] = {}

    def answer(self, asked: Asked) -> tuple[int, str, bytes]:
        if self.key is not None and asked.headers.get("authorization") != f"Bearer {self.key}":
            return 401, "application/json", b'{"detail": "Invalid API key"}'
        if self.key is None and "authorization" in asked.headers:
            raise Wrong("a key that nobody asked for")
        if asked.headers.get("accept-encoding") != "identity":
            raise Wrong("a body could come packed")
        route = (asked.method, asked.path)
        if route == ("POST", "/release_task"):
            return _json(self._release(asked))
        if route == ("POST", "/query_result"):
            return _json(self._query(asked))
        if route == ("GET", "/v1/audio"):
            return self._audio(asked)
        raise Wrong("no such route")

    def refusal(self, why: str) -> tuple[int, str, bytes]:
        return 400, "application/json", json.dumps({"detail": why}).encode()

    def _release(self, asked: Asked) -> dict:
        form = bool(asked.files)
        fields = {name: read_field(name, value) if form else value for name, value in asked.body.items()}
        for name, value in fields.items():
            _check(name, value)
        if fields.get("use_random_seed", True) == ("seed" in fields):
            raise Wrong("a seed goes with use_random_seed false, and only with it")
        if fields.get("model") not in self.models:
            raise Wrong("no such model is loaded")
        if not {"prompt", "audio_duration"} <= fields.keys():
            raise Wrong("a prompt and a length are needed")
        needs_source = fields.get("task_type") in {"cover", "repaint"}
        if needs_source != (asked.files.keys() == {"src_audio"}):
            raise Wrong("a source goes with cover and repaint, and only with them")
        if ("repainting_start" in fields) != (fields.get("task_type") == "repaint"):
            raise Wrong("a region goes with repaint")
        task_id = f"0b0e6f1e-0000-4000-8000-{len(self.tasks):012d}"
        self.tasks[task_id], self._reported[task_id] = fields, 0
        return {"task_id": task_id, "status": "queued", "queue_position": 1}

    def _query(self, asked: Asked) -> list:
        if asked.body.keys() != {"task_id_list"} or not isinstance(asked.body["task_id_list"], list):
            raise Wrong("task_id_list is a list of ids, and all that there is")
        return [self._standing(task_id) for task_id in asked.body["task_id_list"]]

    def _standing(self, task_id: str) -> dict:
        if task_id not in self.tasks:
            return {"task_id": task_id, "status": 0, "result": "[]"}
        stage = self._reported[task_id]
        self._reported[task_id] += 1
        about = {"file": "", "wave": "", "create_time": 1_764_000_000, "env": "development"}
        if stage < len(self.stages):
            running = about | {"status": 0, "progress": self.stages[stage], "stage": "diffusion"}
            return {"task_id": task_id, "status": 0, "result": json.dumps([running])}
        if self.fails is not None:
            failed = about | {"status": 2, "stage": "failed", "error": self.fails}
            return {"task_id": task_id, "status": 2, "result": json.dumps([failed])}
        fields = self.tasks[task_id]
        made = about | {
            "status": 1,
            "file": f"/v1/audio?path={quote(self._file(task_id), safe='')}",
            "seed_value": str(fields.get("seed", 5)),
            "dit_model": fields["model"],
            "metas": {"bpm": fields.get("bpm", 120)},
            "generation_info": "",
        }
        return {"task_id": task_id, "status": 1, "result": json.dumps([made | self.made])}

    def _file(self, task_id: str) -> str:
        return f"/opt/ace-step/api_audio/{task_id}.flac"

    def _audio(self, asked: Asked) -> tuple[int, str, bytes]:
        found = [task_id for task_id in self.tasks if self._file(task_id) == asked.query.get("path")]
        if not found or len(asked.query) != 1:
            raise Wrong("a path outside the folder of sounds")
        return 200, "audio/flac", flac(self.tasks[found[0]]["audio_duration"])


@cache
def flac(seconds: float) -> bytes:
    """A tone of this length."""
    with tempfile.TemporaryDirectory() as folder:
        written = sound.write(Path(folder) / "made.flac", sound.sine(seconds, rate_hz=48_000), "flac", rate_hz=48_000)
        return written.read_bytes()


def _json(data: object) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps({"data": data} | _ENVELOPE).encode()


def read_field(name: str, text: str) -> object:
    """A field of a form as what it stands for."""
    if name in _WHOLE:
        return int(text)
    if name in _REAL:
        return float(text)
    return {"true": True, "false": False}[text] if name in _YES_NO else text


def _check(name: str, value: object) -> None:
    if name in _WHOLE or name in _REAL:
        least, most = (_WHOLE | _REAL)[name]
        kinds = (int,) if name in _WHOLE else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            raise Wrong(f"{name} is {value!r}")
    elif name in _TEXT:
        if not isinstance(value, str) or len(value) > _TEXT[name]:
            raise Wrong(f"{name} is {value!r}")
    elif name in _CHOICE:
        if value not in _CHOICE[name]:
            raise Wrong(f"{name} is {value!r}")
    elif name in _YES_NO:
        if not isinstance(value, bool):
            raise Wrong(f"{name} is {value!r}")
    else:
        raise Wrong(f"there is no field {name}")
