"""Budgets: never more than allowed, everything allowed, and no client can make another pay."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segue.ratelimit import Gcra, client_network, gcra
from segue.settings import Rate


def test_a_whole_budget_may_come_at_once_and_no_more():
    budget = Gcra(Rate(120, 60))
    assert [budget.spend("a", 1_000.0) for _ in range(120)] == [0.0] * 120
    assert budget.spend("a", 1_000.0) == pytest.approx(0.5)
    assert budget.wait_s("a", 1_000.0) == pytest.approx(0.5)
    assert budget.spend("b", 1_000.0) == 0.0


def test_it_comes_back_one_by_one():
    budget = Gcra(Rate(2, 60))
    budget.spend("a", 0.0)
    budget.spend("a", 0.0)
    assert budget.spend("a", 29.9) > 0
    assert budget.spend("a", 30.0) == 0.0
    assert budget.spend("a", 30.0) > 0


def test_a_refusal_and_a_look_cost_nothing():
    budget = Gcra(Rate(1, 10))
    budget.spend("a", 0.0)
    for _ in range(1_000):
        assert budget.spend("a", 5.0) == pytest.approx(5.0)
        assert budget.wait_s("a", 5.0) == pytest.approx(5.0)
    assert budget.spend("a", 10.0) == 0.0


@example(1, 1, [0.0, 0.99999])
@given(
    st.integers(1, 50),
    st.integers(1, 120),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
)
def test_no_window_holds_more_than_the_burst_and_what_came_back(requests, period_s, gaps):
    budget, now, granted = Gcra(Rate(requests, period_s)), 1_000.0, []
    for gap in gaps:
        now += gap
        if budget.spend("a", now) == 0.0:
            granted.append(now)
    for first, start in enumerate(granted):
        for count, end in enumerate(granted[first:], start=1):
            elapsed_s = end - start + gcra._ROUNDING_S  # so much too early a request may come
            assert count <= requests + elapsed_s * requests / period_s + 1e-6


def test_its_memory_is_bounded_and_those_who_still_pay_are_kept(monkeypatch):
    monkeypatch.setattr(gcra, "_CLIENTS_MAX", 10)
    budget = Gcra(Rate(1, 10))
    for number in range(100):
        budget.spend(f"client {number}", float(number))
    assert len(budget._arrivals) <= 10
    assert budget.spend("client 99", 99.0) > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002/64"),
        ("2001:db8:1:2::", "2001:0db8:0001:0002/64"),
        ("2001:db8:1:3::1", "2001:0db8:0001:0003/64"),
        ("fe80::1%2", "fe80:0000:0000:0000/64"),
        ("::1", "0000:0000:0000:0000/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
        ("1.2.3.4.5", "unknown"),
    ],
)
def test_whom_a_budget_belongs_to(address, network):
    assert client_network(address) == network
