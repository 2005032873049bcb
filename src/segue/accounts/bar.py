"""Shuts people out and lets them in again. From the commit on their keys are refused and their links are dead."""

from segue.accounts import store
from segue.database import Tx
from segue.errors import NotFound
from segue.ids import UserId


async def disable_user(tx: Tx, user_id: str, *, at: int | None) -> None:
    """Shut a user out of every organization, or let the user in again with `at=None`. Twice is once."""
    await store.disable_user(tx, user_id, at)
    await store.bar_memberships(tx, user_id=user_id)


async def disable_email(tx: Tx, email: str, *, at: int | None) -> UserId:
    """The same for the user with this e-mail. Raises `NotFound`."""
    user_id = await store.user_by_email(tx, email.strip().lower())
    if user_id is None:
        raise NotFound(f"There is no user {email}.")
    await disable_user(tx, user_id, at=at)
    return user_id


async def disable_organization(tx: Tx, organization_id: str, *, at: int | None) -> None:
    """Shut an organization with all its members, or open it again with `at=None`. Twice is once."""
    await store.disable_organization(tx, organization_id, at)
    await store.bar_memberships(tx, organization_id=organization_id)


async def end_membership(tx: Tx, organization_id: str, user_id: str, *, at: int | None) -> None:
    """Take a user out of one organization, or back in with `at=None`. Twice is once."""
    await store.end_membership(tx, organization_id, user_id, at)
    await store.bar_memberships(tx, user_id=user_id, organization_id=organization_id)
