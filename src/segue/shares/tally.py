"""Pure. What became of a link, added up from what the audit counted: by day and over all days."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from segue.audit import Count
from segue.clock import DAY_S, DAY_US
from segue.ratelimit import client_network

_ASKED_FOR = ("share.open", "share.page", "share.save")
_REFUSED = ("revoked", "expired", "used_up", "owner_gone", "refused")
# By event and outcome, which total an entry counts for. Everything else in the audit is nobody's use of a link.
_COUNTED_AS = {(event, outcome): "refused" for event in _ASKED_FOR for outcome in _REFUSED} | {
    ("share.open", "granted"): "opens",
    ("share.page", "granted"): "page_views",
    ("share.save", "done"): "saves",
}


@dataclass(frozen=True, slots=True)
class Window:
    """So many whole days of UTC, today the last of them. A day is a number: whole days since 1970-01-01."""

    days: int
    today: int

    @property
    def first(self) -> int:
        return self.today - self.days + 1

    @property
    def from_us(self) -> int:
        return self.first * DAY_US

    @property
    def until_us(self) -> int:
        """The midnight that ends it, which is not in it."""
        return (self.today + 1) * DAY_US


@dataclass(frozen=True, slots=True)
class Totals:
    """What happened in a time. Networks are those that opened the link, each once however often it came."""

    opens: int = 0
    distinct_networks: int = 0
    page_views: int = 0
    refused: int = 0
    saves: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a window, and on each of its days in their order. `last_opened_at` is in whole seconds."""

    window: Window
    whole: Totals
    by_day: tuple[Totals, ...]
    last_opened_at: int | None


def window(days: int, *, now: int) -> Window:
    """The last so many days, today included as far as it has come."""
    return Window(days, now // DAY_S)


def tally(counts: Iterable[Count], within: Window) -> Activity:
    """Add up counts in one pass, in any order; a popular link has many. What is outside of the window is left out."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    networks: dict[int, set[str]] = defaultdict(set)
    last_us = -1
    for day, event, outcome, client, entries, last_at_us in counts:
        counted_as = _COUNTED_AS.get((event, outcome))
        if counted_as is None or not within.first <= day <= within.today:
            continue
        sums[day][counted_as] += entries
        if counted_as == "opens":
            networks[day].add(_network(client))
            last_us = max(last_us, last_at_us)
    return Activity(
        within,
        _totals(sum(sums.values(), Counter()), set().union(*networks.values())),
        tuple(_totals(sums[day], networks[day]) for day in range(within.first, within.today + 1)),
        None if last_us < 0 else last_us // 1_000_000,
    )


def _totals(sums: Counter[str], networks: set[str]) -> Totals:
    return Totals(**sums, distinct_networks=len(networks))


def _network(kept: str | None) -> str:
    """The network of a client as the audit keeps it: all but an IPv6 address (IPv4 written as IPv6 too) is one."""
    if kept is None:
        return "unknown"
    return kept if ":" not in kept or "/" in kept or kept.startswith("h:") else client_network(kept)
