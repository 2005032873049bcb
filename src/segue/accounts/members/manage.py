"""Who belongs to an organization: invited by its owners and admins, given roles, taken out. The last owner stays.

What an actor may do stands in the statement that does it. Owners may do everything; admins everything but with owners;
members may leave.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from segue.access import Caller
from segue.accounts import store as accounts
from segue.accounts.found import checked_email
from segue.accounts.keys import InvitationToken, new_invitation_token
from segue.accounts.members import store
from segue.accounts.members.store import Invitation, Role
from segue.accounts.sessions.sign_in import Proved, hold
from segue.clock import DAY_S
from segue.database import Tx
from segue.errors import Conflict, Forbidden, NotFound
from segue.ids import UserId, new_invitation_id, new_user_id

INVITATION_S = 7 * DAY_S


async def invite(tx: Tx, who: Caller, email: str, role: Role, *, now: int) -> tuple[Invitation, InvitationToken]:
    """An invitation whose token is returned once. Whoever holds the token may join as the one who is invited."""
    token = new_invitation_token()
    invitation = Invitation(
        id=new_invitation_id(),
        organization_id=who.organization_id,
        email=checked_email(email),
        role=role,
        created_at=now,
        expires_at=now + INVITATION_S,
    )
    if not await store.add_invitation(tx, who, invitation, token.digest()):
        raise _forbidden()
    if await store.is_member_by_email(tx, who.organization_id, invitation.email):
        raise Conflict("Somebody with this e-mail is a member already.")
    return invitation, token


async def open_invitations(tx: Tx, who: Caller, *, limit: int, offset: int, now: int) -> list[Invitation]:
    """Invitations that can still be accepted, newest first. Only owners and admins see them."""
    await _require_manager(tx, who)
    return await store.open_invitations(tx, who, limit=limit, offset=offset, now=now)


async def withdraw(tx: Tx, who: Caller, invitation_id: str, *, now: int) -> None:
    """End an invitation before it is accepted."""
    if not await store.end_invitation(tx, who, invitation_id, now=now):
        await _require_manager(tx, who)
        raise NotFound("There is no such invitation.")


async def accept(
    tx: Tx, invitation: Invitation, proved: Proved | None, password_hash: str | None, *, now: int
) -> UserId:
    """Join, as a user whose password was shown, or as a new one. An invitation is accepted once, and whatever else the
    user was invited to there ends with it. To a member it gives nothing: roles are changed by `change_role`.
    """
    user_id = None if proved is None else (await hold(tx, proved)).user_id
    if not await store.accept(tx, invitation.id, now=now):
        raise NotFound("This invitation is no longer good.")
    if user_id is None:
        user_id = new_user_id()
        if not await accounts.add_new_user(tx, user_id, invitation.email, password_hash, now=now):
            raise Conflict("This e-mail has just got an account. Try again with its password.")
    if not await store.join(tx, invitation, user_id, now=now):
        raise Conflict("You are a member of this organization already.")
    await store.end_invitations_of(tx, invitation.organization_id, user_id, now=now)
    await accounts.bar_memberships(tx, user_id=user_id, organization_id=invitation.organization_id)
    return user_id


async def change_role(tx: Tx, who: Caller, user_id: str, role: Role) -> None:
    """Give a member another role."""
    async with _keeping_an_owner(tx, who, user_id):
        if not await store.change_role(tx, who, user_id, role):
            await _refuse(tx, who, user_id)


async def remove(tx: Tx, who: Caller, user_id: str, *, now: int) -> None:
    """Take a member out, or leave. Keys, sessions and links are dead in the organization at once; keys stay so."""
    async with _keeping_an_owner(tx, who, user_id):
        if not await store.take_out(tx, who, user_id, now=now):
            await _refuse(tx, who, user_id)
        await accounts.bar_memberships(tx, user_id=user_id, organization_id=who.organization_id)
        await accounts.revoke_keys(tx, who.organization_id, user_id, now=now)
        await store.end_invitations_of(tx, who.organization_id, user_id, now=now)


def _forbidden() -> Forbidden:
    return Forbidden("You don't have permission to perform this action.", code="INSUFFICIENT_PERMISSIONS")


async def _require_manager(tx: Tx, who: Caller) -> None:
    if await store.role_of(tx, who.organization_id, who.user_id) not in {"owner", "admin"}:
        raise _forbidden()


async def _refuse(tx: Tx, who: Caller, user_id: str) -> None:
    """Why nothing was written. Every member may know who the others are, so a plain member is refused first."""
    await _require_manager(tx, who)
    if await store.role_of(tx, who.organization_id, user_id) is None:
        raise NotFound("There is no such member.")
    raise _forbidden()


@asynccontextmanager
async def _keeping_an_owner(tx: Tx, who: Caller, user_id: str) -> AsyncIterator[None]:
    """Changes a member while the organization is held, so that two who change owners come one after the other. An owner
    is not changed so that none is left; where there was none before, nobody is kept from leaving.
    """
    await store.take_organization(tx, who.organization_id)
    was_owner = await store.role_of(tx, who.organization_id, user_id) == "owner"
    yield
    if was_owner and not await store.has_owner(tx, who.organization_id):
        raise Forbidden("The last owner of an organization stays.", code="CANNOT_REMOVE_LAST_OWNER")
