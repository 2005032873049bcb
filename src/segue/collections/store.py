"""Rows of collections and of their members. Whose they are stands in every statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, insert, select, update

from segue.access import Caller
from segue.collections.tables import collection_tracks, collections
from segue.database import Query, Tx, next_in, paged
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


# A cover whose track has been removed is no cover.
_COVER = (
    select(tracks.c.id)
    .where(tracks.c.id == collections.c.cover_track_id, tracks.c.removed_at.is_(None))
    .scalar_subquery()
    .label("cover_track_id")
)
_COLLECTION = [_COVER if name == "cover_track_id" else collections.c[name] for name in Collection.__slots__]


def _own(who: Caller) -> ColumnElement[bool]:
    """The caller's collections that have not been removed."""
    return and_(
        collections.c.organization_id == who.organization_id,
        collections.c.owner_id == who.user_id,
        collections.c.removed_at.is_(None),
    )


_LIST = Query(
    paged(
        select(*_COLLECTION)
        .where(
            collections.c.organization_id == bindparam("organization_id"),
            collections.c.owner_id == bindparam("owner_id"),
            collections.c.removed_at.is_(None),
        )
        .order_by(collections.c.nth.desc())
    ),
    ("organization_id", "owner_id", "limit", "offset"),
)

# Members whose track is still there, in their order.
_SHOWN = (
    select(collection_tracks.c.track_id, collection_tracks.c.position, collection_tracks.c.added_at)
    .join(tracks, tracks.c.id == collection_tracks.c.track_id)
    .where(collection_tracks.c.collection_id == bindparam("collection_id"), tracks.c.removed_at.is_(None))
)

_MEMBERS = Query(
    paged(_SHOWN.order_by(collection_tracks.c.position)),
    ("collection_id", "limit", "offset"),
)

_COUNT = Query(select(func.count()).select_from(_SHOWN.subquery()), ("collection_id",))


async def add(tx: Tx, collection: Collection) -> None:
    values = {name: getattr(collection, name) for name in Collection.__slots__}
    mine = (
        collections.c.organization_id == collection.organization_id,
        collections.c.owner_id == collection.owner_id,
    )
    await tx.execute(insert(collections).values(**values, nth=next_in(collections.c.nth, *mine)))


async def find_own(tx: Tx, who: Caller, collection_id: str) -> Collection | None:
    if not has_prefix(collection_id, "mcoll"):
        return None
    statement = select(*_COLLECTION).where(collections.c.id == collection_id, _own(who))
    row = (await tx.execute(statement)).first()
    return None if row is None else Collection(*row)


async def newest(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Collection]:
    values = {"organization_id": who.organization_id, "owner_id": who.user_id, "limit": limit, "offset": offset}
    return [Collection(*row) for row in await tx.execute(_LIST.select, values)]


async def named(tx: Tx, who: Caller, name: str) -> Collection | None:
    """The newest of the caller's collections with exactly this name."""
    statement = (
        select(*_COLLECTION).where(_own(who), collections.c.name == name).order_by(collections.c.nth.desc()).limit(1)
    )
    row = (await tx.execute(statement)).first()
    return None if row is None else Collection(*row)


async def take(tx: Tx, who: Caller, collection_id: str) -> bool:
    """Hold the caller's collection until the transaction ends. False where there is none."""
    return await change(tx, who, collection_id, updated_at=collections.c.updated_at)


async def change(tx: Tx, who: Caller, collection_id: str, **values: Any) -> bool:
    """Write into the caller's collection. False where there is none."""
    own = and_(collections.c.id == collection_id, _own(who))
    return (await tx.execute(update(collections).where(own).values(**values))).rowcount == 1


async def remove(tx: Tx, who: Caller, collection_id: str, *, now: int) -> bool | None:
    """True when it stood until now, False when the caller had removed it before, None where there is none."""
    if await change(tx, who, collection_id, removed_at=now):
        return True
    statement = select(collections.c.id).where(
        collections.c.id == collection_id,
        collections.c.organization_id == who.organization_id,
        collections.c.owner_id == who.user_id,
    )
    return False if (await tx.execute(statement)).first() is not None else None


async def members(tx: Tx, collection_id: CollectionId, *, limit: int, offset: int) -> list[Member]:
    """Members whose track is still there, in their order and numbered without gaps."""
    values = {"collection_id": collection_id, "limit": limit, "offset": offset}
    rows = await tx.execute(_MEMBERS.select, values)
    return [Member(TrackId(row.track_id), offset + nth, row.added_at) for nth, row in enumerate(rows)]


async def count(tx: Tx, collection_id: CollectionId) -> int:
    return int((await tx.execute(_COUNT.select, {"collection_id": collection_id})).scalar_one())


async def member_ids(tx: Tx, who: Caller, collection_id: str) -> list[TrackId]:
    """Every member of the caller's collection in its order, also those whose track has gone: positions count them."""
    statement = (
        select(collection_tracks.c.track_id)
        .join(collections, collections.c.id == collection_tracks.c.collection_id)
        .where(collection_tracks.c.collection_id == collection_id, _own(who))
        .order_by(collection_tracks.c.position)
    )
    return [TrackId(row.track_id) for row in await tx.execute(statement)]


async def append(tx: Tx, collection_id: str, track_id: str, position: int, *, now: int) -> None:
    await tx.execute(
        insert(collection_tracks).values(
            collection_id=collection_id, track_id=track_id, position=position, added_at=now
        )
    )


async def drop(tx: Tx, collection_id: str, track_id: str) -> None:
    own = and_(collection_tracks.c.collection_id == collection_id, collection_tracks.c.track_id == track_id)
    await tx.execute(delete(collection_tracks).where(own))


async def place(tx: Tx, collection_id: str, ordered: list[TrackId]) -> None:
    """Give every member its index in this list."""
    positions = {track_id: position for position, track_id in enumerate(ordered)}
    await tx.execute(
        update(collection_tracks)
        .where(collection_tracks.c.collection_id == collection_id)
        .values(position=case(positions, value=collection_tracks.c.track_id))
    )
