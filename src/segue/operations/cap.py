"""Sets what an organization may spend. Over the API nobody can: the caps are the operator's."""

from dataclasses import dataclass

from segue import accounts, spending
from segue.ids import OrganizationId
from segue.operations.installation import Installation
from segue.spending import Window


@dataclass(frozen=True, slots=True)
class OrganizationCaps:
    """Every window with its cap, or None."""

    organization_id: OrganizationId
    limits_chf_e4: dict[Window, int | None]


async def cap(parts: Installation, organization: str, wish: spending.Wish) -> OrganizationCaps:
    """Set the caps that are named, and say which there are. The organization is given by its id or its name."""
    async with parts.database.transaction() as tx:
        organization_id = await accounts.organization_of(tx, organization)
        limits_chf_e4 = await spending.set_caps(tx, organization_id, wish)
    if wish:
        await parts.trail().record("cap.change", "done", subject_id=organization_id)
    return OrganizationCaps(organization_id, {window: limits_chf_e4.get(window) for window in Window})
