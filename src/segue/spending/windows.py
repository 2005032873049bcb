"""Pure. The windows that spending is counted in: the day, the week from Monday on, and the month, by the UTC calendar.

A day is a number: whole days since 1970-01-01, which was a Thursday.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from segue.clock import DAY_S

_EPOCH = date(1970, 1, 1).toordinal()


class Window(StrEnum):
    """Shorter ones come first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to before `end`."""

    first: int
    end: int

    @property
    def first_s(self) -> int:
        return self.first * DAY_S

    @property
    def end_s(self) -> int:
        return self.end * DAY_S


def day_of(at_s: int) -> int:
    """The day that a second lies in."""
    return at_s // DAY_S


def days_of(window: Window, now: int) -> Days:
    """The window that the present second lies in."""
    today = day_of(now)
    if window is Window.DAY:
        return Days(today, today + 1)
    if window is Window.WEEK:
        monday = today - (today + 3) % 7
        return Days(monday, monday + 7)
    first = date.fromordinal(_EPOCH + today).replace(day=1)
    years, month = divmod(first.month, 12)
    following = date(first.year + years, month + 1, 1)
    return Days(first.toordinal() - _EPOCH, following.toordinal() - _EPOCH)


def first_day(now: int) -> int:
    """The first day that any of the windows of this second counts: at most 30 days ago."""
    return min(days_of(window, now).first for window in Window)
