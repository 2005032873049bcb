import itertools

import msgspec
import pytest

from segue.licences import LicenceClass, derived_from, facts_of, from_json, to_json

ORDER = ["unclear", "personal_only", "commercial_enterprise", "commercial_cleared"]


def test_the_classes_are_spelled_and_ordered_as_the_api_says():
    assert list(LicenceClass) == ORDER
    assert sorted(LicenceClass, reverse=True) == ORDER[::-1]


@pytest.mark.parametrize(("low", "high"), list(itertools.combinations(LicenceClass, 2)))
def test_the_order_holds_for_every_comparison(low, high):
    assert low < high
    assert low <= high
    assert high > low
    assert high >= low
    assert not high < low
    assert not high <= low
    assert min(high, low) is low


def test_commercial_use_is_a_function_of_the_class():
    assert [each.commercial_use for each in LicenceClass] == [False, False, True, True]


@pytest.mark.parametrize("statement", [None, "own", "CC-BY-SA-4.0 OR MIT", "CC-BY-4.0 AND GPL-3.0-only"])
def test_facts_come_back_from_their_text(statement):
    facts = facts_of(statement, asserted_by="uploader", credits=["Ada", "Bo"])
    assert from_json(to_json(facts)) == facts
    assert from_json(to_json(derived_from([facts]))) == derived_from([facts])


def test_the_same_facts_are_the_same_text():
    parts = [facts_of(name, asserted_by="engine", credits=[name]) for name in ("MIT", "CC-BY-4.0", "CC-BY-SA-3.0")]
    assert {to_json(derived_from(order)) for order in itertools.permutations(parts)} == {to_json(derived_from(parts))}


@pytest.mark.parametrize("text", ["", "{}", '{"licence_class":"free"}', "null"])
def test_a_text_of_something_else_is_no_facts(text):
    with pytest.raises(msgspec.DecodeError):
        from_json(text)


def test_the_expression_of_several_parts_is_their_conjunction():
    parts = [facts_of(text, asserted_by="engine") for text in ("MIT", "CC-BY-4.0 OR CC0-1.0")]
    facts = derived_from(parts)
    assert facts.expression == "(CC-BY-4.0 OR CC0-1.0) AND MIT"
    assert facts.names == ("CC0 1.0", "MIT License")
    assert len(facts.sources) == 2
    assert derived_from([facts, facts_of(None, asserted_by="engine")]).expression is None


def test_mixed_facts_are_worth_their_weakest_witness():
    parts = [facts_of("MIT", asserted_by=witness) for witness in ("engine", "operator", "uploader", "file")]
    assert [derived_from(parts[:count]).asserted_by for count in (1, 2, 3, 4)] == [
        *("engine", "operator", "uploader", "file")
    ]
