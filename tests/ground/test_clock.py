"""Times as answers write them."""

import pytest

from segue.clock import now_s, utc_text, utc_text_or_none, utc_text_us


@pytest.mark.parametrize(
    ("at_s", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_782_642_600, "2026-06-28T10:30:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ],
)
def test_a_second_is_written_in_utc(at_s, text):
    assert utc_text(at_s) == text
    assert utc_text_or_none(at_s) == text


def test_no_time_is_nothing():
    assert utc_text_or_none(None) is None


def test_the_audit_writes_microseconds_even_when_they_are_nought():
    assert utc_text_us(1_782_642_600_000_000) == "2026-06-28T10:30:00.000000Z"
    assert utc_text_us(1_782_642_600_000_001) == "2026-06-28T10:30:00.000001Z"


def test_the_local_time_zone_changes_nothing(monkeypatch):
    monkeypatch.setenv("TZ", "America/St_Johns")
    utc_text.cache_clear()
    assert utc_text(1_782_642_600) == "2026-06-28T10:30:00Z"


def test_now_is_whole_seconds():
    assert isinstance(now_s(), int)
