"""The engines of both services, set up for a double and quick about it, and what they are asked for."""

import asyncio
from pathlib import Path

from factories.ace_step_or_elevenlabs import Double

from segue.engines import Brief, Rendered, Setup
from segue.engines.adapters.ace_step import AceStep
from segue.engines.adapters.elevenlabs import ElevenLabs
from segue.engines.adapters.remote import Bounds

QUICK = Bounds(connect_s=5.0, silence_s=5.0, patience_s=60.0, json_bytes_max=50_000, sound_bytes_max=5_000_000)


class Pauses:
    """Takes down how long one would have waited, and goes on at once."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


def brief(**more) -> Brief:
    return Brief(**({"prompt": "slow piano", "duration_s": 30.0, "seed": 7} | more))


def ace_step(
    server: Double, *, bounds: Bounds = QUICK, sleep=None, task_s_max: float = 60.0, **options: str
) -> AceStep:
    setup = Setup({"url": server.url} | options, {})
    return AceStep(setup, bounds=bounds, sleep=sleep or Pauses(), task_s_max=task_s_max, tick_s=0.01)


def elevenlabs(
    server: Double, *, bounds: Bounds = QUICK, sleep=None, piece_s_max: float = 60.0, **options: str
) -> ElevenLabs:
    setup = Setup({"url": server.url, "api_key": server.key} | options, {})
    return ElevenLabs(setup, bounds=bounds, sleep=sleep or Pauses(), piece_s_max=piece_s_max, tick_s=0.01)


def rendered(engine, workdir: Path, asked: Brief | None = None, *, progress=None, cancelled=lambda: False) -> Rendered:
    return engine.render(asked or brief(), workdir, progress or (lambda _: None), cancelled)
