import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.errors import Invalid
from segue.limits import TITLE_CHARS_MAX
from segue.tracks import titles


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Late Night Study", "Late Night Study"),
        ("  two\r\nlines\t and\u2028more ", "two lines and more"),
        ("a \x08 b \u202e c", "a b c"),
        ("\u202eturned\u202c \u2066round\u2069", "turned round"),
        ("bell\x07 nul\x00 escape\x1b[31m", "bell nul escape[31m"),
        ("zero\u200bwidth \ufeffmark", "zerowidth mark"),
        ("\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}"),
        ("\ud800 lone", "lone"),
        ("Ünïcödé \N{MUSICAL NOTE} 音楽 موسيقى", "Ünïcödé \N{MUSICAL NOTE} 音楽 موسيقى"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        (" \u202e\x00\ufeff ", ""),
    ],
)
def test_a_title_is_cleaned_of_what_cannot_be_seen(text, cleaned):
    assert titles.clean(text) == cleaned


@given(st.text())
def test_what_is_left_stands_on_one_line_can_be_stored_and_stays_as_it_is(text):
    cleaned = titles.clean(text)
    assert cleaned == titles.clean(cleaned) == cleaned.strip()
    assert "\x00" not in cleaned
    assert len(cleaned.splitlines()) <= 1
    assert all(char == "\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    ("title", "good"), [("x", True), ("x" * 512, True), ("x" * 513, False), ("", False), ("\u202e ", False)]
)
def test_a_title_that_was_asked_for_is_taken_whole_or_refused(title, good):
    if good:
        assert titles.wished(title) == title
    else:
        with pytest.raises(Invalid, match="A title has 1 to 512 characters"):
            titles.wished(title)


@pytest.mark.parametrize(
    ("tag", "filename", "title"),
    [
        ("Tagged", "song.wav", "Tagged"),
        (None, "My song.wav", "My song"),
        ("", "My song.wav", "My song"),
        (" \u202e ", "My song.wav", "My song"),
        (None, "../../etc/passwd", "passwd"),
        (None, "C:\\Users\\ada\\night.flac", "night"),
        (None, "\u202egnos\x00.wav", "gnos"),
        (None, ".wav", ".wav"),
        (None, "x" * 900 + ".wav", "x" * 512),
        ("x" * 900, None, "x" * 512),
        (None, None, None),
        (None, "", None),
        (None, "/", None),
        ("\x00", "\x00.\x00", None),
    ],
)
def test_a_title_that_was_found_is_the_tags_or_the_files(tag, filename, title):
    assert titles.found(tag, filename) == title


@given(st.none() | st.text(), st.none() | st.text())
def test_whatever_a_file_brings_it_is_a_good_title_or_none(tag, filename):
    title = titles.found(tag, filename)
    assert title is None or (titles.clean(title) == title and 1 <= len(title) <= TITLE_CHARS_MAX)
