"""Limits: every one is positive, and no setting goes beyond what they allow."""

from dataclasses import fields

import pytest

from segue import limits
from segue.settings import Settings

READ = {each.name: each.metadata["read"] for each in fields(Settings)}
LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_a_positive_whole_number(name):
    assert isinstance(LIMITS[name], int)
    assert LIMITS[name] > 0


def test_a_page_asked_for_without_a_size_fits_into_the_largest_page():
    assert limits.PAGE_LIMIT_DEFAULT <= limits.PAGE_LIMIT_MAX
    assert limits.MEMBERS_LIMIT_DEFAULT <= limits.MEMBERS_LIMIT_MAX


@pytest.mark.parametrize("name", ["share_days_default", "share_days_max"])
def test_no_setting_lets_a_link_live_longer_than_the_api_allows(name):
    assert READ[name](str(limits.SHARE_DAYS_MAX)) == limits.SHARE_DAYS_MAX
    with pytest.raises(ValueError, match="whole number"):
        READ[name](str(limits.SHARE_DAYS_MAX + 1))
