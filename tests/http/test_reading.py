"""What the fuzzing found in the reading of bodies and queries."""

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from segue.errors import Invalid
from segue.http.bodies import read_json
from segue.http.queries import read_query


class Body(msgspec.Struct, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1)] | None = None
    parts: list[int] = []
    name: str = ""


class Query(msgspec.Struct):
    mode: Literal["creation", "focus"] | None = None
    word: str | None = None


def test_a_whole_number_may_be_written_with_a_point():
    assert read_json(b'{"days":30.0,"parts":[1.0,2]}', Body) == Body(30, [1, 2])


@pytest.mark.parametrize("body", [b'{"days":30.5}', b'{"days":0.0}', b'{"days":"30"}', b'{"name":1.0}'])
def test_all_else_is_refused_as_before(body):
    with pytest.raises(Invalid):
        read_json(body, Body)


def test_the_word_null_in_a_query_is_a_word():
    assert read_query("word=null", Query) == Query(word="null")
    with pytest.raises(Invalid) as refused:
        read_query("mode=null", Query)
    assert list(refused.value.faults) == ["mode"]
    assert read_query("mode=focus", Query) == Query("focus")
