"""Runs Stable Audio Open in this process by `diffusers`. A seed is what it varies, not what it goes on from."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from segue.engines.adapters import sound, terms
from segue.engines.adapters.local_model import OPTIONS, LocalModel
from segue.engines.adapters.options import Options
from segue.engines.adapters.watch import Work
from segue.engines.adapters.wording import described, never_a_path, seed_of
from segue.engines.brief import Brief, Rendered
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup

KEY = "stable_audio_open"
NAME = "Stable Audio Open"
PROMPT_CHARS_MAX = 1_000
SECONDS_MAX = 47
_GUIDANCE = 7.0
_PACKAGES = ("torch", "transformers", "diffusers", "torchsde")


class StableAudioOpen:
    """The model is loaded for every piece: the process that renders does not live longer than one."""

    def __init__(self, setup: Setup) -> None:
        options = Options(KEY, setup, (*OPTIONS, "steps"), (terms.STATED, terms.REGISTERED, terms.ENTERPRISE))
        self._model = LocalModel(
            options, NAME, index="model_index.json", packages=_PACKAGES, publishers=("stabilityai",)
        )
        self._steps = options.whole("steps", 1, 500, 100)
        self._terms = terms.of_stable_audio_open(self._model.checkpoint, options)
        self._fault = options.fault

    @property
    def facts(self) -> EngineFacts:
        return EngineFacts(
            engine_key=KEY,
            version="1.0",
            name=NAME,
            description="Short instrumental pieces and sounds by Stable Audio Open on this server.",
            max_duration_seconds=SECONDS_MAX,
            prompt_chars_max=PROMPT_CHARS_MAX,
            supports_vocals=False,
            supports_lyrics=False,
            supports_stems=False,
            supports_seed_audio=True,
            languages=("en",),
            terms=self._terms,
            memory_bytes_max=None,
        )

    def obstacle(self) -> str | None:
        return self._model.obstacle(self._fault)

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        return Work[Rendered](lambda work: self._rendered(brief, workdir, work)).wait(progress, cancelled)

    def _rendered(self, brief: Brief, workdir: Path, work: Work[Rendered]) -> Rendered:
        text = never_a_path(described(brief, PROMPT_CHARS_MAX, NAME))
        torch, diffusers = import_module("torch"), self._model.library("diffusers")
        device = self._model.device()
        precision = torch.float16 if device.startswith("cuda") else torch.float32
        pipeline = self._model.load(diffusers.StableAudioPipeline, use_safetensors=True, dtype=precision)
        pipeline = pipeline.to(device)
        pipeline.set_progress_bar_config(disable=True)
        work.advance(0.1)
        seed, rate_hz = seed_of(brief), pipeline.vae.sampling_rate
        varied: dict[str, Any] = {}
        if brief.seed_audio is not None:
            channels = pipeline.vae.config.audio_channels
            found = sound.read(workdir / brief.seed_audio, rate_hz, channels, seconds_max=SECONDS_MAX)
            waveform = torch.from_numpy(found)[None].to(device, precision)
            varied = {"initial_audio_waveforms": waveform, "initial_audio_sampling_rate": rate_hz}

        def stepped(step: int, timestep: Any, latents: Any) -> None:  # noqa: ARG001 - as the library calls it
            work.advance(0.1 + 0.85 * min(1.0, (step + 1) / self._steps))

        with self._model.running():
            made = pipeline(
                text,
                audio_end_in_s=brief.duration_s,
                num_inference_steps=self._steps,
                guidance_scale=_GUIDANCE,
                generator=torch.Generator("cpu").manual_seed(seed),
                callback=stepped,
                **varied,
            ).audios
        samples = made[0].float().cpu().numpy()[:, : round(brief.duration_s * rate_hz)]
        sound.write(workdir / "master.flac", samples, rate_hz, NAME)
        parameters = {"steps": str(self._steps), "guidance_scale": str(_GUIDANCE), "device": device}
        return Rendered(master="master.flac", model=self._model.made_by(), seed=seed, parameters=parameters)


engine: Callable[[Setup], StableAudioOpen] = StableAudioOpen
