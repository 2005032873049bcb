"""Day, week and month by the UTC calendar."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from segue.spending.windows import Window, day_of, days_of, first_day

MOMENTS = some.integers(0, 221_845_392_000)  # to the end of the year 8999


def second(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def day(text):
    return second(text) // 86_400


@pytest.mark.parametrize(
    ("now", "window", "first", "end"),
    [
        # The example of the API: a Sunday.
        ("2026-06-28T10:30:00", "day", "2026-06-28", "2026-06-29"),
        ("2026-06-28T10:30:00", "week", "2026-06-22", "2026-06-29"),
        ("2026-06-28T10:30:00", "month", "2026-06-01", "2026-07-01"),
        # The first and the last second.
        ("2026-06-28T00:00:00", "day", "2026-06-28", "2026-06-29"),
        ("2026-06-28T23:59:59", "day", "2026-06-28", "2026-06-29"),
        ("2026-06-22T00:00:00", "week", "2026-06-22", "2026-06-29"),
        ("2026-06-21T23:59:59", "week", "2026-06-15", "2026-06-22"),
        ("2026-06-01T00:00:00", "month", "2026-06-01", "2026-07-01"),
        ("2026-05-31T23:59:59", "month", "2026-05-01", "2026-06-01"),
        # A week that began in the month, and in the year, before.
        ("2026-07-01T12:00:00", "week", "2026-06-29", "2026-07-06"),
        ("2027-01-01T00:00:00", "week", "2026-12-28", "2027-01-04"),
        # The turn of the year, and February.
        ("2026-12-31T23:59:59", "month", "2026-12-01", "2027-01-01"),
        ("2027-01-01T00:00:00", "month", "2027-01-01", "2027-02-01"),
        ("2027-02-28T00:00:00", "month", "2027-02-01", "2027-03-01"),
        ("2028-02-29T00:00:00", "month", "2028-02-01", "2028-03-01"),
        ("2028-02-29T23:59:59", "day", "2028-02-29", "2028-03-01"),
        ("1970-01-01T00:00:00", "month", "1970-01-01", "1970-02-01"),
        ("1970-01-01T00:00:00", "week", "1969-12-29", "1970-01-05"),
    ],
)
def test_the_days_of_a_window(now, window, first, end):
    found = days_of(Window(window), second(now))
    assert (found.first, found.end) == (day(first), day(end))
    assert (found.first_s, found.end_s) == (second(first), second(end))


@given(MOMENTS, some.sampled_from(Window))
def test_a_window_holds_the_present_and_is_the_same_throughout(now, window):
    found = days_of(window, now)
    assert found.first_s <= now < found.end_s
    assert days_of(window, max(0, found.first_s)) == days_of(window, found.end_s - 1) == found
    assert days_of(window, found.end_s).first == found.end, "windows follow each other without a gap"


@given(MOMENTS)
def test_windows_are_aligned(now):
    first = {window: datetime.fromtimestamp(days_of(window, now).first_s, UTC) for window in Window}
    length = {window: days_of(window, now).end - days_of(window, now).first for window in Window}
    assert all((start.hour, start.minute, start.second) == (0, 0, 0) for start in first.values())
    assert first[Window.DAY].date() == datetime.fromtimestamp(now, UTC).date()
    assert first[Window.WEEK].weekday() == 0
    assert first[Window.MONTH].day == 1
    assert (length[Window.DAY], length[Window.WEEK]) == (1, 7)
    assert 28 <= length[Window.MONTH] <= 31


@given(MOMENTS)
def test_no_more_than_a_month_of_days_is_ever_read(now):
    days = range(first_day(now), day_of(now) + 1)
    assert 1 <= len(days) <= 31
    assert all(days_of(window, now).first in days for window in Window)
