"""What is composed: by rules that hold for every genre, length and seed, and the same for ever."""

import hashlib
from itertools import pairwise

import msgspec
import pytest

from segue.engines import Brief, Segment
from segue.engines.studio.compose import compose
from segue.engines.studio.genres import GENRES
from segue.engines.studio.heard import Heard
from segue.engines.studio.instruments import RANGES
from segue.engines.studio.keys import read_key
from segue.engines.studio.score import VOICES
from segue.engines.studio.table import LANES

LENGTHS_S = (1.0, 5.0, 12.5, 30.0, 61.3, 180.0)
SEEDS = (1, 2, 3, 4)


def piece(prompt="lo-fi", duration_s=60.0, seed=1, heard=None, **more):
    return compose(Brief(prompt=prompt, duration_s=duration_s, seed=seed, **more), heard)


ALL = [(name, length_s, seed) for name in GENRES for length_s in LENGTHS_S for seed in SEEDS]


@pytest.fixture(scope="module")
def scores():
    return {each: piece(each[0], each[1], each[2]) for each in ALL}


def test_every_genre_is_found_by_its_name(scores):
    assert {score.genre for score in scores.values()} == set(GENRES)
    assert all(score.genre == name for (name, _, _), score in scores.items())


def test_the_length_is_exact_and_the_bars_fill_it(scores):
    for (_, length_s, _), score in scores.items():
        assert score.length_s == length_s
        bars = sum(section.bars for section in score.sections)
        assert score.music_ends_s == pytest.approx(min(bars * score.bar_s, length_s))
        assert length_s - score.music_ends_s <= score.bar_s + score.room.decay_s + 1
        assert 0 < score.fade_out_s <= length_s / 3 + 1e-9


def test_the_sections_cover_the_bars_without_gaps(scores):
    for score in scores.values():
        assert score.sections[0].first_bar == 0
        for section, following in pairwise(score.sections):
            assert following.first_bar == section.first_bar + section.bars
            assert following.start_s == pytest.approx(following.first_bar * score.bar_s)


def test_a_minute_has_four_sections_and_an_arc(scores):
    for (_, length_s, _), score in scores.items():
        if length_s >= 45:
            names = [section.name for section in score.sections]
            assert len(names) >= 4
            assert (names[0], names[-1]) == ("intro", "outro")
            energies = [section.energy for section in score.sections]
            assert max(energies) > max(energies[0], energies[-1])
            assert max(energies) - min(energies) >= 0.2


def test_every_note_lies_in_the_piece_in_the_reach_of_its_instrument_and_is_played_by_somebody(scores):
    for score in scores.values():
        for part in score.parts:
            low, high = RANGES[part.voice]
            assert part.voice in VOICES
            assert part.notes
            for note in part.notes:
                assert 0 <= note.at_s < score.length_s
                assert 0 < note.length_s <= score.length_s - note.at_s + 1e-9
                assert 0 < note.velocity <= 1
                assert low <= note.pitch <= high, (score.genre, part.voice, note)


def test_names_are_told_apart_and_stems_are_the_ones_that_there_are(scores):
    for (_, length_s, _), score in scores.items():
        names = [part.name for part in score.parts]
        assert len(set(names)) == len(names)
        stems = {part.stem for part in score.parts}
        assert stems <= {"drums", "bass", "chords", "lead", "pads", "strings", "fx"}
        if length_s >= 30:
            assert len(stems) >= (2 if score.genre in {"piano", "drone"} else 3), (score.genre, stems)


def test_the_kicks_are_those_of_the_drums(scores):
    for score in scores.values():
        kicks = [n.at_s for part in score.parts if part.stem == "drums" for n in part.notes if n.pitch == LANES["kick"]]
        assert score.kicks_s == tuple(sorted(kicks))


