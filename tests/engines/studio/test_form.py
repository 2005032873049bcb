"""How long a piece is, in how many bars, and which sections they make: for every length that can be asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engines import Brief
from segue.engines.studio.compose import compose
from segue.engines.studio.form import TEMPO_SHARE_MAX, fit, fit_freely, phrase_of, sections
from segue.engines.studio.table import LANES

LENGTHS = st.floats(1.0, 600.0)
TEMPOS = st.floats(30.0, 300.0)


@given(LENGTHS, TEMPOS, st.sampled_from([3, 4]), st.floats(0.0, 8.0))
def test_whole_bars_and_a_tail_fill_the_length_at_a_tempo_hardly_moved(length_s, tempo_bpm, beats, ring_s):
    fitted = fit(length_s, tempo_bpm, beats, ring_s)
    assert fitted.bars >= 1
    assert abs(fitted.tempo_bpm / tempo_bpm - 1) <= TEMPO_SHARE_MAX + 1e-9
    bar_s = 60 * beats / fitted.tempo_bpm
    tail_s = length_s - fitted.bars * bar_s
    assert tail_s <= ring_s + bar_s
    assert tail_s >= -1e-9 or fitted.bars == 1, "only of what is shorter than a bar the end is missing"


@given(LENGTHS, st.floats(50.0, 180.0), st.floats(0.0, 8.0))
def test_a_tempo_that_nobody_asked_for_makes_whole_phrases_where_it_can(length_s, tempo_bpm, ring_s):
    allowed = (tempo_bpm * 0.92, tempo_bpm * 1.08)
    fitted = fit_freely(length_s, tempo_bpm, allowed, 4, ring_s)
    assert allowed[0] - 1e-9 <= fitted.tempo_bpm <= allowed[1] + 1e-9
    if fitted.bars > 24:  # of fewer, the next whole phrase may lie further away than the tempo may be moved
        assert fitted.bars % phrase_of(fitted.bars) == 0


@given(st.integers(1, 700), LENGTHS, st.floats(-0.3, 0.3))
def test_the_sections_are_as_long_as_the_piece(bars, length_s, lift):
    found = sections(bars, length_s, {}, lift)
    assert sum(section.bars for section in found) == bars
    assert all(section.bars >= 1 and 0.1 <= section.energy <= 1 for section in found)
    if len(found) >= 3:
        assert (found[0].name, found[-1].name) == ("intro", "outro")


@pytest.mark.parametrize(
    ("bars", "length_s", "names"),
    [
        (1, 3.0, "a"),
        (4, 8.0, "intro a outro"),
        (12, 30.0, "intro a b outro"),
        (32, 64.0, "intro a b a outro"),
        (40, 90.0, "intro a b break a outro"),
        (60, 120.0, "intro a b break a b outro"),
    ],
)
def test_a_longer_piece_has_more_to_tell(bars, length_s, names):
    assert " ".join(section.name for section in sections(bars, length_s, {})) == names


def test_what_returns_is_stronger_than_it_was():
    found = [section.energy for section in sections(60, 120.0, {}) if section.name == "b"]
    assert found == sorted(set(found))


LOUD = ("house", "techno", "rock", "funk", "drum and bass", "synthwave")


@pytest.fixture(scope="module", params=LOUD)
def pieces(request):
    return [compose(Brief(prompt=request.param, duration_s=120.0, seed=seed)) for seed in range(4)]


def drums_of(score):
    return [note for part in score.parts if part.stem == "drums" for note in part.notes]


def between(notes, start_s, end_s):
    return [note for note in notes if start_s - 0.05 <= note.at_s < end_s - 0.05]


def test_a_crash_marks_where_a_section_that_is_stronger_begins(pieces):
    for score in pieces:
        crashes = [note.at_s for note in drums_of(score) if note.pitch == LANES["crash"]]
        for before, section in zip(score.sections, score.sections[1:], strict=False):
            if section.energy > max(before.energy, 0.5) and section.name != "outro":
                assert any(abs(at_s - section.start_s) < 0.05 for at_s in crashes), (score.genre, section)


def test_the_bar_before_a_border_is_not_the_bar_before_that(pieces):
    """A fill: where the drummer leads from a into b, his bar is another one than those of the groove."""
    for score in pieces:
        drums = drums_of(score)
        section, following = score.sections[1:3]

        def bar(number, drums=drums, score=score):
            start_s = number * score.bar_s
            struck = between(drums, start_s, start_s + score.bar_s)
            return {(round((note.at_s - start_s) / score.bar_s * 16), note.pitch) for note in struck}

        assert bar(following.first_bar - 1) != bar(section.first_bar + section.bars // 2), score.genre


def test_layers_enter_and_leave(pieces):
    for score in pieces:
        ends_s = [section.start_s for section in score.sections[1:]] + [score.length_s]
        playing = [
            {part.name for part in score.parts if between(part.notes, section.start_s, end_s)}
            for section, end_s in zip(score.sections, ends_s, strict=True)
        ]
        assert len({frozenset(names) for names in playing}) >= 3, score.genre
        assert len(playing[0]) < max(map(len, playing))


@pytest.mark.parametrize("prompt", ["lo-fi", "piano", "rock", "folk"])
def test_it_ends_at_home_on_the_first_beat_of_its_last_bar_and_rings(prompt):
    for seed in range(4):
        score = compose(Brief(prompt=prompt, duration_s=75.0, seed=seed))
        last_s = score.music_ends_s - score.bar_s
        late = [note for part in score.parts if part.stem not in {"drums", "fx"} for note in part.notes]
        assert all(note.at_s < last_s + 0.35 * score.bar_s for note in late), "nothing begins after the last chord"
        assert max(note.at_s + note.length_s for note in late) > score.music_ends_s
