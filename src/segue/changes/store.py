"""Rows of remembered answers. The key of the table decides who was first, also between two servers."""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from segue.changes.tables import remembered
from segue.database import Query, Reader, Tx, insert_new


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer, and what it was an answer to."""

    fingerprint: bytes
    status: int
    sealed: bytes


_BY_KEY = Query(
    select(remembered.c.fingerprint, remembered.c.status, remembered.c.sealed).where(
        remembered.c.scope == bindparam("scope"),
        remembered.c.key_digest == bindparam("key_digest"),
        remembered.c.created_at > bindparam("after"),
    ),
    ("scope", "key_digest", "after"),
)


async def find(reader: Reader, scope: str, key_digest: bytes, *, after: int) -> Remembered | None:
    return await reader.find(_BY_KEY, lambda rows: Remembered(*rows[0]) if rows else None, scope, key_digest, after)


async def claim(tx: Tx, scope: str, key_digest: bytes, fingerprint: bytes, *, now: int, after: int) -> bool:
    """Take the key for this transaction, and forget what is older than `after`. False when somebody had it before.

    On PostgreSQL this waits for another transaction that has just taken the key.
    """
    await tx.execute(delete(remembered).where(remembered.c.created_at <= after))
    return await insert_new(tx, remembered, scope=scope, key_digest=key_digest, fingerprint=fingerprint, created_at=now)


async def taken(tx: Tx, scope: str, key_digest: bytes) -> Remembered:
    """What stands under a key that could not be claimed."""
    statement = _BY_KEY.select
    row = (await tx.execute(statement, {"scope": scope, "key_digest": key_digest, "after": 0})).one()
    return Remembered(*row)


async def keep(tx: Tx, scope: str, key_digest: bytes, status: int, sealed: bytes) -> None:
    own = (remembered.c.scope == scope) & (remembered.c.key_digest == key_digest)
    await tx.execute(update(remembered).where(own).values(status=status, sealed=sealed))