def test_there_is_no_hole_in_the_music(scores):
    for (name, length_s, seed), score in scores.items():
        spans = sorted(
            (note.at_s, note.at_s + note.length_s)
            for part in score.parts
            if part.voice not in {"vinyl", "rain", "wind", "riser"}
            for note in part.notes
        )
        heard_until = spans[0][0]
        assert heard_until <= 2, (name, length_s, seed)
        for begin, end in spans:
            assert begin - heard_until <= 2, (name, length_s, seed, begin)
            heard_until = max(heard_until, end)
        assert score.music_ends_s - heard_until <= 2


def test_most_of_what_is_played_is_in_the_key(scores):
    """Chords from outside of the key and notes that lead are few."""
    for (name, length_s, seed), score in scores.items():
        scale = set(read_key(score.key).scale)
        pitches = [note.pitch % 12 for part in score.parts if part.stem not in {"drums", "fx"} for note in part.notes]
        if length_s >= 30:
            inside = sum(pitch in scale for pitch in pitches) / len(pitches)
            assert inside >= 0.8, (name, length_s, seed, inside)


def test_equal_briefs_are_equal_and_others_are_not(scores):
    for (name, length_s, seed), score in scores.items():
        if length_s == 30:
            assert piece(name, length_s, seed) == score
    for name in GENRES:
        found = {msgspec.json.encode(piece(name, 30, seed)) for seed in range(12)}
        assert len(found) == 12
    assert piece("lo-fi beat") != piece("lo-fi, slow")


@pytest.mark.parametrize("tempo", [48, 76.5, 120, 174])
@pytest.mark.parametrize("prompt", ["lo-fi", "techno", "solo piano", "folk"])
def test_a_tempo_that_is_named_is_kept_within_two_percent(prompt, tempo):
    for asked in (piece(f"{prompt}, {tempo} bpm"), piece(prompt, tempo_bpm=float(tempo))):
        assert asked.tempo_bpm == pytest.approx(tempo, rel=0.0201)


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("house in F minor", "F minor"),
        ("Klavierstück in d-moll", "D minor"),
        ("lo-fi, Bb major", "Bb major"),
        ("drone, C dorian", "C dorian"),
    ],
)
def test_a_key_that_is_named_is_kept(prompt, key):
    assert piece(prompt).key == key
    assert piece("lo-fi", key=key).key == key


def test_a_key_of_the_brief_comes_before_one_of_the_prompt():
    asked = piece("house in F minor at 120 bpm", key="A major", tempo_bpm=126.0)
    assert asked.key == "A major"
    assert asked.tempo_bpm == pytest.approx(126, rel=0.02)


def test_loudness_is_the_genres_unless_somebody_says_otherwise():
    assert (piece("techno").target_lufs, piece("lo-fi").target_lufs, piece("ambient").target_lufs) == (-14, -16, -20)
    assert piece("techno", target_lufs=-23.0).target_lufs == -23


@pytest.mark.parametrize(
    ("prompt", "absent"),
    [("lo-fi without drums", "drums"), ("funk ohne Schlagzeug", "drums"), ("house, no bass", "bass")],
)
def test_what_is_not_wanted_does_not_play(prompt, absent):
    for seed in range(6):
        assert absent not in {part.stem for part in piece(prompt, seed=seed).parts}


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("lo-fi with rhodes", "epiano"), ("ambient with flute", "flute"), ("techno with strings", "strings"),
        ("folk mit Klavier", "piano"), ("house with marimba", "marimba"), ("jazz with cello", "cello"),
    ],
)  # fmt: skip
def test_an_instrument_that_is_asked_for_plays(prompt, voice):
    for seed in range(6):
        assert voice in {part.voice for part in piece(prompt, seed=seed).parts}


def test_a_prompt_that_says_nothing_is_music_all_the_same():
    for prompt in ("xyzzy", "…", "/etc/passwd", "{__import__('os')}", "a" * 4_096, "日本の音楽"):
        score = piece(prompt)
        assert score.parts
        assert score == piece(prompt)


def test_a_piece_that_follows_another_has_its_tempo_and_key():
    score = piece("calm piano", heard=Heard(96.0, "E minor", 0.5))
    assert score.tempo_bpm == pytest.approx(96, rel=0.02)
    assert score.key == "E minor"
    assert piece("calm piano in C major", heard=Heard(None, "E minor", 0.5)).key == "C major"


