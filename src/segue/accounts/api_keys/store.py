"""Rows of a person's own API keys. Whose they are stands in every statement."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from segue.access import Caller
from segue.accounts.tables import api_keys, memberships
from segue.database import Query, Tx, paged
from segue.ids import ApiKeyId, OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its owner's list has it; times are unix seconds."""

    id: ApiKeyId
    organization_id: OrganizationId
    user_id: UserId
    hint: str
    name: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None


_KEY = [api_keys.c[name] for name in Key.__slots__]


def _own(who: Caller) -> ColumnElement[bool]:
    return and_(api_keys.c.organization_id == who.organization_id, api_keys.c.user_id == who.user_id)


_LIST = Query(
    paged(
        select(*_KEY)
        .where(
            api_keys.c.organization_id == bindparam("organization_id"),
            api_keys.c.user_id == bindparam("user_id"),
            api_keys.c.revoked_at.is_(None),
        )
        .order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc())
    ),
    ("organization_id", "user_id", "limit", "offset"),
)


async def newest(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Key]:
    values = {"organization_id": who.organization_id, "user_id": who.user_id, "limit": limit, "offset": offset}
    return [Key(*row) for row in await tx.execute(_LIST.select, values)]


async def take_membership(tx: Tx, who: Caller) -> bool:
    """Hold the caller's membership until the transaction ends, so that new keys come one after the other. False for
    somebody who has just been taken out.
    """
    own = and_(memberships.c.organization_id == who.organization_id, memberships.c.user_id == who.user_id)
    live = and_(own, memberships.c.barred_at.is_(None))
    return (await tx.execute(update(memberships).where(live).values(role=memberships.c.role))).rowcount == 1


async def count(tx: Tx, who: Caller) -> int:
    live = and_(_own(who), api_keys.c.revoked_at.is_(None))
    return int((await tx.execute(select(func.count()).select_from(api_keys).where(live))).scalar_one())


async def find(tx: Tx, who: Caller, key_id: str, *, revoked: bool = False) -> Key | None:
    """A key of the caller's; one that was revoked only when that is asked for."""
    wanted = and_(api_keys.c.id == key_id, _own(who))
    row = (await tx.execute(select(*_KEY).where(wanted))).first()
    return None if row is None or (row.revoked_at is not None and not revoked) else Key(*row)


async def revoke(tx: Tx, who: Caller, key_id: str, *, now: int) -> bool:
    """True when it was live until now."""
    live = and_(api_keys.c.id == key_id, _own(who), api_keys.c.revoked_at.is_(None))
    return (await tx.execute(update(api_keys).where(live).values(revoked_at=now))).rowcount == 1
