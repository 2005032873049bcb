"""The spending of a user over HTTP: day, week and month, by engine, beside the caps of the organization."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.clock import utc_text
from segue.database import Database
from segue.http import get
from segue.spending import store
from segue.spending.money import chf
from segue.spending.usage import WindowUsage, usage
from segue.spending.windows import day_of, first_day

_Chf = Annotated[float, Meta(ge=0, description="Swiss francs.")]


class EngineUsageView(msgspec.Struct):
    """What one engine made, and what that cost."""

    engine: str
    track_count: int
    cost_chf: _Chf


class WindowView(msgspec.Struct):
    """One window up to now. The cost is the caller's; the limit is the organization's, null where there is none."""

    window: Literal["day", "week", "month"]
    window_start: str
    cost_chf: _Chf
    limit_chf: _Chf | None
    by_engine: list[EngineUsageView]


class UsageView(msgspec.Struct):
    """The caller's spending in one organization."""

    organization_id: str
    windows: list[WindowView]


def _view(found: WindowUsage) -> WindowView:
    return WindowView(
        window=found.window.value,
        window_start=utc_text(found.start_s),
        cost_chf=chf(found.cost_chf_e4),
        limit_chf=None if found.limit_chf_e4 is None else chf(found.limit_chf_e4),
        by_engine=[EngineUsageView(each.engine, each.track_count, chf(each.cost_chf_e4)) for each in found.by_engine],
    )


def _example(
    window: Literal["day", "week", "month"], start: str, tracks: int, cost: float, limit: float | None
) -> WindowView:
    return WindowView(window, start, cost, limit, [EngineUsageView("studio", tracks, cost)])


EXAMPLE = UsageView(
    "org_abc123",
    [
        _example("day", "2026-06-28T00:00:00Z", 6, 2.40, 10.00),
        _example("week", "2026-06-22T00:00:00Z", 28, 11.20, 50.00),
        _example("month", "2026-06-01T00:00:00Z", 96, 38.60, None),
    ],
)


@get("/v1/music/{organization_id}/usage", cached=True, example=EXAMPLE)
async def get_usage(who: Caller, database: Database, now: int) -> UsageView:
    """Get what the caller has spent in this day, week and month (UTC, from Monday), and the organization's caps."""
    async with database.reading() as tx:
        days = await store.spent(tx, who, first=first_day(now), last=day_of(now))
        caps = await store.caps(tx, who.organization_id)
    return UsageView(who.organization_id, [_view(found) for found in usage(days, caps, now=now)])


ENDPOINTS = (get_usage,)
