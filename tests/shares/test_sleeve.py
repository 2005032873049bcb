import pytest

from segue.licences import facts_of
from segue.shares import sleeve


def facts(licence, *credits_given):
    return facts_of(licence, asserted_by="uploader", credits=credits_given)


def test_the_back_of_a_track_says_it_in_words():
    back = sleeve.of_track(facts("CC-BY-4.0", "Music by Ada"))
    assert back.lines[:3] == (
        "You may use it commercially if you credit it.",
        "Commercial use: yes.",
        "Attribution: needed.",
    )
    assert [(line.url is not None, "CC BY 4.0" in line.text) for line in back.stated] == [(True, True)]
    assert "Music by Ada" in back.credit


def test_silence_is_unclear_and_says_whom_to_ask():
    back = sleeve.of_track(facts(None))
    assert any("Ask the person who shared it" in line for line in back.lines)
    assert back.credit is None


@pytest.mark.parametrize("licence", ["own", "CC0-1.0", None])
def test_a_collection_of_one_reads_like_its_track(licence):
    assert sleeve.of_collection([facts(licence)]) == sleeve.of_track(facts(licence))


def test_a_collection_is_as_strict_as_its_strictest_member_and_credits_everybody():
    back = sleeve.of_collection([facts("CC-BY-4.0", "Ada"), facts("CC0-1.0"), facts("CC-BY-4.0", "Grace")])
    assert back.credit == "Credits: Ada; Grace"
    assert back.stated == ()
    assert "Commercial use: yes." not in sleeve.of_collection([facts("CC0-1.0"), facts("own")]).lines


def test_an_empty_collection_has_a_back_too():
    assert sleeve.of_collection([]).credit is None
