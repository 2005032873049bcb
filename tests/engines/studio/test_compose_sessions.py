"""What the segments of a session owe each other: one kind of music, joins that fit, no more change than asked for."""

from itertools import product

import pytest

from segue.engines import Brief, Segment
from segue.engines.studio.chords import read_chord
from segue.engines.studio.compose import compose
from segue.engines.studio.genres import GENRES
from segue.engines.studio.goals import GOALS
from segue.engines.studio.keys import read_key

INTENSITIES = (0.0, 0.5, 1.0)
_TEXTURES = {"vinyl", "rain", "wind"}


def segment(goal, index=1, *, seed=5, divergence=0.0, intensity=0.5, seconds=120.0, fade_s=7.3, **more):
    """A segment whose fades fall on no bar, of a length that is whole bars of no tempo in particular."""
    kind = Segment(
        index=index,
        session_seed=seed,
        divergence=divergence,
        intensity=intensity,
        goal=goal,
        fade_in_s=fade_s if index else 0.0,
        fade_out_s=fade_s,
    )
    return compose(Brief(prompt="steady", duration_s=seconds, seed=90 + index, segment=kind, **more))


EACH = list(product(GOALS, INTENSITIES, (1, 2, 3)))


@pytest.fixture(scope="module")
def segments():
    return {each: segment(each[0], intensity=each[1], seed=each[2], divergence=0.6) for each in EACH}


def test_whole_bars_fill_it_whatever_its_length(segments):
    for score in segments.values():
        bars = score.length_s / score.bar_s
        assert bars == pytest.approx(round(bars), abs=1e-6)
        assert score.music_ends_s == pytest.approx(score.length_s)
        assert sum(section.bars for section in score.sections) == round(bars)


def test_the_goal_says_how_fast_and_how_loud_it_is(segments):
    for (name, _, _), score in segments.items():
        goal = GOALS[name]
        assert score.target_lufs == goal.target_lufs
        if goal.genres:
            assert score.genre in goal.genres
            assert goal.tempo_bpm[0] * 0.98 <= score.tempo_bpm <= goal.tempo_bpm[1] * 1.02
    assert segment("sleep", target_lufs=-19.0).target_lufs == -19.0


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_it_is_faster_the_more_is_asked_for(goal):
    slow, usual, fast = (segment(goal, intensity=intensity, seed=2).tempo_bpm for intensity in INTENSITIES)
    assert slow < usual < fast


def test_no_drum_and_no_tune_begins_in_a_fade_even_off_the_bar(segments):
    for score in segments.values():
        for part in score.parts:
            if part.stem in {"drums", "lead", "fx"} and part.voice not in _TEXTURES:
                assert all(7.28 <= note.at_s <= score.length_s - 7.28 for note in part.notes), (score.genre, part.name)


def test_where_two_segments_overlap_both_are_at_home(segments):
    for (name, _, _), score in segments.items():
        home = set(read_chord(GENRES[score.genre].home, read_key(score.key)).tones)
        for part in score.parts:
            if part.stem not in {"drums", "fx"}:
                early = {note.pitch % 12 for note in part.notes if note.at_s < 7.2}
                late = {note.pitch % 12 for note in part.notes if note.at_s + note.length_s > score.length_s - 7.0}
                assert early | late <= home, (name, score.genre, part.name)


def test_something_always_sounds(segments):
    for each, score in segments.items():
        spans = sorted(
            (note.at_s, note.at_s + note.length_s)
            for part in score.parts
            if part.voice not in {*_TEXTURES, "riser"}
            for note in part.notes
        )
        until = 0.0
        for begin, end in spans:
            assert begin - until <= 0.5, each
            until = max(until, end)
        assert until > score.length_s - 0.1


def test_without_divergence_only_the_playing_differs():
    for goal in GOALS:
        first, second = segment(goal, 1), segment(goal, 2)
        for part, other in zip(first.parts, second.parts, strict=True):
            assert (part.name, part.voice) == (other.name, other.voice)
            assert sorted(note.pitch for note in part.notes) == sorted(note.pitch for note in other.notes)
            assert [note.at_s for note in part.notes if note.at_s] != [n.at_s for n in other.notes if n.at_s]


def test_the_further_it_diverges_the_less_is_left():
    def alike(divergence):
        """How many notes of the later segments are notes of the first, at about the same time."""
        shares = []
        for goal, seed in product(("focus", "energize"), range(6)):
            first, later = (segment(goal, index, seed=seed, divergence=divergence, fade_s=0.0) for index in (0, 3))
            had, has = (
                {(round(n.at_s, 1), n.pitch % 12) for part in score.parts if part.stem != "drums" for n in part.notes}
                for score in (first, later)
            )
            shares.append(len(had & has) / len(has))
        return sum(shares) / len(shares)

    none, some, much = (alike(divergence) for divergence in (0.0, 0.4, 1.0))
    assert none > some + 0.1 > much + 0.2


def test_more_intensity_is_never_louder():
    for goal, seed in product(GOALS, range(4)):
        quiet, full = (segment(goal, intensity=intensity, seed=seed) for intensity in (0.0, 1.0))
        assert quiet.target_lufs == full.target_lufs
        levels = {part.name: part.level_db for part in full.parts}
        assert all(levels.get(part.name, part.level_db) == part.level_db for part in quiet.parts)


def test_what_somebody_sleeps_to_is_dark():
    for seed in range(4):
        assert all(part.high_cut_hz <= 5_000 for part in segment("sleep", seed=seed, intensity=1.0).parts)
