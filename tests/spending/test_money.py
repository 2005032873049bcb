"""Amounts: whole ten-thousandths of a franc inside, francs outside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from segue.errors import Invalid
from segue.spending.money import chf, chf_e4_of, chf_text

# To 999,999,999.9999 CHF.
AMOUNTS = some.integers(0, 9_999_999_999_999)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("10", 100_000),
        ("10.5", 105_000),
        ("10.50", 105_000),
        ("2.40", 24_000),
        ("0.0001", 1),
        ("007.1", 71_000),
        ("999999999.9999", 9_999_999_999_999),
    ],
)
def test_an_amount_is_read(text, amount):
    assert chf_e4_of(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1.", ".5", "1,5", "1.00001", "1e3", "NaN", "inf", "1 ", "CHF 1", "1'000", "٣", "1000000000"],
)
def test_what_is_no_amount_gets_a_sentence(text):
    with pytest.raises(Invalid, match="is not an amount such as"):
        chf_e4_of(text)


@pytest.mark.parametrize(
    ("amount", "number", "text"),
    [
        (0, "0.0", "0.00"),
        (24_000, "2.4", "2.40"),
        (100_000, "10.0", "10.00"),
        (1, "0.0001", "0.0001"),
        (386_000, "38.6", "38.60"),
        (1_250, "0.125", "0.125"),
    ],
)
def test_an_amount_is_told(amount, number, text):
    assert json.dumps(chf(amount)) == number
    assert chf_text(amount) == text


@given(AMOUNTS)
def test_both_ways_read_back_as_the_same_amount(amount):
    assert chf_e4_of(chf_text(amount)) == amount
    assert round(json.loads(json.dumps(chf(amount))) * 10_000) == amount


@given(some.lists(some.integers(0, 10**9), max_size=50))
def test_a_number_in_json_has_at_most_four_decimals(amounts):
    text = json.dumps(chf(sum(amounts)))
    assert len(text.partition(".")[2]) <= 4
