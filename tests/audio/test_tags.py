import pytest
from factories.sound import id3, id3_text, sine, write
from hypothesis import given
from hypothesis import strategies as st

from segue.audio.model import LYRICS_CHARS_MAX, TAG_CHARS_MAX
from segue.audio.tags import NAMES, plain, tags_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Night Drive", "Night Drive"),
        ("  spaced\tout\r\n", "spaced out"),
        ("nul\0and\x1b[31mcolour", "nuland[31mcolour"),
        ("\u202eevil\u2066", "evil"),
        ("line\u2028break", "line break"),
        ("\ufeffbyte order", "byte order"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # text stays text; pages escape
        ("\U0001f469\u200d\U0001f3a4", "\U0001f469\u200d\U0001f3a4"),  # joiners are part of words
        ("\u200f\0", ""),
    ],
)
def test_a_tag_is_plain_text(written, kept):
    assert tags_of({"title": written}) == ({"title": kept} if kept else {})


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=3_000), st.booleans())
def test_nothing_that_steers_gets_through(written, lines):
    text = plain([written], lines=lines)
    assert len(text) <= (LYRICS_CHARS_MAX if lines else TAG_CHARS_MAX)
    assert not any(character < " " and not (lines and character == "\n") for character in text)
    assert not set(text) & set("\x7f\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert plain([text], lines=lines) == text


def test_known_names_only_in_any_spelling_and_the_container_first():
    found = tags_of({"TITLE": "one", "encoder": "x", "TSRC": "DE1"}, {"title": "two", "LICENSE": "CC0-1.0"})
    assert found == {"title": "one", "isrc": "DE1", "licence": "CC0-1.0"}


def test_an_empty_spelling_does_not_hide_a_full_one():
    assert tags_of({"comment": " ", "description": "made at home"}) == {"comment": "made at home"}


def test_lyrics_keep_their_lines_and_lose_their_language():
    assert tags_of({"lyrics-eng": "one\ntwo"}) == {"lyrics": "one\ntwo"}


async def test_tags_of_a_real_file(tmp_path, inspected):
    tags = {"title": "T", "album": "A", "genre": "G", "date": "2026", "copyright": "C", "LICENSE": "CC-BY-4.0"}
    tags |= {"DIGITALSOURCETYPE": "trainedAlgorithmicMedia", "comment": "made\nby hand"}
    facts = await inspected(write(tmp_path / "x.flac", sine(0.2), "flac", tags=tags))
    assert facts.tags == {
        **{name: tags[name] for name in ("title", "album", "genre", "date", "copyright")},
        "licence": "CC-BY-4.0",
        "digital_source_type": "trainedAlgorithmicMedia",
        "comment": "made by hand",
    }
    assert set(facts.tags) <= set(NAMES)


async def test_hostile_id3_text_is_capped_and_stays_text(tmp_path, inspected):
    script = "<script>fetch('//evil')</script>\u202e"
    comment = b"\x01eng" + "\0".encode("utf-16") + ("x" * 2_000_000).encode("utf-16")
    path = write(tmp_path / "x.mp3", sine(0.5), "mp3")
    path.write_bytes(id3({"TIT2": id3_text(script), "COMM": comment}) + path.read_bytes())

    facts = await inspected(path)

    assert facts.tags["title"] == "<script>fetch('//evil')</script>"
    assert facts.tags["comment"] == "x" * TAG_CHARS_MAX


async def test_text_in_a_wrong_encoding_is_replaced(tmp_path, inspected):
    path = write(tmp_path / "x.flac", sine(0.2), "flac", tags={"title": "Kx"})
    path.write_bytes(path.read_bytes().replace(b"title=Kx", b"title=K\xff"))
    assert (await inspected(path)).tags["title"] == "K\ufffd"
