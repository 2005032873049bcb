"""Pure. How a session is cut into segments that join well, which of them are due, and when it is over.

A segment begins where the one before it begins to fade, on a bar line, so that the beat goes on through the join.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from segue.engines import Segment
from segue.generations import Status, Wish

# From the beginning of one segment to that of the next, about; bars make it exact.
STRIDE_S = 120
# So many are ready or being made beyond the one that is playing.
AHEAD = 2
# A segment that has failed so often ends its session.
TRIES_MAX = 3

_BEATS_PER_BAR = 4
_TEMPO_OF_PROMPT = re.compile(r"(?<![0-9])([4-9][0-9]|1[0-9]{2}|200)\s*bpm", re.IGNORECASE)


class Goal(StrEnum):
    """What somebody listens for."""

    FOCUS = "focus"
    RELAX = "relax"
    SLEEP = "sleep"
    ENERGIZE = "energize"
    CUSTOM_PROMPT = "custom_prompt"


class SessionStatus(StrEnum):
    """Where a session stands; `stopped_cap` was halted by what its organization may spend."""

    ACTIVE = "active"
    ENDED = "ended"
    STOPPED_CAP = "stopped_cap"


class Character(NamedTuple):
    """What a goal sounds like: words for the engine, the tempo's range, how loud, and how long it fades."""

    prompt: str
    slowest_bpm: float
    fastest_bpm: float
    target_lufs: float
    fade_s: float


CHARACTERS = {
    Goal.FOCUS: Character(
        "steady soft electronic lo-fi for concentrated work, no melody in front", 68.0, 92.0, -18.0, 5.0
    ),
    Goal.RELAX: Character("sparse ambient with soft piano and long notes, to relax", 58.0, 76.0, -20.0, 7.0),
    Goal.SLEEP: Character("dark low drone pads to fall asleep, no drums", 45.0, 60.0, -23.0, 10.0),
    Goal.ENERGIZE: Character("bright upbeat house with a full kit, energetic", 108.0, 128.0, -16.0, 3.0),
    Goal.CUSTOM_PROMPT: Character("", 72.0, 96.0, -18.0, 4.0),
}

INTENSITIES = {"low": 0.0, "medium": 0.5, "high": 1.0}
_TEMPO_FACTORS = {"low": 0.92, "medium": 1.0, "high": 1.06}


class Plan(NamedTuple):
    """A session as it was asked for; all else follows from this."""

    goal: Goal
    engine: str
    target_minutes: int
    custom_prompt: str | None
    intensity: str
    divergence: float
    seed: int

    @property
    def total_segments(self) -> int:
        return math.ceil(self.target_minutes * 60 / STRIDE_S)

    @property
    def target_lufs(self) -> float:
        return CHARACTERS[self.goal].target_lufs


class Cut(NamedTuple):
    """Where a segment's bars lie: its tempo, from its beginning to that of the next, and the fade at its end."""

    tempo_bpm: float
    stride_s: float
    fade_s: float

    @property
    def duration_s(self) -> float:
        return self.stride_s + self.fade_s


def cut(plan: Plan, index: int) -> Cut:
    """The segment's place on the grid. Below a divergence of a half the tempo is that of the session; above it, each
    segment keeps within two percent of it, so that no step is larger than four.
    """
    tempo = _tempo(plan)
    if plan.divergence >= 0.5:
        tempo *= 1 + 0.02 * (2 * _chance(plan.seed, f"tempo {index}") - 1)
    bar_s = 60 / tempo * _BEATS_PER_BAR
    fade_bars = max(1, round(CHARACTERS[plan.goal].fade_s / bar_s))
    return Cut(tempo, round(STRIDE_S / bar_s) * bar_s, fade_bars * bar_s)


def _tempo(plan: Plan) -> float:
    asked = _TEMPO_OF_PROMPT.search(plan.custom_prompt or "") if plan.goal is Goal.CUSTOM_PROMPT else None
    if asked is not None:
        return float(asked[1])
    character = CHARACTERS[plan.goal]
    span = character.fastest_bpm - character.slowest_bpm
    tempo = (character.slowest_bpm + span * _chance(plan.seed, "tempo")) * _TEMPO_FACTORS[plan.intensity]
    return min(max(tempo, character.slowest_bpm), character.fastest_bpm)


def _chance(seed: int, name: str) -> float:
    """From 0 up to 1, always the same for the same seed and name."""
    return int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8], "big") / 2**64


def wish_of(plan: Plan, index: int, *, keeps_tempo: bool) -> Wish:
    """The segment as a generation. `keeps_tempo` says that the engine keeps to a tempo that it is given."""
    place = cut(plan, index)
    prompt = plan.custom_prompt if plan.goal is Goal.CUSTOM_PROMPT and plan.custom_prompt else None
    return Wish(
        engine=plan.engine,
        prompt=prompt or CHARACTERS[plan.goal].prompt,
        duration_s=place.duration_s if keeps_tempo else float(math.ceil(place.duration_s)),
        mode="focus",
        instrumental=True,
        title=f"{plan.goal.value.replace('_prompt', '').capitalize()} {index + 1} of {plan.total_segments}",
        seed=int(_chance(plan.seed, f"segment {index}") * 2**31),
        tempo_bpm=place.tempo_bpm if keeps_tempo else None,
        target_lufs=plan.target_lufs,
        segment=Segment(
            index=index,
            session_seed=plan.seed,
            divergence=plan.divergence,
            intensity=INTENSITIES[plan.intensity],
            goal=plan.goal.value,
            fade_in_s=cut(plan, index - 1).fade_s if index else 0.0,
            fade_out_s=place.fade_s,
        ),
    )


class Made(NamedTuple):
    """A segment that was asked for: how its generation stands, and how often it was tried."""

    at: int
    status: Status
    tries: int


def playing(plan: Plan, began_at: int, *, now: int) -> int:
    """The segment that a listener hears who has listened from the beginning."""
    left_s, index = float(now - began_at), 0
    while index < plan.total_segments - 1 and left_s >= cut(plan, index).stride_s:
        left_s -= cut(plan, index).stride_s
        index += 1
    return index


def due(plan: Plan, made: Sequence[Made], began_at: int, *, now: int) -> list[int]:
    """The segments that have to be asked for now: the one that is playing and those ahead of it, where they are neither
    there nor under way.
    """
    wanted = range(min(playing(plan, began_at, now=now) + AHEAD + 1, plan.total_segments))
    there = {each.at for each in made if each.status.active or each.status is Status.SUCCEEDED}
    return [index for index in wanted if index not in there]


def over(plan: Plan, made: Sequence[Made]) -> bool:
    """The last segment is ready, or one of them will never be."""
    last_ready = any(each.at == plan.total_segments - 1 and each.status is Status.SUCCEEDED for each in made)
    whole = sum(each.status is Status.SUCCEEDED for each in made) == plan.total_segments
    hopeless = any(_ended_badly(each.status) and each.tries >= TRIES_MAX for each in made)
    return (last_ready and whole) or hopeless


def _ended_badly(status: Status) -> bool:
    return not status.active and status is not Status.SUCCEEDED


def real_time_factor(rendered: Sequence[tuple[int, int, float]]) -> float | None:
    """Seconds of work for a second of music, by when the last pieces began and ended and how long they are."""
    music_s = sum(length_s for _, _, length_s in rendered)
    return sum(ended - began for began, ended, _ in rendered) / music_s if music_s else None
