"""Pure. Who is asking, and every rule about what they may do with a thing that somebody made.

Whoever may not know that a thing exists gets `NotFound`, never `Forbidden`.
"""

from dataclasses import dataclass

from segue.errors import NotFound
from segue.ids import OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class Caller:
    """A user acting in one organization, as proved by a credential."""

    user_id: UserId
    organization_id: OrganizationId


def owns(who: Caller, *, organization_id: str, owner_id: str) -> bool:
    """Whether the thing was made by this caller in the organization the caller acts in."""
    return who.organization_id == organization_id and who.user_id == owner_id


def require_owner(who: Caller, *, organization_id: str, owner_id: str, what: str) -> None:
    """Pass silently for the owner. For everybody else the thing is not there."""
    if not owns(who, organization_id=organization_id, owner_id=owner_id):
        raise NotFound(f"There is no such {what}.")


def may_read_track(who: Caller, *, organization_id: str, creator_id: str, saved: bool) -> bool:
    """A track is readable for its creator, and for whoever has saved it."""
    return saved or owns(who, organization_id=organization_id, owner_id=creator_id)
