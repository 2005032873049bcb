"""Validators and compression as rules, by tables of cases."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.http import Answer
from segue.http.outgoing import compressed, knows, validated, with_defaults

JSON = [("content-type", "application/json")]


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ("", False),
        ("*", True),
        (" * ", True),
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", W/"abc" , "y"', True),
        ('"abcd"', False),
        ("abc", False),
        ('"ABC"', False),
    ],
)
def test_what_a_client_says_that_it_has(header, known):
    assert knows(header, "abc") is known


def test_an_unchanged_answer_keeps_its_headers_and_loses_its_body():
    answer = validated(Answer(200, [*JSON, ("x", "y")], b"{}"), None)
    tag = dict(answer.headers)["etag"]
    again = validated(Answer(200, [*JSON, ("x", "y")], b"{}"), tag)
    assert (again.status, again.body, dict(again.headers)["x"]) == (304, b"", "y")
    assert "content-type" not in dict(again.headers)
    assert validated(Answer(200, JSON, b"[]"), tag).status == 200


def test_an_answer_says_for_itself_whether_it_may_be_kept():
    assert ("cache-control", "no-store") in with_defaults(JSON)
    assert with_defaults([("cache-control", "public")]).count(("cache-control", "no-store")) == 0


@given(
    st.binary(max_size=5_000), st.sampled_from([None, "", "gzip", "br", "identity", "*", "gzip;q=0", ",;,", "gzip;"])
)
def test_a_body_is_the_same_packed_or_not(body, accepted):
    headers, sent = compressed(JSON, body, accepted)
    packed = ("content-encoding", "gzip") in headers
    assert (gzip.decompress(sent) if packed else sent) == body
    assert not packed or (len(body) >= 1_024 and accepted in {"gzip", "*", "gzip;"})


def test_sound_and_pictures_are_packed_already():
    headers = [("content-type", "audio/mpeg")]
    assert compressed(headers, b"x" * 5_000, "gzip") == (headers, b"x" * 5_000)
