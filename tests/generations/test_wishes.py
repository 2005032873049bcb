"""A wish held against an engine: every fault at once, and the brief that follows from a good one."""

import msgspec
import pytest
from factories.engines import facts

from segue.engines import Segment
from segue.errors import Invalid
from segue.generations import Wish, brief_of, check_wish, title_of

PLAIN = facts(min_duration_seconds=5, max_duration_seconds=300)
SINGER = facts(
    "singer",
    name="Singer",
    supports_instrumental=False,
    supports_vocals=True,
    supports_lyrics=True,
    lyrics_chars_max=20,
    prompt_chars_max=30,
    supports_seed_audio=True,
)
BOTH = facts("both", supports_vocals=True, supports_lyrics=True)


def wish(**more):
    return Wish(**({"engine": "studio", "prompt": "warm keys", "duration_s": 60} | more))


@pytest.mark.parametrize(
    ("engine", "wanted", "faults"),
    [
        (PLAIN, {}, {}),
        (PLAIN, {"duration_s": 5}, {}),
        (PLAIN, {"duration_s": 300}, {}),
        (PLAIN, {"duration_s": 4}, {"duration_seconds": "Studio makes pieces of 5 to 300 seconds."}),
        (PLAIN, {"duration_s": 301}, {"duration_seconds": "Studio makes pieces of 5 to 300 seconds."}),
        (PLAIN, {"prompt": " \n"}, {"prompt": "A prompt says what is to be made."}),
        (PLAIN, {"instrumental": True}, {}),
        (PLAIN, {"lyrics": "la la"}, {"lyrics": "Studio does not sing lyrics."}),
        (PLAIN, {"seed_track_id": "mtrack_1"}, {"seed_track_id": "Studio cannot go on from a track."}),
        (PLAIN, {"title": "\u202e"}, {"title": "A title has 1 to 512 characters."}),
        (SINGER, {"lyrics": "la la", "seed_track_id": "mtrack_1"}, {}),
        (SINGER, {"lyrics": "l" * 21}, {"lyrics": "Lyrics for Singer have at most 20 characters."}),
        (SINGER, {"prompt": "p" * 31}, {"prompt": "A prompt for Singer has at most 30 characters."}),
        (SINGER, {"instrumental": True}, {"instrumental": "Singer always sings."}),
        (BOTH, {"instrumental": True, "lyrics": "la la"}, {"lyrics": "An instrumental has no lyrics."}),
        (
            PLAIN,
            {"duration_s": 0, "prompt": "", "lyrics": "la", "seed_track_id": "mtrack_1", "title": ""},
            {
                "prompt": "A prompt says what is to be made.",
                "duration_seconds": "Studio makes pieces of 5 to 300 seconds.",
                "lyrics": "Studio does not sing lyrics.",
                "seed_track_id": "Studio cannot go on from a track.",
                "title": "A title has 1 to 512 characters.",
            },
        ),
    ],
)
def test_every_fault_is_told_at_once(engine, wanted, faults):
    if not faults:
        check_wish(wish(**wanted), engine)
        return
    with pytest.raises(Invalid) as refused:
        check_wish(wish(**wanted), engine)
    assert refused.value.faults == faults


def test_the_brief_says_what_was_wished_for():
    brief = brief_of(wish(style_tags=("lo-fi",), lyrics="la la", target_lufs=-18.0), BOTH, seed=7)
    assert (brief.prompt, brief.duration_s, brief.seed, brief.style_tags) == ("warm keys", 60, 7, ("lo-fi",))
    assert (brief.lyrics, brief.instrumental, brief.target_lufs, brief.segment) == ("la la", False, -18.0, None)
    assert brief_of(wish(seed=5), BOTH, seed=7).seed == 5


def test_what_cannot_sing_is_asked_for_an_instrumental():
    assert brief_of(wish(), PLAIN, seed=7).instrumental
    assert not brief_of(wish(), BOTH, seed=7).instrumental
    assert brief_of(wish(instrumental=True), BOTH, seed=7).instrumental


def test_a_piece_for_a_row_fades_at_both_ends():
    brief = brief_of(wish(mode="focus"), PLAIN, seed=7)
    assert brief.segment is not None
    assert (brief.segment.session_seed, brief.segment.fade_in_s, brief.segment.fade_out_s) == (7, 4.0, 4.0)
    given = Segment(index=3, session_seed=1, divergence=0.5, intensity=1.0, goal="sleep", fade_in_s=8.0, fade_out_s=8.0)
    assert brief_of(wish(mode="focus", segment=given), PLAIN, seed=7).segment == given


def test_a_brief_survives_its_way_to_the_engine():
    brief = brief_of(wish(mode="focus", lyrics="«la»"), BOTH, seed=7)
    assert msgspec.json.decode(msgspec.json.encode(brief), type=type(brief)) == brief


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("late night lo-fi study beat, warm keys", "Late night lo-fi study beat"),
        ("  piano. slow", "Piano"),
        ("ein ruhiges Stück für Klavier; langsam", "Ein ruhiges Stück für Klavier"),
        ("word " * 40, " ".join(["Word", *["word"] * 11])),
        ("x" * 200, "X" + "x" * 59),
        (", only after a comma", None),
        ("\u202e\u0007", None),
        ("/etc/passwd", "/etc/passwd"),
    ],
)
def test_without_a_title_the_first_words_are_one(prompt, title):
    assert title_of(wish(prompt=prompt)) == title
    assert title_of(wish(prompt=prompt, title="  My\u202e own ")) == "My own"
