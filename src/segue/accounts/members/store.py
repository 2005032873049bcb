"""Rows of members and invitations. What the one who asks may do stands in every statement that writes."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, exists, insert, or_, select, true, update

from segue.access import Caller
from segue.accounts.keys import SecretDigest
from segue.accounts.tables import invitations, memberships, organizations, users
from segue.database import Query, Tx, insert_new, paged
from segue.ids import InvitationId, OrganizationId, UserId

Role = Literal["owner", "admin", "member"]


@dataclass(frozen=True, slots=True)
class Member:
    """A live member; times are unix seconds."""

    user_id: UserId
    email: str
    role: Role
    created_at: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation, without its secret."""

    id: InvitationId
    organization_id: OrganizationId
    email: str
    role: Role
    created_at: int
    expires_at: int


_INVITATION = [invitations.c[name] for name in Invitation.__slots__]
_actor = memberships.alias("actor")
_giver = memberships.alias("giver")
# An invitation is good only while whoever gave it could still give it.
_STILL_GIVEN = exists(
    select(_giver.c.role).where(
        _giver.c.organization_id == invitations.c.organization_id,
        _giver.c.user_id == invitations.c.invited_by,
        _giver.c.barred_at.is_(None),
        or_(_giver.c.role == "owner", and_(_giver.c.role == "admin", invitations.c.role != "owner")),
    )
)


def _is(who: Caller, *roles: Role) -> ColumnElement[bool]:
    """Whether the one who asks has one of these roles now."""
    return exists(
        select(_actor.c.role).where(
            _actor.c.organization_id == who.organization_id,
            _actor.c.user_id == who.user_id,
            _actor.c.barred_at.is_(None),
            _actor.c.role.in_(roles),
        )
    )


def _may_touch(who: Caller, role: ColumnElement[str]) -> ColumnElement[bool]:
    """Owners may touch everybody, admins everybody who is no owner."""
    return or_(_is(who, "owner"), and_(_is(who, "admin"), role != "owner"))


