"""Collections over HTTP: create, list, get, members, add, order."""

from typing import Annotated

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.audit import Trail
from segue.clock import utc_text
from segue.collections import edit, store
from segue.collections.store import Collection
from segue.database import Database
from segue.http import Ack, FrameworkRequest, FromPath, Given, get, page, patch, post, read_json
from segue.limits import (
    DESCRIPTION_CHARS_MAX,
    IMAGE_URL_CHARS_MAX,
    MEMBERS_LIMIT_DEFAULT,
    MEMBERS_LIMIT_MAX,
    NAME_CHARS_MAX,
)


class CreateCollection(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new collection. The bounds are those of `edit.create`, told together with all else."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_CHARS_MAX)]
    description: Annotated[str, Meta(max_length=DESCRIPTION_CHARS_MAX)] | None = None
    cover_track_id: str | None = None
    cover_image_url: Annotated[str, Meta(max_length=IMAGE_URL_CHARS_MAX, pattern="^https?://")] | None = None


class AddTrack(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an addition."""

    track_id: str


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new order."""

    ordered_track_ids: list[str]


class CollectionView(msgspec.Struct):
    """A collection as its owner sees it. The count is null in lists."""

    id: str
    name: str
    description: str | None
    cover_track_id: str | None
    cover_image_url: str | None
    track_count: int | None
    created_at: str
    updated_at: str


class CollectionPage(msgspec.Struct):
    """One page of the caller's collections."""

    items: list[CollectionView]
    limit: int
    offset: int


class MemberView(msgspec.Struct):
    """A membership, not a track."""

    track_id: str
    position: int
    added_at: str


class MemberPage(msgspec.Struct):
    """One page of a collection's members, in their order."""

    collection_id: str
    items: list[MemberView]
    limit: int
    offset: int


def _view(collection: Collection, track_count: int | None) -> CollectionView:
    return CollectionView(
        id=collection.id,
        name=collection.name,
        description=collection.description,
        cover_track_id=collection.cover_track_id,
        cover_image_url=collection.cover_image_url,
        track_count=track_count,
        created_at=utc_text(collection.created_at),
        updated_at=utc_text(collection.updated_at),
    )


@post("/v1/music/{organization_id:str}/collections", status_code=201)
async def create_collection(
    request: FrameworkRequest, who: Given[Caller], database: Given[Database], trail: Given[Trail], now: Given[int]
) -> CollectionView:
    """Make an empty collection."""
    wish = read_json(await request.body(), CreateCollection)
    async with database.transaction() as tx:
        made = await edit.create(
            tx, who, wish.name, wish.description, wish.cover_track_id, wish.cover_image_url, now=now
        )
    await trail.record("collection.create", "done", subject_id=made.id, actor_id=who.user_id)
    return _view(made, 0)


@get("/v1/music/{organization_id:str}/collections")
async def list_collections(request: FrameworkRequest, who: Given[Caller], database: Given[Database]) -> CollectionPage:
    """The caller's collections, newest first."""
    limit, offset = page(request)
    async with database.reading() as tx:
        found = await store.newest(tx, who, limit=limit, offset=offset)
    return CollectionPage([_view(collection, None) for collection in found], limit, offset)


@get("/v1/music/{organization_id:str}/collections/{collection_id:str}")
async def get_collection(collection_id: FromPath[str], who: Given[Caller], database: Given[Database]) -> CollectionView:
    """One collection with the number of its tracks."""
    async with database.reading() as tx:
        collection = await edit.own(tx, who, collection_id)
        return _view(collection, await store.count(tx, collection.id))


@get("/v1/music/{organization_id:str}/collections/{collection_id:str}/tracks")
async def list_collection_tracks(
    collection_id: FromPath[str], request: FrameworkRequest, who: Given[Caller], database: Given[Database]
) -> MemberPage:
    """The members in their order."""
    limit, offset = page(request, default=MEMBERS_LIMIT_DEFAULT, maximum=MEMBERS_LIMIT_MAX)
    async with database.reading() as tx:
        collection = await edit.own(tx, who, collection_id)
        found = await store.members(tx, collection.id, limit=limit, offset=offset)
    items = [MemberView(member.track_id, member.position, utc_text(member.added_at)) for member in found]
    return MemberPage(collection.id, items, limit, offset)


@post("/v1/music/{organization_id:str}/collections/{collection_id:str}/tracks", status_code=200)
async def add_collection_track(
    collection_id: FromPath[str],
    request: FrameworkRequest,
    who: Given[Caller],
    database: Given[Database],
    trail: Given[Trail],
    now: Given[int],
) -> Ack:
    """Append a track; a member stays where it is."""
    wish = read_json(await request.body(), AddTrack)
    async with database.transaction() as tx:
        await edit.add_track(tx, who, collection_id, wish.track_id, now=now)
    await trail.record("collection.change", "done", subject_id=collection_id, actor_id=who.user_id)
    return Ack(id=wish.track_id, detail="Track added to collection.")


@patch("/v1/music/{organization_id:str}/collections/{collection_id:str}/order")
async def reorder_collection(
    collection_id: FromPath[str],
    request: FrameworkRequest,
    who: Given[Caller],
    database: Given[Database],
    trail: Given[Trail],
    now: Given[int],
) -> Ack:
    """Put the members into a new order."""
    wish = read_json(await request.body(), Order)
    async with database.transaction() as tx:
        await edit.reorder(tx, who, collection_id, wish.ordered_track_ids, now=now)
    await trail.record("collection.change", "done", subject_id=collection_id, actor_id=who.user_id)
    return Ack(id=collection_id, detail="Collection reordered.")
