"""Runs MusicGen in this process by `transformers`. Its music is for personal use, whoever declares what.

One piece is as long as the model looks back: thirty seconds, the part of a seed that it goes on from included.
"""

import math
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
from segue.engines.endings import EngineRefused
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup

KEY = "musicgen"
NAME = "MusicGen"
PROMPT_CHARS_MAX = 1_000
SECONDS_MAX = 30
LEAD_S = 5.0
_GUIDANCE = 3.0
_PACKAGES = ("torch", "transformers")


class MusicGen:
    """The model is loaded for every piece: the process that renders does not live longer than one."""

    def __init__(self, setup: Setup) -> None:
        options = Options(KEY, setup, OPTIONS, (terms.STATED,))
        self._model = LocalModel(options, NAME, index="config.json", packages=_PACKAGES, publishers=("facebook",))
        self._terms = terms.of_musicgen(self._model.checkpoint, options)
        self._fault = options.fault

    @property
    def facts(self) -> EngineFacts:
        return EngineFacts(
            engine_key=KEY,
            version="1.0",
            name=NAME,
            description="Short instrumental pieces by a MusicGen model on this server.",
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
        if brief.seed_audio is not None and brief.duration_s > SECONDS_MAX - LEAD_S:
            raise EngineRefused(f"To go on from a piece, {NAME} can add {SECONDS_MAX - LEAD_S:.0f} seconds at most.")
        torch, transformers = import_module("torch"), self._model.library("transformers")
        device, seed = self._model.device(), seed_of(brief)
        precision = torch.float16 if device.startswith("cuda") else torch.float32
        tokenizer = self._model.load(transformers.AutoTokenizer)
        kind = transformers.MusicgenForConditionalGeneration
        model = self._model.load(kind, use_safetensors=True, dtype=precision).to(device)
        work.advance(0.1)
        given = tokenizer([text], return_tensors="pt", padding=True).to(device)
        rate_hz, lead_samples = model.config.audio_encoder.sampling_rate, 0
        if brief.seed_audio is not None:
            lead = _lead(workdir / brief.seed_audio, rate_hz, model.config.decoder.audio_channels)
            lead_samples = lead.shape[1]
            given["input_values"] = torch.from_numpy(lead)[None].to(device, precision)
        tokens = _tokens(model.config, brief.duration_s)
        torch.manual_seed(seed)
        with self._model.running(), torch.inference_mode():
            made = model.generate(
                **given,
                do_sample=True,
                guidance_scale=_GUIDANCE,
                max_new_tokens=tokens,
                stopping_criteria=transformers.StoppingCriteriaList([_counting(work, tokens)]),
            )
        end = lead_samples + round(brief.duration_s * rate_hz)
        sound.write(workdir / "master.flac", made[0].float().cpu().numpy()[:, lead_samples:end], rate_hz, NAME)
        parameters = {"guidance_scale": str(_GUIDANCE), "device": device, "lead_s": f"{lead_samples / rate_hz:.3f}"}
        return Rendered(master="master.flac", model=self._model.made_by(), seed=seed, parameters=parameters)


def _lead(path: Path, rate_hz: int, channels: int) -> Any:
    """The end of the seed, which the model hears before it plays."""
    return sound.read(path, rate_hz, channels, seconds_max=24 * 3_600)[:, -round(LEAD_S * rate_hz) :]


def _tokens(config: Any, duration_s: float) -> int:
    """As many steps as the piece has frames, and those by which the later codebooks lag behind the first."""
    frames: int = math.ceil(duration_s * config.audio_encoder.frame_rate)
    lag: int = config.decoder.num_codebooks // config.decoder.audio_channels - 1
    return frames + lag


def _counting(work: Work[Rendered], tokens: int) -> Callable[..., Any]:
    """Looks on at every step, and never asks to stop: `advance` raises when it should."""
    steps = 0

    def count(input_ids: Any, scores: Any, **_: Any) -> Any:  # noqa: ARG001 - as the library calls it
        nonlocal steps
        steps += 1
        work.advance(0.1 + 0.9 * min(1.0, steps / tokens))
        return import_module("torch").zeros(len(input_ids), dtype=bool, device=input_ids.device)

    return count


engine: Callable[[Setup], MusicGen] = MusicGen
