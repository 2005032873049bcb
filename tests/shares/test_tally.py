"""Adding up what the audit counted of a link."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.audit import AddressKeeper, Count
from segue.clock import DAY_S
from segue.shares.activity_view import activity_view
from segue.shares.tally import Totals, tally, window

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z
TODAY = NOW // DAY_S
REFUSALS = ("revoked", "expired", "used_up", "owner_gone", "refused")
EVENTS = ("share.open", "share.page", "share.save", "share.create", "share.change", "share.revoke")
OUTCOMES = ("granted", "done", "unchanged", "content_removed", "limited", *REFUSALS)


def count(event="share.open", outcome="granted", client="192.0.2.1", *, entries=1, day=TODAY, second=0):
    return Count(day, event, outcome, client, entries, (day * DAY_S + second) * 1_000_000 + 999_999)


@pytest.mark.parametrize(
    ("counts", "totals"),
    [
        ([], Totals()),
        ([count(entries=3)], Totals(opens=3, distinct_networks=1)),
        ([count("share.page", entries=2)], Totals(page_views=2)),
        ([count("share.save", "done")], Totals(saves=1)),
        ([count("share.save", "unchanged")], Totals()),
        ([count(outcome="content_removed"), count("share.page", "content_removed")], Totals()),
        ([count(outcome="limited", client="192.0.2.9")], Totals()),
        ([count(outcome=each) for each in REFUSALS], Totals(refused=5)),
        ([count("share.page", each, entries=2) for each in REFUSALS], Totals(refused=10)),
        ([count("share.save", "refused")], Totals(refused=1)),
        ([count("share.create", "done"), count("share.revoke", "refused"), count("share.change", "granted")], Totals()),
        ([count(client="192.0.2.1"), count(client="192.0.2.2")], Totals(opens=2, distinct_networks=2)),
        ([count(client="192.0.2.1"), count(client="::ffff:192.0.2.1")], Totals(opens=2, distinct_networks=1)),
        ([count(client="2001:db8::1"), count(client="2001:db8::ffff:1")], Totals(opens=2, distinct_networks=1)),
        ([count(client="2001:db8::1"), count(client="2001:db8:0:1::1")], Totals(opens=2, distinct_networks=2)),
        ([count(client="192.0.2.0/24"), count(client="198.51.100.0/24")], Totals(opens=2, distinct_networks=2)),
        ([count(client="2001:db8:1::/48"), count(client="2001:db8:2::/48")], Totals(opens=2, distinct_networks=2)),
        ([count(client="h:00ff"), count(client="h:00fe")], Totals(opens=2, distinct_networks=2)),
        ([count(client=None), count(client="unknown"), count(client=":?")], Totals(opens=3, distinct_networks=1)),
        ([count(), count("share.page", client="192.0.2.5")], Totals(opens=1, distinct_networks=1, page_views=1)),
    ],
)
def test_what_counts_as_what(counts, totals):
    found = tally(counts, window(1, now=NOW))
    assert found.whole == totals
    assert found.by_day == (totals,)


@pytest.mark.parametrize("address", ["192.0.2.77", "2001:db8:1:2:3::4", "::ffff:192.0.2.77", "fe80::1%eth0"])
@pytest.mark.parametrize("how", ["whole", "truncated", "hashed"])
def test_an_address_counts_once_however_it_is_kept(how, address):
    kept = AddressKeeper(how, b"key")(address)
    found = tally([count(client=kept), count(client=kept, day=TODAY - 1)], window(2, now=NOW))
    assert (found.whole.opens, found.whole.distinct_networks) == (2, 1)
    assert [day.distinct_networks for day in found.by_day] == [1, 1]


@pytest.mark.parametrize(
    ("now", "first", "today"),
    [(NOW, "2026-06-27", "2026-06-28"), (TODAY * DAY_S, "2026-06-27", "2026-06-28"),
     (TODAY * DAY_S - 1, "2026-06-26", "2026-06-27")],
)  # fmt: skip
def test_days_are_those_of_utc(now, first, today):
    view = activity_view("mslink_000000000000", tally([], window(2, now=now)), "whole")
    assert (view.from_, view.to, [day.day for day in view.by_day]) == (first, today, [first, today])


def test_a_window_is_midnight_to_midnight():
    within = window(30, now=NOW)
    assert within.until_us - within.from_us == 30 * DAY_S * 1_000_000
    assert within.from_us <= (NOW - 29 * DAY_S) * 1_000_000
    assert within.until_us > NOW * 1_000_000
    assert within.until_us % (DAY_S * 1_000_000) == 0


def test_the_last_open_is_a_granted_one_of_the_window():
    counts = [count(second=5, day=TODAY - 1), count(outcome="revoked", second=9), count("share.page", second=9)]
    assert tally(counts, window(2, now=NOW)).last_opened_at == (TODAY - 1) * DAY_S + 5
    assert tally(counts, window(1, now=NOW)).last_opened_at is None


clients = st.one_of(
    st.none(), st.ip_addresses().map(str), st.sampled_from(["192.0.2.0/24", "192.0.2.0", "h:1", "h:2", "unknown", ""])
)
counts_of = st.builds(
    count,
    st.sampled_from(EVENTS),
    st.sampled_from(OUTCOMES),
    clients,
    entries=st.integers(1, 1_000),
    day=st.integers(TODAY - 400, TODAY + 2),
    second=st.integers(0, DAY_S - 1),
)


@given(st.lists(counts_of, max_size=60), st.integers(1, 366), st.randoms())
def test_days_and_their_sum_agree_whatever_comes(counts, days, dice):
    within = window(days, now=NOW)
    found = tally(counts, within)
    assert len(found.by_day) == days
    for name in ("opens", "page_views", "refused", "saves"):
        assert getattr(found.whole, name) == sum(getattr(day, name) for day in found.by_day)
    by_day = [day.distinct_networks for day in found.by_day]
    assert max(by_day) <= found.whole.distinct_networks <= sum(by_day)
    assert all((day.opens > 0) == (day.distinct_networks > 0) and day.distinct_networks <= day.opens
               for day in (*found.by_day, found.whole))  # fmt: skip
    assert (found.last_opened_at is None) == (found.whole.opens == 0)
    shuffled = list(counts)
    dice.shuffle(shuffled)
    assert tally(shuffled, within) == found


@given(st.integers(1, 366), st.integers(0, 4_000_000_000))
def test_every_day_is_there_in_its_order(days, now):
    view = activity_view("mslink_000000000000", tally([], window(days, now=now)), "hashed")
    first = date.fromisoformat(view.from_)
    assert [date.fromisoformat(day.day) for day in view.by_day] == [first + timedelta(n) for n in range(days)]
    assert view.by_day[-1].day == view.to
