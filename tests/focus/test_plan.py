"""How a session is cut: bars, fades, tempos, what is due and when it is over."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.focus.plan import (
    AHEAD,
    CHARACTERS,
    STRIDE_S,
    TRIES_MAX,
    Goal,
    Made,
    Plan,
    cut,
    due,
    over,
    playing,
    real_time_factor,
    wish_of,
)
from segue.generations import Status
from segue.limits import SEED_MAX

PLANS = st.builds(
    Plan,
    goal=st.sampled_from(Goal),
    engine=st.just("studio"),
    target_minutes=st.integers(1, 480),
    custom_prompt=st.just("rain on a tin roof"),
    intensity=st.sampled_from(["low", "medium", "high"]),
    divergence=st.floats(0, 1),
    seed=st.integers(0, SEED_MAX),
)


def plan(**more):
    return Plan(**({"goal": Goal.FOCUS, "engine": "studio", "target_minutes": 60, "custom_prompt": None,
                    "intensity": "medium", "divergence": 0.0, "seed": 1} | more))  # fmt: skip


@pytest.mark.parametrize(("minutes", "segments"), [(1, 1), (2, 1), (3, 2), (20, 10), (60, 30), (61, 31), (480, 240)])
def test_an_hour_is_thirty_segments(minutes, segments):
    assert plan(target_minutes=minutes).total_segments == segments


@given(PLANS, st.integers(0, 50))
def test_a_segment_is_whole_bars_and_fades_on_a_bar_line(wanted, index):
    place = cut(wanted, index)
    bar_s = 4 * 60 / place.tempo_bpm
    for length_s in (place.stride_s, place.fade_s, place.duration_s):
        assert length_s / bar_s == pytest.approx(round(length_s / bar_s), abs=1e-6)
    assert abs(place.stride_s - STRIDE_S) <= bar_s / 2 + 1e-6
    assert place.fade_s >= bar_s - 1e-9
    assert abs(place.fade_s - CHARACTERS[wanted.goal].fade_s) <= bar_s


@given(PLANS, st.integers(0, 50))
def test_tempos_keep_to_their_goal_and_to_each_other(wanted, index):
    character, here, there = CHARACTERS[wanted.goal], cut(wanted, index).tempo_bpm, cut(wanted, index + 1).tempo_bpm
    assert character.slowest_bpm * 0.98 <= here <= character.fastest_bpm * 1.02
    assert max(here, there) / min(here, there) <= 1.0409
    if wanted.divergence < 0.5:
        assert here == there


@pytest.mark.parametrize(
    ("prompt", "tempo"), [("techno at 140 BPM", 140), ("60bpm drone", 60), ("a 1975 song", None), ("9000 bpm", None)]
)
def test_a_tempo_in_the_prompt_is_kept(prompt, tempo):
    found = cut(plan(goal=Goal.CUSTOM_PROMPT, custom_prompt=prompt), 0).tempo_bpm
    assert found == tempo if tempo else 72 <= found <= 96


@given(PLANS, st.integers(0, 20))
def test_segments_of_a_session_belong_together_and_differ(wanted, index):
    first, second = (wish_of(wanted, each, keeps_tempo=True) for each in (index, index + 1))
    assert first.segment.session_seed == second.segment.session_seed == wanted.seed
    assert first.segment.fade_out_s == second.segment.fade_in_s
    assert first.target_lufs == second.target_lufs == CHARACTERS[wanted.goal].target_lufs
    assert first.seed != second.seed
    assert 0 <= first.seed <= SEED_MAX
    assert first.instrumental
    assert first.prompt


def test_the_first_segment_fades_in_from_nothing():
    assert wish_of(plan(), 0, keeps_tempo=True).segment.fade_in_s == 0
    assert wish_of(plan(), 1, keeps_tempo=True).segment.fade_in_s > 0


def test_an_engine_that_knows_no_tempo_is_asked_for_whole_seconds():
    wish = wish_of(plan(), 0, keeps_tempo=False)
    assert wish.tempo_bpm is None
    assert wish.duration_s == math.ceil(cut(plan(), 0).duration_s)
    assert wish_of(plan(), 0, keeps_tempo=True).duration_s == cut(plan(), 0).duration_s


def test_only_a_custom_session_has_a_prompt_of_its_own():
    custom = plan(goal=Goal.CUSTOM_PROMPT, custom_prompt="rain on a tin roof")
    assert wish_of(custom, 0, keeps_tempo=True).prompt == "rain on a tin roof"
    assert wish_of(plan(custom_prompt="rain"), 0, keeps_tempo=True).prompt == CHARACTERS[Goal.FOCUS].prompt


def made(*statuses, tries=1):
    return [Made(index, Status(status), tries) for index, status in enumerate(statuses)]


def test_two_segments_are_made_ahead_of_the_one_that_is_heard():
    wanted, stride_s = plan(), cut(plan(), 0).stride_s
    assert due(wanted, [], 1_000, now=1_000) == [0, 1, 2]
    assert due(wanted, made("succeeded", "running", "queued"), 1_000, now=1_000) == []
    third_begins = 1_000 + math.ceil(2 * stride_s)
    assert playing(wanted, 1_000, now=third_begins - 2) == 1
    assert playing(wanted, 1_000, now=third_begins) == 2
    assert due(wanted, made("succeeded", "succeeded", "succeeded"), 1_000, now=third_begins) == [3, 4]


def test_a_segment_that_failed_is_asked_for_again_and_not_for_ever():
    wanted = plan()
    assert due(wanted, made("succeeded", "failed", "queued"), 1_000, now=1_000) == [1]
    assert not over(wanted, made("succeeded", "failed", tries=TRIES_MAX - 1))
    assert over(wanted, made("succeeded", "failed", tries=TRIES_MAX))


@given(PLANS, st.integers(-10, 100_000))
def test_nothing_is_made_beyond_the_end(wanted, elapsed_s):
    indexes = due(wanted, [], 1_000, now=1_000 + elapsed_s)
    assert indexes == list(range(len(indexes)))
    assert min(AHEAD + 1, wanted.total_segments) <= len(indexes) <= wanted.total_segments


def test_it_is_over_when_all_are_ready():
    wanted = plan(target_minutes=5)
    assert not over(wanted, made("succeeded", "succeeded", "running"))
    assert not over(wanted, made("succeeded", "running", "succeeded"))
    assert over(wanted, made("succeeded", "succeeded", "succeeded"))


def test_the_pace_of_an_engine_is_work_by_music():
    assert real_time_factor([]) is None
    assert real_time_factor([(100, 110, 120.0), (200, 230, 280.0)]) == 0.1