def segment(index=0, *, divergence=0.0, intensity=0.5, goal="focus", seed=7, bars=24, fade=2, tempo=72.0):
    bar_s = 240 / tempo
    return compose(
        Brief(
            prompt="steady",
            duration_s=bars * bar_s,
            seed=100 + index,
            tempo_bpm=tempo,
            target_lufs=-18.0,
            segment=Segment(
                index=index,
                session_seed=seed,
                divergence=divergence,
                intensity=intensity,
                goal=goal,
                fade_in_s=fade * bar_s if index else 0.0,
                fade_out_s=fade * bar_s,
            ),
        )
    )


GOALS = ("focus", "relax", "sleep", "energize", "custom_prompt")


@pytest.mark.parametrize("goal", GOALS)
def test_segments_of_a_session_have_one_key_one_tempo_and_one_kind(goal):
    found = [segment(index, goal=goal, divergence=0.3) for index in range(4)]
    assert len({(score.key, score.genre, round(score.tempo_bpm, 6)) for score in found}) == 1
    assert found[0].tempo_bpm == pytest.approx(72)
    assert len({msgspec.json.encode(score) for score in found}) == 4
    assert segment(2, goal=goal) != segment(2, goal=goal, seed=8)


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("intensity", [0.0, 0.5, 1.0])
def test_what_is_faded_over_has_neither_drums_nor_tune(goal, intensity):
    score = segment(1, goal=goal, intensity=intensity)
    fade_s = 2 * score.bar_s
    for part in score.parts:
        if part.stem in {"drums", "lead"}:
            assert all(fade_s - 0.05 <= n.at_s < score.length_s - fade_s + 0.05 for n in part.notes), part.name


@pytest.mark.parametrize("goal", GOALS)
def test_a_segment_ends_with_its_bars_and_sounds_to_its_end(goal):
    score = segment(1, goal=goal)
    assert score.music_ends_s == pytest.approx(score.length_s)
    assert score.fade_out_s < 0.1
    assert max(note.at_s + note.length_s for part in score.parts for note in part.notes) > score.length_s - score.bar_s


def test_without_divergence_a_segment_has_the_same_players_and_chords():
    first, second = segment(1), segment(2)
    assert [(part.name, part.voice) for part in first.parts] == [(part.name, part.voice) for part in second.parts]
    pads = [
        sorted(note.pitch for part in score.parts if part.stem == "pads" for note in part.notes)
        for score in (first, second)
    ]
    assert pads[0] == pads[1]


def test_divergence_changes_instruments():
    usual = {part.name: part.voice for part in segment(0).parts}
    moved = [{part.name: part.voice for part in segment(index, divergence=1.0).parts} for index in range(1, 6)]
    assert any(usual.get(name) != voice for parts in moved for name, voice in parts.items())


def test_intensity_is_how_many_play():
    counts = [len(segment(1, goal="energize", intensity=intensity).parts) for intensity in (0.0, 0.5, 1.0)]
    assert counts == sorted(counts)
    assert counts[0] <= 2 < counts[2] <= 6


def test_nothing_begins_in_the_last_third_of_a_segment_to_sleep_to():
    for index in range(3):
        for seed in range(5):
            score = segment(index, goal="sleep", seed=seed, tempo=50.0, bars=26)
            assert "drums" not in {part.stem for part in score.parts}
            still_s = 2 / 3 * score.length_s
            assert all(note.at_s <= still_s + 0.05 for part in score.parts for note in part.notes)
            assert any(note.at_s + note.length_s > 0.97 * score.length_s for part in score.parts for note in part.notes)


def test_version_1_stays_as_it_is():
    """Who makes a piece again with the same brief gets the same piece. Another score is another version."""
    digests = [
        hashlib.sha256(msgspec.json.encode(score)).hexdigest()[:16]
        for score in (piece("late night lo-fi study beat, warm keys"), piece("techno", 30, 2), segment(1))
    ]
    assert digests == ["672acbffb516c565", "b9bc88f2931ee54d", "f2c597a52c615d57"]
