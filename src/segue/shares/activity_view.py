"""Pure. The activity of a link as the API shows it to whoever made it. No address of anybody is in it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from segue.clock import DAY_S, utc_text, utc_text_or_none
from segue.shares.tally import Activity, Totals

Networks = Literal["addresses", "truncated", "hashed"]
Day = Annotated[str, Meta(description="A day of UTC.", pattern=r"^\d{4}-\d\d-\d\d$")]
Number = Annotated[int, Meta(ge=0)]

# What can be counted, by how the audit keeps addresses.
_NETWORKS: dict[str, Networks] = {"whole": "addresses", "truncated": "truncated", "hashed": "hashed"}


class DayView(msgspec.Struct):
    """One day. A network that comes on two days is counted on both, and once for the link."""

    day: Day
    opens: Number
    distinct_networks: Number
    page_views: Number
    refused: Number
    saves: Number


class ActivityView(msgspec.Struct):
    """How often a link was opened, looked at, refused and saved from in the last so many days, every day in its order.

    Networks that opened it are told apart by IPv4 address or IPv6 /64, unless the audit keeps less: `truncated` and
    `hashed` say what was counted instead. `last_opened_at` is the last open of these days.
    """

    share_id: str
    days: Number
    from_: Day = msgspec.field(name="from")
    to: Day
    opens: Number
    distinct_networks: Number
    page_views: Number
    refused: Number
    saves: Number
    last_opened_at: str | None
    networks_are: Networks
    by_day: list[DayView]


def activity_view(share_id: str, activity: Activity, audit_addresses: str) -> ActivityView:
    """The activity of a link. `audit_addresses` is the setting of that name."""
    window, whole = activity.window, activity.whole
    return ActivityView(
        share_id=share_id,
        days=window.days,
        from_=_date(window.first),
        to=_date(window.today),
        opens=whole.opens,
        distinct_networks=whole.distinct_networks,
        page_views=whole.page_views,
        refused=whole.refused,
        saves=whole.saves,
        last_opened_at=utc_text_or_none(activity.last_opened_at),
        networks_are=_NETWORKS[audit_addresses],
        by_day=[_day_view(window.first + place, totals) for place, totals in enumerate(activity.by_day)],
    )


def _day_view(day: int, totals: Totals) -> DayView:
    return DayView(
        day=_date(day),
        opens=totals.opens,
        distinct_networks=totals.distinct_networks,
        page_views=totals.page_views,
        refused=totals.refused,
        saves=totals.saves,
    )


def _date(day: int) -> str:
    return utc_text(day * DAY_S)[:10]
