"""Drives ACE-Step 1.5 over the HTTP server that comes with it.

The server has no call that ends a task: one that is cancelled here goes on there, and its piece is never fetched.
"""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from segue.engines.adapters import ace_step_seed, sound, terms
from segue.engines.adapters.ace_step_request import (
    FAILED,
    LANGUAGES,
    LYRICS_CHARS_MAX,
    NAME,
    PROMPT_CHARS_MAX,
    SECONDS_MAX,
    SECONDS_MIN,
    SUCCEEDED,
    Standing,
    as_form,
    standing_of,
    task_id_of,
    task_of,
)
from segue.engines.adapters.faults import PASSING, Fault, RemoteFailed
from segue.engines.adapters.options import Options
from segue.engines.adapters.remote import Ask, Bounds, Remote, Sleep
from segue.engines.adapters.watch import TICK_S, conversed, in_time
from segue.engines.brief import Brief, Rendered
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup
from segue.licences import LicenceFacts, facts_of

KEY = "ace_step"
_OPTIONS = ("url", "key", "model", "lora", "thinking", "seed_task", *terms.STATING)
_SERVER = "the ACE-Step server"
_MODEL_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_POLLS_LOST_MAX = 5


class AceStep:
    """`poll_s` is how often a task is asked after, `task_s_max` how long one may take in all."""

    def __init__(
        self,
        setup: Setup,
        *,
        bounds: Bounds | None = None,
        poll_s: float = 1.0,
        task_s_max: float = 1_800.0,
        tick_s: float = TICK_S,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        options = Options(KEY, setup, _OPTIONS, (terms.STATED,))
        self._url = options.address("url")
        if self._url is None:
            options.missing("url", "the address of an ACE-Step 1.5 server")
        self._key = options.secret("key")
        named = "the name of a model, such as acestep-v15-turbo"
        self._model = options.matching("model", _MODEL_NAME, named, terms.ACE_STEP_CHECKPOINTS[0]) or ""
        self._lora = options.matching("lora", _MODEL_NAME, "the name of the LoRA that the server has loaded")
        self._thinking = options.yes("thinking")
        self._seed_task = ace_step_seed.task_of(options)
        self._terms = terms.of_ace_step(self._model, self._lora, options)
        self._fault = options.fault
        self._bounds = bounds or Bounds()
        self._poll_s = poll_s
        self._task_s_max = task_s_max
        self._tick_s = tick_s
        self._sleep = sleep

    @property
    def facts(self) -> EngineFacts:
        return ace_step_facts(KEY, "ACE-Step 1.5", "Songs and instrumental pieces by an ACE-Step server.", self._terms)

    def obstacle(self) -> str | None:
        return self._fault

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        return conversed(self._rendered(brief, workdir, progress), cancelled, tick_s=self._tick_s)

    async def _rendered(self, brief: Brief, workdir: Path, progress: Progress) -> Rendered:
        progress(0.0)
        fields = task_of(brief, self._model, thinking=self._thinking)
        seed = await asyncio.to_thread(ace_step_seed.prepared, brief, workdir, self._seed_task)
        upload = await asyncio.to_thread(self._upload, seed, fields, workdir) if seed else None
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        master = workdir / "master.flac"
        async with Remote(_SERVER, KEY, self._url or "", headers, bounds=self._bounds, sleep=self._sleep) as server:
            made = await in_time(self._fetched(server, fields, upload, master, progress), self._task_s_max)
            if made is None:
                raise server.failed(Fault.ENDLESS)
        if seed and seed.lead_s:
            await asyncio.to_thread(_cut_front, master, seed.lead_s, brief.duration_s)
        progress(1.0)
        return self._told(master, fields, made)

    async def _fetched(
        self,
        server: Remote,
        fields: dict[str, Any],
        upload: tuple[str, Path, str] | None,
        master: Path,
        progress: Progress,
    ) -> Standing:
        task_id = await self._release(server, fields, upload)
        if upload is not None:
            upload[1].unlink()
        made = await self._finished(server, task_id, progress)
        if made.path is None:
            raise server.failed(Fault.UNREADABLE)
        progress(0.9)
        await server.save(Ask("GET", "/v1/audio", query={"path": made.path}), master, ("audio/",))
        return made

    def _upload(self, seed: ace_step_seed.Prepared, fields: dict[str, Any], workdir: Path) -> tuple[str, Path, str]:
        """The seed as a file for the form; the task says what is to become of it."""
        path = workdir / f"seed_{uuid.uuid4().hex}.flac"
        sound.write(path, seed.samples, ace_step_seed.RATE_HZ, NAME)
        fields["task_type"] = seed.task_type
        if seed.task_type == "repaint":
            fields |= {"repainting_start": seed.start_s, "repainting_end": seed.end_s, "audio_duration": seed.end_s}
        return "src_audio", path, "audio/flac"

    async def _release(self, server: Remote, fields: dict[str, Any], upload: tuple[str, Path, str] | None) -> str:
        if upload is None:
            ask = Ask("POST", "/release_task", json=fields)
        else:
            ask = Ask("POST", "/release_task", form=as_form(fields), upload=upload)
        task_id = task_id_of(await server.json(ask))
        if task_id is None:
            raise server.failed(Fault.UNREADABLE)
        return task_id

    async def _finished(self, server: Remote, task_id: str, progress: Progress) -> Standing:
        """Asks after the task until it is done. Asking changes nothing, so a few lost answers are no failure."""
        ask = Ask("POST", "/query_result", json={"task_id_list": [task_id]})
        lost, done = 0, 0.0
        while True:
            try:
                standing = standing_of(await server.json(ask), task_id, self._url or "")
                lost = 0
            except RemoteFailed as error:
                lost += 1
                if error.fault not in PASSING or lost > _POLLS_LOST_MAX:
                    raise
                standing = Standing(0, done)
            if standing is None:
                raise server.failed(Fault.UNREADABLE)
            if standing.state == SUCCEEDED:
                return standing
            if standing.state == FAILED:
                raise server.failed(Fault.NOT_MADE)
            done = max(done, standing.done)
            progress(0.9 * done)
            await self._sleep(self._poll_s)

    def _told(self, master: Path, fields: dict[str, Any], made: Standing) -> Rendered:
        used = made.model or self._model
        name = f"{used} with {self._lora}" if self._lora else used
        left_out = {"prompt", "lyrics", "seed", "model"}
        return Rendered(
            master=master.name,
            model=name,
            seed=fields["seed"] if made.seed is None else made.seed,
            parameters=as_form({key: value for key, value in fields.items() if key not in left_out}),
            terms=None if used == self._model else facts_of(None, asserted_by="engine"),
        )


def ace_step_facts(
    engine_key: str, name: str, description: str, stated: LicenceFacts, *, memory_bytes_max: int | None = 2**32
) -> EngineFacts:
    """What ACE-Step 1.5 can do, however it is driven."""
    return EngineFacts(
        engine_key=engine_key,
        version="1.0",
        name=name,
        description=description,
        max_duration_seconds=SECONDS_MAX,
        min_duration_seconds=SECONDS_MIN,
        prompt_chars_max=PROMPT_CHARS_MAX,
        lyrics_chars_max=LYRICS_CHARS_MAX,
        supports_vocals=True,
        supports_lyrics=True,
        supports_stems=False,
        supports_seed_audio=True,
        supports_tempo_and_key=True,
        languages=LANGUAGES,
        terms=stated,
        memory_bytes_max=memory_bytes_max,
    )


def _cut_front(path: Path, lead_s: float, duration_s: float) -> None:
    """Take away what the piece goes on from."""
    rate_hz = ace_step_seed.RATE_HZ
    unreadable = Fault.NO_SOUND.told_of(_SERVER)
    samples = sound.read(path, rate_hz, 2, seconds_max=lead_s + duration_s, unreadable=unreadable)
    sound.write(path, samples[:, round(lead_s * rate_hz) :], rate_hz, NAME)


engine: Callable[[Setup], AceStep] = AceStep
