"""Makes organizations, users and their first API keys. A raw key is returned once and never stored."""

import re
from dataclasses import dataclass

from segue.access import Caller
from segue.accounts import store
from segue.accounts.keys import ApiKey, new_api_key
from segue.database import Tx
from segue.errors import Conflict, Invalid, NotFound
from segue.ids import OrganizationId, UserId, new_api_key_id, new_organization_id, new_user_id
from segue.limits import EMAIL_CHARS_MAX, NAME_CHARS_MAX

_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class NewMember:
    """What a new member is told once."""

    organization_id: OrganizationId
    user_id: UserId
    key: ApiKey


async def found(tx: Tx, organization: str, email: str, *, now: int) -> NewMember:
    """Make an organization with its first user, who owns it. Raises `Conflict` when one is there already."""
    name = organization.strip()
    if not 1 <= len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise Invalid(f"The organization needs a name of 1 to {NAME_CHARS_MAX} characters.")
    if await store.first_organizations(tx):
        raise Conflict("This database has an organization already. Nothing was changed.")
    organization_id = new_organization_id()
    await store.add_organization(tx, organization_id, name, now=now)
    return await _add(tx, organization_id, email, "owner", now=now)


async def add_user(tx: Tx, email: str, organization: str | None, *, now: int) -> NewMember:
    """Make a user (or take a known one) a member of an organization, given by id or name.

    Without an organization there must be exactly one. Raises `Conflict` for somebody who is a member already.
    """
    return await _add(tx, await organization_of(tx, organization), email, "member", now=now)


async def organization_of(tx: Tx, name_or_id: str | None) -> OrganizationId:
    """The organization that an operator names, or the only one there is. Raises `NotFound`, and `Invalid` where a
    choice is left.
    """
    found_ids = await (store.organizations_named(tx, name_or_id) if name_or_id else store.first_organizations(tx))
    if not found_ids:
        raise NotFound(f"There is no organization {name_or_id}." if name_or_id else "There is no organization yet.")
    if len(found_ids) > 1:
        raise Invalid("There is more than one organization: say which one, by its id.")
    return found_ids[0]


async def acting_member(tx: Tx, email: str | None) -> Caller:
    """Whom a local command acts for: the member with this e-mail, or the only one there is."""
    found_members = await store.members(tx, email.lower() if email else None)
    if not found_members:
        raise NotFound(f"There is no user {email}." if email else "There is no user yet. Run `segue init` first.")
    if len(found_members) > 1:
        raise Invalid("There is more than one user: say for whom with --as EMAIL.")
    organization_id, user_id = found_members[0]
    return Caller(user_id, organization_id)


def checked_email(email: str) -> str:
    """The address in the one spelling that is stored. Raises `Invalid`."""
    address = email.strip().lower()
    if len(address) > EMAIL_CHARS_MAX or _EMAIL.fullmatch(address) is None or not address.isprintable():
        sentence = "That is not an e-mail address."
        raise Invalid(sentence, faults={"email": sentence}, code="INVALID_EMAIL_FORMAT")
    return address


async def _add(tx: Tx, organization_id: OrganizationId, email: str, role: str, *, now: int) -> NewMember:
    address = checked_email(email)
    user_id = await store.user_by_email(tx, address)
    if user_id is None:
        user_id = new_user_id()
        await store.add_user(tx, user_id, address, now=now)
    elif await store.has_membership(tx, organization_id, user_id):
        raise Conflict(f"{address} is a member already. Nothing was changed.")
    await store.add_membership(tx, organization_id, user_id, role, now=now)
    key = new_api_key()
    await store.add_api_key(
        tx,
        key_id=new_api_key_id(),
        digest=key.digest(),
        hint=key.hint(),
        name="first key",
        organization_id=organization_id,
        user_id=user_id,
        now=now,
    )
    return NewMember(organization_id, user_id, key)
