"""What an organization may spend in a day, a week and a month. Only the operator sets it; nobody is told what others
have spent.
"""

from collections.abc import Mapping

from segue.access import Caller
from segue.database import Tx
from segue.errors import TooMany
from segue.ids import OrganizationId
from segue.spending import store
from segue.spending.money import chf, chf_text
from segue.spending.windows import Window, day_of, days_of

# What is to become of the caps of some windows, in ten-thousandths of a franc; None takes a cap away.
Wish = Mapping[Window, int | None]


async def check(tx: Tx, who: Caller, cost_chf_e4: int, *, now: int) -> None:
    """Raises `TooMany` when this cost would exceed a cap of the caller's organization. Counts nothing.

    Of two who ask at once, the second waits until the first one's transaction has ended, so `record` belongs into the
    same transaction: `spend` does both. What costs nothing exceeds nothing, also where a cap was lowered below what is
    spent.
    """
    if not cost_chf_e4:
        return
    exceeded: list[tuple[int, Window, int]] = []
    for window, limit_chf_e4 in (await store.take_caps(tx, who.organization_id)).items():
        days = days_of(window, now)
        spent_chf_e4 = await store.total(tx, who.organization_id, first=days.first, last=day_of(now))
        if spent_chf_e4 + cost_chf_e4 > limit_chf_e4:
            exceeded.append((days.end_s, window, limit_chf_e4))
    if exceeded:
        raise _reached(*max(exceeded), now=now)


def _reached(end_s: int, window: Window, limit_chf_e4: int, *, now: int) -> TooMany:
    """The refusal by the cap that stands in the way for longest."""
    return TooMany(
        f"This would exceed what your organization may spend in a {window.value}: {chf_text(limit_chf_e4)} CHF.",
        code="SPEND_LIMIT_EXCEEDED",
        system_message="Spend cap of the organization would be exceeded",
        details={"window": window.value, "limit_chf": chf(limit_chf_e4)},
        retry_after_s=end_s - now,
    )


async def set_caps(tx: Tx, organization_id: OrganizationId, wish: Wish) -> dict[Window, int]:
    """Set the caps of the windows that are named, leave the others, and say which there are now."""
    for window, limit_chf_e4 in wish.items():
        await store.set_cap(tx, organization_id, window, limit_chf_e4)
    return await store.caps(tx, organization_id)
