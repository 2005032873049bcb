"""Pure. What a session is for, and what follows from that for the music: which genres, how fast, how loud, how dark."""

from collections.abc import Mapping
from typing import NamedTuple


class Goal(NamedTuple):
    """`genres` are those that suit it, none where the prompt says. A session has a tune in front only where `sung`;
    nothing in it sounds above `high_cut_hz`.
    """

    genres: tuple[str, ...]
    tempo_bpm: tuple[float, float]
    target_lufs: float
    sung: bool
    high_cut_hz: float = 20_000.0


GOALS: Mapping[str, Goal] = {
    "focus": Goal(("lo-fi", "minimal", "trip-hop"), (68.0, 92.0), -18.0, sung=False),
    "relax": Goal(("ambient", "piano", "folk"), (58.0, 76.0), -20.0, sung=False),
    "sleep": Goal(("sleep", "drone"), (45.0, 60.0), -23.0, sung=False, high_cut_hz=5_000.0),
    "energize": Goal(("house", "funk", "synthwave"), (108.0, 128.0), -16.0, sung=True),
    "custom_prompt": Goal((), (72.0, 96.0), -18.0, sung=True),
}


def goal_of(name: str) -> Goal:
    """A goal that is not known is one that the prompt describes."""
    return GOALS.get(name, GOALS["custom_prompt"])


def tempo_factor(intensity: float) -> float:
    """How much slower or faster a session goes than it would with an intensity of a half."""
    return 1 + (0.16 if intensity < 0.5 else 0.12) * (intensity - 0.5)
