"""Pure. Who is asking. What somebody may do with a thing stands in the statement that reads or writes the thing.

Whoever may not know that a thing exists gets `NotFound`, never `Forbidden`.
"""

from dataclasses import dataclass

from segue.ids import OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class Caller:
    """A user acting in one organization, as proved by a credential."""

    user_id: UserId
    organization_id: OrganizationId


@dataclass(frozen=True, slots=True)
class Person:
    """A user whom a credential proves: an API key, which acts in one organization, or a session, which acts in all
    that the user belongs to.
    """

    user_id: UserId
    credential_id: str
    organization_id: OrganizationId | None
