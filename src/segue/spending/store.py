"""Rows of spending and of caps. A sum is read from the days of one month at most, however long the history is."""

from collections.abc import Mapping

from sqlalchemy import bindparam, case, delete, func, select, update

from segue.access import Caller
from segue.database import Query, Tx, insert_new
from segue.ids import OrganizationId
from segue.spending.tables import spend_caps, spend_days
from segue.spending.usage import SpendDay
from segue.spending.windows import Window

_SPENT = Query(
    select(spend_days.c.day, spend_days.c.engine, spend_days.c.track_count, spend_days.c.cost_chf_e4).where(
        spend_days.c.organization_id == bindparam("organization_id"),
        spend_days.c.user_id == bindparam("user_id"),
        spend_days.c.day >= bindparam("first"),
        spend_days.c.day <= bindparam("last"),
    ),
    ("organization_id", "user_id", "first", "last"),
)

_CAPS = Query(
    select(spend_caps.c.window, spend_caps.c.limit_chf_e4)
    .where(spend_caps.c.organization_id == bindparam("organization_id"))
    .order_by(spend_caps.c.window),
    ("organization_id",),
)

# Of everybody in the organization, since a day.
_TOTAL = Query(
    select(func.coalesce(func.sum(spend_days.c.cost_chf_e4), 0)).where(
        spend_days.c.organization_id == bindparam("organization_id"),
        spend_days.c.day >= bindparam("first"),
        spend_days.c.day <= bindparam("last"),
    ),
    ("organization_id", "first", "last"),
)


async def spent(tx: Tx, who: Caller, *, first: int, last: int) -> list[SpendDay]:
    """What the caller spent on these days, the last one included."""
    values = {"organization_id": who.organization_id, "user_id": who.user_id, "first": first, "last": last}
    return [SpendDay(*row) for row in await tx.execute(_SPENT.select, values)]


async def total(tx: Tx, organization_id: OrganizationId, *, first: int, last: int) -> int:
    """What the organization spent on these days, the last one included."""
    values = {"organization_id": organization_id, "first": first, "last": last}
    return int((await tx.execute(_TOTAL.select, values)).scalar_one())


async def caps(tx: Tx, organization_id: OrganizationId) -> dict[Window, int]:
    """The caps that an organization has, by window."""
    rows = await tx.execute(_CAPS.select, {"organization_id": organization_id})
    return {Window(row.window): row.limit_chf_e4 for row in rows}


async def take_caps(tx: Tx, organization_id: OrganizationId) -> dict[Window, int]:
    """The same, held until the transaction ends: whoever else asks waits, and then sees what this one has spent."""
    rows = await tx.execute(_CAPS.select.with_for_update(), {"organization_id": organization_id})
    return {Window(row.window): row.limit_chf_e4 for row in rows}


async def add(tx: Tx, who: Caller, spend: SpendDay) -> None:
    """Add to what stands there."""
    own = {"organization_id": who.organization_id, "user_id": who.user_id, "day": spend.day, "engine": spend.engine}
    more = {"track_count": spend.track_count, "cost_chf_e4": spend.cost_chf_e4}
    if not await insert_new(tx, spend_days, **own, **more):
        await _write(tx, own, {name: spend_days.c[name] + value for name, value in more.items()})


async def subtract(tx: Tx, who: Caller, spend: SpendDay) -> None:
    """Take from what stands there, down to nothing at most."""
    own = {"organization_id": who.organization_id, "user_id": who.user_id, "day": spend.day, "engine": spend.engine}
    less = {"track_count": spend.track_count, "cost_chf_e4": spend.cost_chf_e4}
    left = {
        name: case((spend_days.c[name] > value, spend_days.c[name] - value), else_=0) for name, value in less.items()
    }
    await _write(tx, own, left)


async def _write(tx: Tx, own: Mapping[str, object], values: Mapping[str, object]) -> None:
    there = [spend_days.c[name] == value for name, value in own.items()]
    await tx.execute(update(spend_days).where(*there).values(**values))


async def set_cap(tx: Tx, organization_id: OrganizationId, window: Window, limit_chf_e4: int | None) -> None:
    """Put a cap in the place of the one that stood there; None takes it away."""
    own = (spend_caps.c.organization_id == organization_id) & (spend_caps.c.window == window.value)
    await tx.execute(delete(spend_caps).where(own))
    if limit_chf_e4 is not None:
        await insert_new(
            tx, spend_caps, organization_id=organization_id, window=window.value, limit_chf_e4=limit_chf_e4
        )
