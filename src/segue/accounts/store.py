"""Rows of organizations, users, memberships and API keys."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, or_, select, update

from segue.accounts.keys import ApiKeyDigest
from segue.accounts.tables import api_keys, memberships, organizations, users
from segue.database import Query, Reader, Tx
from segue.ids import ApiKeyId, OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key with everything that decides whether it is good at a moment."""

    key_id: ApiKeyId
    user_id: UserId
    organization_id: OrganizationId
    expires_at: int | None
    revoked_at: int | None
    barred_at: int | None


_KEY_BY_DIGEST = Query(
    select(
        api_keys.c.id,
        api_keys.c.user_id,
        api_keys.c.organization_id,
        api_keys.c.expires_at,
        api_keys.c.revoked_at,
        memberships.c.barred_at,
    )
    .join(
        memberships,
        (memberships.c.organization_id == api_keys.c.organization_id) & (memberships.c.user_id == api_keys.c.user_id),
    )
    .where(api_keys.c.digest == bindparam("digest")),
    ("digest",),
)


async def key_by_digest(reader: Reader, digest: ApiKeyDigest) -> KeyRow | None:
    return await reader.find(_KEY_BY_DIGEST, lambda rows: KeyRow(*rows[0]) if rows else None, digest.value)


async def add_organization(tx: Tx, organization_id: OrganizationId, name: str, *, now: int) -> None:
    await tx.execute(insert(organizations).values(id=organization_id, name=name, created_at=now))


async def add_user(tx: Tx, user_id: UserId, email: str, *, now: int) -> None:
    await tx.execute(insert(users).values(id=user_id, email=email, created_at=now))


async def add_membership(tx: Tx, organization_id: OrganizationId, user_id: UserId, role: str, *, now: int) -> None:
    await tx.execute(
        insert(memberships).values(organization_id=organization_id, user_id=user_id, role=role, created_at=now)
    )


async def add_api_key(
    tx: Tx,
    *,
    key_id: ApiKeyId,
    digest: ApiKeyDigest,
    hint: str,
    name: str,
    organization_id: OrganizationId,
    user_id: UserId,
    now: int,
) -> None:
    await tx.execute(
        insert(api_keys).values(
            id=key_id,
            digest=digest.value,
            hint=hint,
            name=name,
            organization_id=organization_id,
            user_id=user_id,
            created_at=now,
        )
    )


async def user_by_email(tx: Tx, email: str) -> UserId | None:
    found = (await tx.execute(select(users.c.id).where(users.c.email == email))).scalar()
    return None if found is None else UserId(found)


async def organizations_named(tx: Tx, name_or_id: str) -> list[OrganizationId]:
    """Organizations with this id, or with exactly this name."""
    column = organizations.c.id if name_or_id.startswith("org_") else organizations.c.name
    rows = await tx.execute(select(organizations.c.id).where(column == name_or_id).limit(2))
    return [OrganizationId(row.id) for row in rows]


async def has_membership(tx: Tx, organization_id: OrganizationId, user_id: UserId) -> bool:
    statement = select(memberships.c.role).where(
        memberships.c.organization_id == organization_id, memberships.c.user_id == user_id
    )
    return (await tx.execute(statement)).first() is not None


async def first_organizations(tx: Tx) -> list[OrganizationId]:
    """The two oldest organizations: enough to tell whether there is none, one or a choice."""
    rows = await tx.execute(
        select(organizations.c.id).order_by(organizations.c.created_at, organizations.c.id).limit(2)
    )
    return [OrganizationId(row.id) for row in rows]


async def members(tx: Tx, email: str | None) -> list[tuple[OrganizationId, UserId]]:
    """Live memberships, oldest first: of one user when an e-mail is given, else the first two of all."""
    statement = (
        select(memberships.c.organization_id, memberships.c.user_id)
        .join(users, users.c.id == memberships.c.user_id)
        .where(memberships.c.barred_at.is_(None))
        .order_by(memberships.c.created_at, memberships.c.user_id)
    )
    statement = statement.limit(2) if email is None else statement.where(users.c.email == email)
    return [(OrganizationId(row.organization_id), UserId(row.user_id)) for row in await tx.execute(statement)]


async def disable_user(tx: Tx, user_id: str, at: int | None) -> None:
    """Disable from a moment on, or enable again with None."""
    await tx.execute(update(users).where(users.c.id == user_id).values(disabled_at=at))


async def disable_organization(tx: Tx, organization_id: str, at: int | None) -> None:
    """Disable from a moment on, or enable again with None."""
    await tx.execute(update(organizations).where(organizations.c.id == organization_id).values(disabled_at=at))


async def end_membership(tx: Tx, organization_id: str, user_id: str, at: int | None) -> None:
    """End from a moment on, or take up again with None."""
    own = (memberships.c.organization_id == organization_id) & (memberships.c.user_id == user_id)
    await tx.execute(update(memberships).where(own).values(ended_at=at))


async def bar_memberships(tx: Tx, *, user_id: str | None = None, organization_id: str | None = None) -> None:
    """Work out again who is barred, after one of the three reasons has changed for this user or organization."""
    user_off = select(users.c.disabled_at).where(users.c.id == memberships.c.user_id).scalar_subquery()
    organization_off = (
        select(organizations.c.disabled_at).where(organizations.c.id == memberships.c.organization_id).scalar_subquery()
    )
    reason = func.coalesce(memberships.c.ended_at, user_off, organization_off)
    of_user = memberships.c.user_id == user_id
    of_organization = memberships.c.organization_id == organization_id
    await tx.execute(update(memberships).where(or_(of_user, of_organization)).values(barred_at=reason))
