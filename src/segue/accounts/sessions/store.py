"""Rows of sessions, and what signing in reads and writes of a user."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, insert, select, update

from segue.accounts.keys import SecretDigest
from segue.accounts.tables import memberships, organizations, sessions, users
from segue.database import Query, Tx, paged
from segue.ids import OrganizationId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class Account:
    """A user as signing in meets them. The password is its hash; None for whoever has none."""

    user_id: UserId
    email: str
    password: str | None
    disabled_at: int | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """An organization that a user belongs to, with the user's role in it."""

    id: OrganizationId
    name: str
    created_at: int
    role: str


_ACCOUNT = Query(
    select(users.c.id, users.c.email, users.c.password, users.c.disabled_at).where(users.c.email == bindparam("email")),
    ("email",),
)

_BELONGINGS = Query(
    paged(
        select(organizations.c.id, organizations.c.name, organizations.c.created_at, memberships.c.role)
        .join(memberships, memberships.c.organization_id == organizations.c.id)
        .where(memberships.c.user_id == bindparam("user_id"), memberships.c.barred_at.is_(None))
        .order_by(memberships.c.user_id, memberships.c.organization_id)
    ),
    ("user_id", "limit", "offset"),
)

_BELONGING = Query(
    select(organizations.c.id, organizations.c.name, organizations.c.created_at, memberships.c.role)
    .join(memberships, memberships.c.organization_id == organizations.c.id)
    .where(
        memberships.c.user_id == bindparam("user_id"),
        memberships.c.organization_id == bindparam("organization_id"),
        memberships.c.barred_at.is_(None),
    ),
    ("user_id", "organization_id"),
)


async def account(tx: Tx, email: str) -> Account | None:
    row = (await tx.execute(_ACCOUNT.select, {"email": email})).first()
    return None if row is None else Account(*row)


async def email_of(tx: Tx, user_id: UserId) -> str:
    return str((await tx.execute(select(users.c.email).where(users.c.id == user_id))).scalar_one())


async def belongings(tx: Tx, user_id: UserId, *, limit: int, offset: int = 0) -> list[Belonging]:
    values = {"user_id": user_id, "limit": limit, "offset": offset}
    return [Belonging(*row) for row in await tx.execute(_BELONGINGS.select, values)]


async def belonging(tx: Tx, user_id: UserId, organization_id: OrganizationId) -> list[Belonging]:
    """The one organization, or none."""
    values = {"user_id": user_id, "organization_id": organization_id}
    return [Belonging(*row) for row in await tx.execute(_BELONGING.select, values)]


async def keep_password(tx: Tx, account: Account, kept: str) -> bool:
    """Store the hash of an account's password, the same one or another. False where the account has not the password
    that it was met with any more, or has been shut out. The account is held until the transaction ends.
    """
    same = and_(users.c.id == account.user_id, users.c.password == account.password, users.c.disabled_at.is_(None))
    return (await tx.execute(update(users).where(same).values(password=kept))).rowcount == 1


async def set_password(tx: Tx, user_id: UserId, password_hash: str) -> None:
    await tx.execute(update(users).where(users.c.id == user_id).values(password=password_hash))


async def add(
    tx: Tx, session_id: SessionId, digest: SecretDigest, user_id: UserId, *, expires_at: int, now: int
) -> None:
    await tx.execute(
        insert(sessions).values(
            id=session_id, digest=digest.value, user_id=user_id, created_at=now, expires_at=expires_at
        )
    )


async def forget_expired(tx: Tx, user_id: UserId, *, now: int) -> None:
    """Delete a user's sessions that have expired: nobody asks for them any more."""
    await tx.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at <= now))


async def end(tx: Tx, session_id: str, *, now: int) -> None:
    live = and_(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
    await tx.execute(update(sessions).where(live).values(ended_at=now))


async def end_others(tx: Tx, user_id: UserId, but: str, *, now: int) -> None:
    """End every session of a user but one."""
    others = and_(sessions.c.user_id == user_id, sessions.c.id != but, sessions.c.ended_at.is_(None))
    await tx.execute(update(sessions).where(others).values(ended_at=now))
