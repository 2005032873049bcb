import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.collections.order import reordered
from segue.errors import Invalid

members = st.lists(st.sampled_from("abcdefghij"), unique=True)
wishes = st.lists(st.sampled_from("abcdefghijXYZ"), unique=True)


@pytest.mark.parametrize(
    ("present", "wished", "expected"),
    [
        ("abc", "cba", "cba"),
        ("abc", "c", "cab"),
        ("abc", "", "abc"),
        ("abc", "XbY", "bac"),
        ("", "XY", ""),
        ("abcd", "db", "dbac"),
    ],
)
def test_listed_first_the_others_after_them_and_strangers_ignored(present, wished, expected):
    assert reordered(list(present), list(wished)) == list(expected)


@pytest.mark.parametrize("wished", [["a", "a"], ["X", "b", "X"]])
def test_an_id_that_comes_twice_is_refused(wished):
    with pytest.raises(Invalid) as refused:
        reordered(["a", "b"], wished)
    assert [error["field"] for error in refused.value.details["errors"]] == ["ordered_track_ids"]


@given(members, wishes)
def test_nobody_is_lost_and_nobody_comes_in(present, wished):
    assert sorted(reordered(present, wished)) == sorted(present)


@given(members, wishes)
def test_each_half_keeps_its_order(present, wished):
    ordered = reordered(present, wished)
    listed = [each for each in wished if each in present]
    assert ordered[: len(listed)] == listed
    assert ordered[len(listed) :] == [each for each in present if each not in wished]


@given(members, wishes)
def test_asking_twice_is_asking_once(present, wished):
    once = reordered(present, wished)
    assert reordered(once, wished) == once
