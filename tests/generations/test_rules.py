"""States and their moves, prices, words that are refused: all pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.generations.rules import ACTIVE, Status, before, cost_chf_e4, may_become, prices_of, refused_word

MOVES = {
    ("queued", "running"), ("queued", "cancelled"), ("queued", "failed"),
    ("running", "running"), ("running", "succeeded"), ("running", "failed"), ("running", "cancelled"),
    ("running", "refused"),
}  # fmt: skip


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("following", Status)
def test_only_these_moves_there_are(status, following):
    assert may_become(status, following) == ((status.value, following.value) in MOVES)
    assert (status in before(following)) == may_become(status, following)


def test_what_has_ended_stays_so():
    ended = set(Status) - ACTIVE
    assert ended == {Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.REFUSED}
    assert not any(may_become(status, following) for status in ended for following in Status)
    assert not any(status.active for status in ended)


@pytest.mark.parametrize(
    ("engine", "seconds", "cost"),
    [("elevenlabs", 60, 4_000), ("elevenlabs", 90, 6_000), ("elevenlabs", 1, 67), ("studio", 600, 0), ("cheap", 7, 1)],
)
def test_a_piece_costs_its_length_at_the_engines_price(engine, seconds, cost):
    assert cost_chf_e4(prices_of(("elevenlabs=0.40", "cheap=0.0001")), engine, seconds) == cost


@given(price=st.integers(0, 10_000_000), seconds=st.integers(1, 3_600))
def test_no_part_of_a_price_is_lost(price, seconds):
    cost = cost_chf_e4({"x": price}, "x", seconds)
    assert 0 <= cost * 60 - price * seconds < 60


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in the style of Ada Lovelace", "ada lovelace"),
        ("ADA   LOVELACE", "ada lovelace"),
        ("ada\nlovelace sings", "ada lovelace"),
        ("Ada Lovelaces", None),
        ("xAda Lovelace", None),
        ("a STRASSE at night", "strasse"),
        ("eine Straße bei Nacht", "strasse"),
        ("ﬁre in the hall", "fire"),
        ("c++ is a note", "c++"),
        ("quiet", None),
        ("", None),
        (None, None),
    ],
)
def test_refused_words_are_found_whole_whatever_their_case(text, found):
    assert refused_word(("Ada Lovelace", "Straße", "fire", "C++"), (None, "harmless", text)) == found


@given(st.text())
def test_without_a_list_nothing_is_refused(text):
    assert refused_word((), (text,)) is None


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_any_word_of_a_list_can_be_looked_for(word, text):
    assert refused_word((word.strip(),), (text,)) is None or text
