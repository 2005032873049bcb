"""What a brief says, in the shapes that models take."""

from pathlib import Path

import pytest
from factories.ace_step_elevenlabs_engines import brief
from hypothesis import given
from hypothesis import strategies as st

from segue.engines import EngineRefused
from segue.engines.adapters.wording import SEED_MAX, described, major_or_minor, never_a_path, seed_of


def test_a_prompt_is_never_the_name_of_a_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for you")
    text = never_a_path(str(secret))
    assert secret.is_file()
    assert not Path(text).exists()
    assert text == f"{secret}\n"
    assert never_a_path(text) == text, "twice is once"


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=6), st.integers(1, 100))
def test_nothing_is_left_out_and_nothing_shortened(prompt, tags, chars_max):
    asked = brief(prompt=prompt, style_tags=tuple(tags))
    try:
        text = described(asked, chars_max, "It")
    except EngineRefused:
        assert len(", ".join((prompt.strip(), *dict.fromkeys(tag.strip() for tag in tags)))) > chars_max
        return
    assert len(text) <= chars_max
    assert text.startswith(prompt.strip())
    assert all(tag.strip().casefold() in text.casefold() for tag in tags)


@given(st.integers())
def test_a_seed_is_folded_into_what_generators_take(seed):
    folded = seed_of(brief(seed=seed))
    assert 0 <= folded <= SEED_MAX
    assert (folded - seed) % (SEED_MAX + 1) == 0


@given(st.text(max_size=12))
def test_a_key_is_one_of_seventy_or_refused(text):
    try:
        key = major_or_minor(brief(key=text), "It")
    except EngineRefused:
        return
    note, mode = key.split(" ")
    assert note[0] in "ABCDEFG"
    assert note[1:] in {"", "#", "b"}
    assert mode in {"major", "minor"}


@pytest.mark.parametrize(
    ("key", "found"),
    [("CM", "C major"), ("Cm", "C minor"), ("bb", "Bb major"), ("b", "B major"), ("B MINOR", "B minor")],
)
def test_short_names_of_keys(key, found):
    assert major_or_minor(brief(key=key), "It") == found
