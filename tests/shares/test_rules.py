from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.clock import DAY_S
from segue.errors import Invalid
from segue.settings import Settings
from segue.shares.rules import Standing, Terms, Wish, check_wish, expiry, standing, still_plays

NOW = 1_782_642_600
OPEN = Terms(revoked_at=None, expires_at=None, max_opens=None, opens=0, owner_gone=False)

moments = st.integers(0, 2**40)
terms = st.builds(
    Terms,
    revoked_at=st.none() | moments,
    expires_at=st.none() | moments,
    max_opens=st.none() | st.integers(1, 100),
    opens=st.integers(0, 200),
    owner_gone=st.booleans(),
)


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({}, Standing.OPEN),
        ({"revoked_at": NOW - 1}, Standing.REVOKED),
        ({"revoked_at": NOW}, Standing.REVOKED),
        ({"expires_at": NOW + 1}, Standing.OPEN),
        ({"expires_at": NOW}, Standing.EXPIRED),
        ({"expires_at": NOW - 1}, Standing.EXPIRED),
        ({"max_opens": 3, "opens": 2}, Standing.OPEN),
        ({"max_opens": 3, "opens": 3}, Standing.USED_UP),
        ({"max_opens": 3, "opens": 4}, Standing.USED_UP),
        ({"opens": 1_000_000}, Standing.OPEN),
        ({"owner_gone": True}, Standing.OWNER_GONE),
        ({"revoked_at": 1, "expires_at": 1, "owner_gone": True, "max_opens": 1, "opens": 1}, Standing.REVOKED),
        ({"expires_at": 1, "owner_gone": True, "max_opens": 1, "opens": 1}, Standing.EXPIRED),
        ({"owner_gone": True, "max_opens": 1, "opens": 1}, Standing.OWNER_GONE),
    ],
)
def test_where_a_link_stands(changes, stands):
    assert standing(msgspec.structs.replace(OPEN, **changes), NOW) is stands


def test_no_link_is_unknown():
    assert standing(None, NOW) is Standing.UNKNOWN


@given(terms, moments)
def test_open_means_that_nothing_speaks_against_it(these, now):
    against = (
        these.revoked_at is not None,
        these.expires_at is not None and these.expires_at <= now,
        these.max_opens is not None and these.opens >= these.max_opens,
        these.owner_gone,
    )
    assert (standing(these, now) is Standing.OPEN) == (not any(against))


@given(terms, moments, moments)
def test_time_never_opens_a_link_again(these, now, later):
    if standing(these, now) is not Standing.OPEN:
        assert standing(these, max(now, later)) is not Standing.OPEN


@given(terms, moments)
def test_a_revoked_link_stays_revoked_whatever_else_is_true(these, now):
    assert standing(msgspec.structs.replace(these, revoked_at=now), now) is Standing.REVOKED


@pytest.mark.parametrize("stands", list(Standing))
def test_only_what_was_opened_goes_on_playing(stands):
    assert still_plays(stands) == (stands in {Standing.OPEN, Standing.USED_UP})


@pytest.mark.parametrize(
    ("days", "changes", "expected_days"),
    [
        (None, {}, None),
        (1, {}, 1),
        (30, {}, 30),
        (90, {}, 90),
        (91, {}, 90),
        (10**30, {}, 90),
        (None, {"share_days_default": 7}, 7),
        (30, {"share_days_default": 7}, 30),
        (30, {"share_days_max": 14}, 14),
        (None, {"share_days_default": 30, "share_days_max": 14}, 14),
        (None, {"share_never_allowed": False}, 90),
        (None, {"share_never_allowed": False, "share_days_max": 14}, 14),
        (None, {"share_never_allowed": False, "share_days_default": 7}, 7),
    ],
)
def test_when_a_new_link_ends(days, changes, expected_days):
    ends = expiry(days, replace(Settings(), **changes), now=NOW)
    assert ends == (None if expected_days is None else NOW + expected_days * DAY_S)


@given(st.none() | st.integers(1, 10**6), st.integers(1, 90), st.none() | st.integers(1, 90), st.booleans())
def test_no_wish_gets_around_the_operator(days, longest, default, never):
    settings = replace(Settings(), share_days_max=longest, share_days_default=default, share_never_allowed=never)
    ends = expiry(days, settings, now=NOW)
    if ends is None:
        assert days is None
        assert never
    else:
        assert NOW < ends <= NOW + longest * DAY_S


@pytest.mark.parametrize(
    ("wish", "faulty"),
    [
        (Wish("link_only", None, None, None), set()),
        (Wish("public", 1, "For Grace", 1), set()),
        (Wish("public", 10**9, "x" * 200, 1_000_000), set()),
        (Wish("secret", None, None, None), {"visibility"}),
        (Wish("link_only", 0, None, None), {"expires_in_days"}),
        (Wish("link_only", -1, None, None), {"expires_in_days"}),
        (Wish("link_only", None, "x" * 201, None), {"label"}),
        (Wish("link_only", None, "two\nlines", None), {"label"}),
        (Wish("link_only", None, "turned \u202e round", None), {"label"}),
        (Wish("link_only", None, None, 0), {"max_opens"}),
        (Wish("link_only", None, None, 1_000_001), {"max_opens"}),
        (Wish("", 0, "\x00", 0), {"visibility", "expires_in_days", "label", "max_opens"}),
    ],
)
def test_a_wish_hears_of_every_fault_at_once(wish, faulty):
    if not faulty:
        check_wish(wish)
        return
    with pytest.raises(Invalid) as refused:
        check_wish(wish)
    assert {error["field"] for error in refused.value.details["errors"]} == faulty
