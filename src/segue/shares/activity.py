"""How much a link was used, for whoever made it, over HTTP and out of the audit alone."""

from typing import Annotated

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.audit import History
from segue.database import Database
from segue.errors import NotFound
from segue.http import get
from segue.limits import ACTIVITY_DAYS_DEFAULT, ACTIVITY_DAYS_MAX
from segue.settings import Settings
from segue.shares import store
from segue.shares.activity_view import ActivityView, activity_view
from segue.shares.tally import Activity, Totals, Window, tally, window

NO_SHARE = NotFound("There is no such share link.")
_EXAMPLE = Activity(Window(2, 20_632), Totals(3, 2, 5, 1, 1), (Totals(1, 1, 2), Totals(2, 2, 3, 1, 1)), 1_782_642_600)


class ActivityQuery(msgspec.Struct, frozen=True):
    """How far back is looked."""

    days: Annotated[int, Meta(ge=1, le=ACTIVITY_DAYS_MAX, description="So many days of UTC, today included.")] = (
        ACTIVITY_DAYS_DEFAULT
    )


@get(
    "/v1/music/{organization_id}/share/{share_id}/activity",
    cached=True,
    errors=(NO_SHARE,),
    example=activity_view("mslink_3a7f2c9e8b14", _EXAMPLE, "whole"),
)
async def get_share_activity(
    share_id: str, query: ActivityQuery, who: Caller, database: Database, history: History, settings: Settings, now: int
) -> ActivityView:
    """Tell how often a link of the caller's was opened and kept, by day. Opens under an earlier secret count too."""
    async with database.reading() as tx:
        if await store.find_own(tx, who, share_id) is None:
            raise NotFound(NO_SHARE.message)
    within = window(query.days, now=now)
    found = await history.counts(
        share_id, lambda counts: tally(counts, within), from_us=within.from_us, until_us=within.until_us
    )
    return activity_view(share_id, found, settings.audit_addresses)
