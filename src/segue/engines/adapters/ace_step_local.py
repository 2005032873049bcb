"""Runs ACE-Step 1.5 in this process by `diffusers`, without a server of its own."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from segue.engines.adapters import ace_step_seed, sound, terms
from segue.engines.adapters.ace_step import ace_step_facts
from segue.engines.adapters.ace_step_request import INSTRUMENTAL, NAME, Words, words_of
from segue.engines.adapters.local_model import OPTIONS, LocalModel
from segue.engines.adapters.options import Options
from segue.engines.adapters.watch import Work
from segue.engines.adapters.wording import never_a_path
from segue.engines.brief import Brief, Rendered
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup

KEY = "ace_step_local"
_PACKAGES = ("torch", "transformers", "diffusers")


class AceStepLocal:
    """The model is loaded for every piece: the process that renders does not live longer than one."""

    def __init__(self, setup: Setup) -> None:
        options = Options(KEY, setup, (*OPTIONS, "steps", "seed_task"), (terms.STATED,))
        self._model = LocalModel(options, NAME, index="model_index.json", packages=_PACKAGES, publishers=("ACE-Step",))
        self._steps = options.whole("steps", 1, 200, 8)
        self._seed_task = ace_step_seed.task_of(options)
        checkpoint = self._model.checkpoint.removesuffix("-diffusers")
        self._terms = terms.of_ace_step(checkpoint, None, options)
        self._fault = options.fault

    @property
    def facts(self) -> EngineFacts:
        about = "Songs and instrumental pieces by an ACE-Step model on this server."
        return ace_step_facts(KEY, "ACE-Step 1.5 on this server", about, self._terms, memory_bytes_max=None)

    def obstacle(self) -> str | None:
        return self._model.obstacle(self._fault)

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        return Work[Rendered](lambda work: self._rendered(brief, workdir, work)).wait(progress, cancelled)

    def _rendered(self, brief: Brief, workdir: Path, work: Work[Rendered]) -> Rendered:
        words = words_of(brief)
        seed = ace_step_seed.prepared(brief, workdir, self._seed_task)
        torch, diffusers = import_module("torch"), self._model.library("diffusers")
        device = self._model.device()
        precision = torch.bfloat16 if device.startswith("cuda") else torch.float32
        pipeline = self._model.load(diffusers.AceStepPipeline, use_safetensors=True, dtype=precision)
        pipeline = pipeline.to(device)
        pipeline.set_progress_bar_config(disable=True)
        work.advance(0.1)

        def stepped(pipeline: Any, step: int, timestep: Any, given: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
            work.advance(0.1 + 0.85 * min(1.0, (step + 1) / self._steps))
            return given

        with self._model.running():
            made = pipeline(
                **_told(words),
                **_from_seed(torch, seed, brief.duration_s),
                num_inference_steps=self._steps,
                generator=torch.Generator("cpu").manual_seed(words.seed),
                callback_on_step_end=stepped,
            ).audios
        rate_hz, lead_s = pipeline.sample_rate, seed.lead_s if seed else 0.0
        begin = round(lead_s * rate_hz)
        samples = made[0].float().cpu().numpy()[:, begin : begin + round(brief.duration_s * rate_hz)]
        sound.write(workdir / "master.flac", samples, rate_hz, NAME)
        task = seed.task_type if seed else "text2music"
        parameters = {"steps": str(self._steps), "device": device, "task_type": task, "lead_s": f"{lead_s:.3f}"}
        return Rendered(master="master.flac", model=self._model.made_by(), seed=words.seed, parameters=parameters)


def _told(words: Words) -> dict[str, Any]:
    return {
        "prompt": never_a_path(words.prompt),
        "lyrics": words.lyrics if words.lyrics == INSTRUMENTAL else never_a_path(words.lyrics),
        "vocal_language": words.language,
        "bpm": words.tempo_bpm,
        "keyscale": words.key,
    }


def _from_seed(torch: Any, seed: ace_step_seed.Prepared | None, duration_s: float) -> dict[str, Any]:
    """What the pipeline is told of a seed: without one only how long the piece is."""
    if seed is None:
        return {"audio_duration": duration_s}
    given = {"task_type": seed.task_type, "src_audio": torch.from_numpy(seed.samples), "audio_duration": seed.end_s}
    if seed.task_type == "repaint":
        given |= {"repainting_start": seed.start_s, "repainting_end": seed.end_s}
    return given


engine: Callable[[Setup], AceStepLocal] = AceStepLocal
