"""Rows of organizations, users, memberships and API keys."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from segue.access import Person
from segue.accounts.keys import SecretDigest
from segue.accounts.tables import api_keys, memberships, organizations, sessions, users
from segue.database import Query, Reader, Tx, insert_new
from segue.ids import ApiKeyId, OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key with everything that decides whether it is good at a moment."""

    person: Person
    expires_at: int | None
    revoked_at: int | None
    barred_at: int | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with everything that decides whether it is good at a moment."""

    person: Person
    expires_at: int
    ended_at: int | None
    disabled_at: int | None


_KEY_BY_DIGEST = Query(
    select(
        api_keys.c.user_id,
        api_keys.c.id,
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

_SESSION_BY_DIGEST = Query(
    select(sessions.c.user_id, sessions.c.id, sessions.c.expires_at, sessions.c.ended_at, users.c.disabled_at)
    .join(users, users.c.id == sessions.c.user_id)
    .where(sessions.c.digest == bindparam("digest")),
    ("digest",),
)

_MEMBERSHIP = Query(
    select(memberships.c.organization_id).where(
        memberships.c.organization_id == bindparam("organization_id"),
        memberships.c.user_id == bindparam("user_id"),
        memberships.c.barred_at.is_(None),
    ),
    ("organization_id", "user_id"),
)

_MEMBERSHIPS = Query(
    select(memberships.c.organization_id).where(
        memberships.c.user_id == bindparam("user_id"), memberships.c.barred_at.is_(None)
    ),
    ("user_id",),
)


async def key_by_digest(reader: Reader, digest: SecretDigest) -> KeyRow | None:
    return await reader.find(
        _KEY_BY_DIGEST, lambda rows: KeyRow(Person(*rows[0][:3]), *rows[0][3:]) if rows else None, digest.value
    )


async def session_by_digest(reader: Reader, digest: SecretDigest) -> SessionRow | None:
    return await reader.find(
        _SESSION_BY_DIGEST,
        lambda rows: SessionRow(Person(rows[0][0], rows[0][1], None), *rows[0][2:]) if rows else None,
        digest.value,
    )


async def is_member(reader: Reader, organization_id: str, user_id: UserId) -> bool:
    """Whether the user belongs to the organization and nothing bars it."""
    return await reader.find(_MEMBERSHIP, bool, organization_id, user_id)


async def organizations_of(reader: Reader, user_id: UserId) -> tuple[OrganizationId, ...]:
    """The organizations in which the user may act."""
    return await reader.find(_MEMBERSHIPS, lambda rows: tuple(OrganizationId(row[0]) for row in rows), user_id)


async def add_organization(tx: Tx, organization_id: OrganizationId, name: str, *, now: int) -> None:
    await tx.execute(insert(organizations).values(id=organization_id, name=name, created_at=now))


async def add_user(tx: Tx, user_id: UserId, email: str, *, now: int) -> None:
    await tx.execute(insert(users).values(id=user_id, email=email, created_at=now))


async def add_new_user(tx: Tx, user_id: UserId, email: str, password: str | None, *, now: int) -> bool:
    """With the hash of a password, for whoever is to sign in by one. False where the address has just been taken."""
    return await insert_new(tx, users, id=user_id, email=email, password=password, created_at=now)


async def add_membership(tx: Tx, organization_id: OrganizationId, user_id: UserId, role: str, *, now: int) -> None:
    await tx.execute(
        insert(memberships).values(organization_id=organization_id, user_id=user_id, role=role, created_at=now)
    )


async def add_api_key(
    tx: Tx,
    *,
    key_id: ApiKeyId,
    digest: SecretDigest,
    hint: str,
    name: str,
    organization_id: OrganizationId,
    user_id: UserId,
    expires_at: int | None = None,
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
            expires_at=expires_at,
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
    """Work out again who is barred, after one of the three reasons has changed for this user, this organization, or
    this user in this organization. No other row is held: two who change different ones do not wait for each other.
    """
    user_off = select(users.c.disabled_at).where(users.c.id == memberships.c.user_id).scalar_subquery()
    organization_off = (
        select(organizations.c.disabled_at).where(organizations.c.id == memberships.c.organization_id).scalar_subquery()
    )
    reason = func.coalesce(memberships.c.ended_at, user_off, organization_off)
    named = {"user_id": user_id, "organization_id": organization_id}
    wanted = [memberships.c[name] == value for name, value in named.items() if value is not None]
    await tx.execute(update(memberships).where(and_(*wanted)).values(barred_at=reason))


async def revoke_keys(tx: Tx, organization_id: str, user_id: str, *, now: int) -> None:
    """End every key of a user in an organization, for good."""
    own = (api_keys.c.organization_id == organization_id) & (api_keys.c.user_id == user_id)
    live = select(api_keys.c.id).where(own, api_keys.c.revoked_at.is_(None))
    # Held in the order in which `note_used` writes.
    found = (await tx.execute(live.order_by(api_keys.c.id).with_for_update())).scalars().all()
    await tx.execute(update(api_keys).where(api_keys.c.id.in_(found)).values(revoked_at=now))


async def note_used(tx: Tx, moments: Mapping[str, int]) -> None:
    """Write when keys were last used; never a moment before the one that stands there."""
    statement = (
        update(api_keys)
        .where(
            api_keys.c.id == bindparam("key_id"),
            or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < bindparam("at")),
        )
        .values(last_used_at=bindparam("at"))
    )
    # In one order, so that two who write at once never wait for each other.
    await tx.execute(statement, [{"key_id": key_id, "at": at} for key_id, at in sorted(moments.items())])
