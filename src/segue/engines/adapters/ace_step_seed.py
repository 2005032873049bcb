"""Prepares the piece that ACE-Step goes on from, for the server and for the pipeline in this process alike.

To go on, it is handed the end of the seed with silence behind it and told to paint over the silence; what it hands back
begins with that end, which is cut off again. To cover, it is handed as much of the seed as the new piece is long.
"""

from pathlib import Path
from typing import Any, NamedTuple

from segue.engines.adapters import sound
from segue.engines.adapters.ace_step_request import SECONDS_MAX
from segue.engines.adapters.options import Options
from segue.engines.brief import Brief
from segue.engines.endings import EngineRefused

RATE_HZ = 48_000
CONTINUE, COVER = "continue", "cover"

_LEAD_S = 30.0
_LEAD_S_MIN = 5.0


class Prepared(NamedTuple):
    """The sound to hand over, the task and its region, and how much to cut from the front of what is made."""

    samples: Any
    task_type: str
    start_s: float
    end_s: float
    lead_s: float


def task_of(options: Options) -> str:
    """What the operator wants done with a seed."""
    return options.choice("seed_task", (CONTINUE, COVER), CONTINUE)


def prepared(brief: Brief, workdir: Path, seed_task: str) -> Prepared | None:
    """None without a seed. Raises `EngineRefused` when the seed and the piece do not fit together."""
    if brief.seed_audio is None:
        return None
    seed = sound.read(workdir / brief.seed_audio, RATE_HZ, 2, seconds_max=24 * 3_600)
    seed_s = seed.shape[1] / RATE_HZ
    if seed_task == COVER:
        return _cover(seed, seed_s, brief.duration_s)
    lead_s = min(_LEAD_S, seed_s, SECONDS_MAX - brief.duration_s)
    if lead_s < _LEAD_S_MIN:
        longest = round(SECONDS_MAX - _LEAD_S_MIN)
        raise EngineRefused(
            f"To go on from a piece, ACE-Step needs {_LEAD_S_MIN:.0f} seconds of it, and can add {longest} at most."
        )
    samples = sound.led_in(seed, RATE_HZ, lead_s, brief.duration_s)
    return Prepared(samples, "repaint", lead_s, lead_s + brief.duration_s, lead_s)


def _cover(seed: Any, seed_s: float, duration_s: float) -> Prepared:
    if seed_s < duration_s:
        raise EngineRefused(f"A cover is no longer than its seed: ask for at most {int(seed_s)} seconds.")
    return Prepared(seed[:, : round(duration_s * RATE_HZ)], "cover", 0.0, duration_s, 0.0)