def _live(organization_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(
        memberships.c.organization_id == organization_id,
        memberships.c.user_id == user_id,
        memberships.c.barred_at.is_(None),
    )


_MEMBERS = Query(
    paged(
        select(memberships.c.user_id, users.c.email, memberships.c.role, memberships.c.created_at)
        .join(users, users.c.id == memberships.c.user_id)
        .where(memberships.c.organization_id == bindparam("organization_id"), memberships.c.barred_at.is_(None))
        .order_by(memberships.c.user_id)
    ),
    ("organization_id", "limit", "offset"),
)

_INVITATIONS = Query(
    paged(
        select(*_INVITATION)
        .where(
            invitations.c.organization_id == bindparam("organization_id"),
            invitations.c.ended_at.is_(None),
            invitations.c.expires_at > bindparam("now"),
            _STILL_GIVEN,
        )
        .order_by(invitations.c.created_at.desc(), invitations.c.id.desc())
    ),
    ("organization_id", "now", "limit", "offset"),
)


async def members(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Member]:
    values = {"organization_id": who.organization_id, "limit": limit, "offset": offset}
    return [Member(*row) for row in await tx.execute(_MEMBERS.select, values)]


async def open_invitations(tx: Tx, who: Caller, *, limit: int, offset: int, now: int) -> list[Invitation]:
    values = {"organization_id": who.organization_id, "now": now, "limit": limit, "offset": offset}
    return [Invitation(*row) for row in await tx.execute(_INVITATIONS.select, values)]


async def role_of(tx: Tx, organization_id: str, user_id: str) -> Role | None:
    """The role of a live member, None where there is none."""
    found: Role | None = (await tx.execute(select(memberships.c.role).where(_live(organization_id, user_id)))).scalar()
    return found


async def has_owner(tx: Tx, organization_id: str) -> bool:
    owners = and_(
        memberships.c.organization_id == organization_id,
        memberships.c.role == "owner",
        memberships.c.barred_at.is_(None),
    )
    return (await tx.execute(select(memberships.c.user_id).where(owners).limit(1))).first() is not None


async def take_organization(tx: Tx, organization_id: str) -> None:
    """Hold the organization until the transaction ends, so that changes of its members come one after the other."""
    own = organizations.c.id == organization_id
    await tx.execute(update(organizations).where(own).values(name=organizations.c.name))


async def change_role(tx: Tx, who: Caller, user_id: str, role: Role) -> bool:
    """False where there is no such member, or none whom the one who asks may touch."""
    may_give = _is(who, "owner") if role == "owner" else true()
    allowed = and_(_live(who.organization_id, user_id), _may_touch(who, memberships.c.role), may_give)
    return (await tx.execute(update(memberships).where(allowed).values(role=role))).rowcount == 1


async def take_out(tx: Tx, who: Caller, user_id: str, *, now: int) -> bool:
    """End a membership: one's own, or that of somebody whom one may touch."""
    allowed = and_(
        _live(who.organization_id, user_id),
        or_(memberships.c.user_id == who.user_id, _may_touch(who, memberships.c.role)),
    )
    return (await tx.execute(update(memberships).where(allowed).values(ended_at=now))).rowcount == 1


async def join(tx: Tx, invitation: Invitation, user_id: UserId, *, now: int) -> bool:
    """Make a membership, or take up one that had ended, with the role of the invitation. False for a member."""
    key = {"organization_id": invitation.organization_id, "user_id": user_id}
    values = {"role": invitation.role, "created_at": now, "ended_at": None}
    ended = and_(*(memberships.c[name] == value for name, value in key.items()), memberships.c.ended_at.is_not(None))
    if (await tx.execute(update(memberships).where(ended).values(**values))).rowcount:
        return True
    return await insert_new(tx, memberships, **key, **values)


async def add_invitation(tx: Tx, who: Caller, invitation: Invitation, digest: SecretDigest) -> bool:
    """False when the one who asks may not give this role. Takes the place of what the same address had before."""
    values = {name: getattr(invitation, name) for name in Invitation.__slots__}
    values |= {"digest": digest.value, "invited_by": who.user_id}
    may_invite = _is(who, "owner") if invitation.role == "owner" else _is(who, "owner", "admin")
    row = select(*(bindparam(name, value, type_=invitations.c[name].type) for name, value in values.items()))
    if (await tx.execute(insert(invitations).from_select(list(values), row.where(may_invite)))).rowcount != 1:
        return False
    before = and_(
        _open(invitation.organization_id, invitation.email),
        invitations.c.id != invitation.id,
        _may_touch(who, invitations.c.role),
    )
    await tx.execute(update(invitations).where(before).values(ended_at=invitation.created_at))
    return True


async def is_member_by_email(tx: Tx, organization_id: str, email: str) -> bool:
    statement = (
        select(memberships.c.user_id)
        .join(users, users.c.id == memberships.c.user_id)
        .where(users.c.email == email, memberships.c.organization_id == organization_id)
        .where(memberships.c.barred_at.is_(None))
    )
    return (await tx.execute(statement)).first() is not None


def _open(organization_id: str, email: str | ScalarSelect[str]) -> ColumnElement[bool]:
    return and_(
        invitations.c.organization_id == organization_id,
        invitations.c.email == email,
        invitations.c.ended_at.is_(None),
    )


async def end_invitations_of(tx: Tx, organization_id: str, user_id: str, *, now: int) -> None:
    """End every invitation of a user into the organization."""
    email = select(users.c.email).where(users.c.id == user_id).scalar_subquery()
    await tx.execute(update(invitations).where(_open(organization_id, email)).values(ended_at=now))


async def end_invitation(tx: Tx, who: Caller, invitation_id: str, *, now: int) -> bool:
    """Withdraw an invitation of the organization. False where there is none, or the one who asks may not."""
    allowed = and_(
        invitations.c.id == invitation_id,
        invitations.c.organization_id == who.organization_id,
        invitations.c.ended_at.is_(None),
        _may_touch(who, invitations.c.role),
    )
    return (await tx.execute(update(invitations).where(allowed).values(ended_at=now))).rowcount == 1


async def invitation(tx: Tx, digest: SecretDigest, *, now: int) -> Invitation | None:
    """The invitation behind a token, while it is good."""
    good = and_(
        invitations.c.digest == digest.value,
        invitations.c.ended_at.is_(None),
        invitations.c.expires_at > now,
        _STILL_GIVEN,
    )
    row = (await tx.execute(select(*_INVITATION).where(good))).first()
    return None if row is None else Invitation(*row)


async def accept(tx: Tx, invitation_id: InvitationId, *, now: int) -> bool:
    """Use an invitation up. False when somebody was faster, or it has just become bad."""
    good = and_(invitations.c.id == invitation_id, invitations.c.ended_at.is_(None), _STILL_GIVEN)
    return (await tx.execute(update(invitations).where(good).values(ended_at=now))).rowcount == 1
