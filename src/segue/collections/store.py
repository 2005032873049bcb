"""Rows of collections and of their members."""

from dataclasses import dataclass

from sqlalchemy import case, func, insert, select, update

from segue.access import Caller
from segue.collections.tables import collection_tracks, collections
from segue.database import Tx
from segue.ids import CollectionId, OrganizationId, TrackId, UserId, has_prefix
from segue.tracks import tracks


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as its row has it; times are unix seconds."""

    id: CollectionId
    organization_id: OrganizationId
    owner_id: UserId
    name: str
    description: str | None
    cover_track_id: TrackId | None
    cover_image_url: str | None
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Member:
    """A track in a collection. Positions are 0 to n-1 without gaps."""

    track_id: TrackId
    position: int
    added_at: int


_COLLECTION = [collections.c[name] for name in Collection.__slots__]


async def add(tx: Tx, collection: Collection) -> None:
    await tx.execute(insert(collections).values({name: getattr(collection, name) for name in Collection.__slots__}))


async def find(tx: Tx, collection_id: str) -> Collection | None:
    if not has_prefix(collection_id, "mcoll"):
        return None
    statement = select(*_COLLECTION).where(collections.c.id == collection_id, collections.c.removed_at.is_(None))
    row = (await tx.execute(statement)).first()
    return None if row is None else Collection(*row)


async def newest(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Collection]:
    statement = (
        select(*_COLLECTION)
        .where(
            collections.c.organization_id == who.organization_id,
            collections.c.owner_id == who.user_id,
            collections.c.removed_at.is_(None),
        )
        .order_by(collections.c.created_at.desc(), collections.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Collection(*row) for row in await tx.execute(statement)]


async def named(tx: Tx, who: Caller, name: str) -> Collection | None:
    """The newest of the caller's collections with exactly this name."""
    statement = (
        select(*_COLLECTION)
        .where(
            collections.c.organization_id == who.organization_id,
            collections.c.owner_id == who.user_id,
            collections.c.name == name,
            collections.c.removed_at.is_(None),
        )
        .order_by(collections.c.created_at.desc(), collections.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(statement)).first()
    return None if row is None else Collection(*row)


def _members_shown(collection_id: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Core select, typed by use
    return (
        select(collection_tracks.c.track_id, collection_tracks.c.position, collection_tracks.c.added_at)
        .join(tracks, tracks.c.id == collection_tracks.c.track_id)
        .where(collection_tracks.c.collection_id == collection_id, tracks.c.removed_at.is_(None))
        .order_by(collection_tracks.c.position)
    )


async def members(tx: Tx, collection_id: CollectionId, *, limit: int, offset: int) -> list[Member]:
    """Members whose track is still there, in their order."""
    rows = await tx.execute(_members_shown(collection_id).limit(limit).offset(offset))
    return [Member(TrackId(row.track_id), row.position, row.added_at) for row in rows]


async def count(tx: Tx, collection_id: CollectionId) -> int:
    inner = _members_shown(collection_id).order_by(None).subquery()
    return int((await tx.execute(select(func.count()).select_from(inner))).scalar_one())


async def all_member_ids(tx: Tx, collection_id: CollectionId) -> list[TrackId]:
    """Every member in its order, also those whose track has gone: positions count them."""
    statement = (
        select(collection_tracks.c.track_id)
        .where(collection_tracks.c.collection_id == collection_id)
        .order_by(collection_tracks.c.position)
    )
    return [TrackId(row.track_id) for row in await tx.execute(statement)]


async def lock(tx: Tx, collection_id: CollectionId, *, now: int) -> None:
    """Take the collection for this transaction, and say that it changes."""
    await tx.execute(update(collections).where(collections.c.id == collection_id).values(updated_at=now))


async def append(tx: Tx, collection_id: CollectionId, track_id: TrackId, position: int, *, now: int) -> None:
    await tx.execute(
        insert(collection_tracks).values(
            collection_id=collection_id, track_id=track_id, position=position, added_at=now
        )
    )


async def place(tx: Tx, collection_id: CollectionId, ordered: list[TrackId]) -> None:
    """Give every member its index in this list."""
    positions = {track_id: position for position, track_id in enumerate(ordered)}
    await tx.execute(
        update(collection_tracks)
        .where(collection_tracks.c.collection_id == collection_id)
        .values(position=case(positions, value=collection_tracks.c.track_id))
    )
