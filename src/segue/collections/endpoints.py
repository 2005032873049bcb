"""Collections over HTTP: create, list, get, change, delete; members, add, remove, order."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from segue.access import Caller
from segue.changes import Change
from segue.clock import utc_text
from segue.collections import edit, store
from segue.collections.store import Collection
from segue.database import Database
from segue.errors import Conflict, Invalid, NotFound
from segue.http import Ack, MembersPage, Page, Reply, delete, get, patch, post
from segue.limits import (
    COLLECTION_TRACKS_MAX,
    DESCRIPTION_CHARS_MAX,
    IMAGE_URL_CHARS_MAX,
    NAME_CHARS_MAX,
)

_Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARS_MAX)]
_Description = Annotated[str, Meta(max_length=DESCRIPTION_CHARS_MAX)]
_ImageUrl = Annotated[
    str, Meta(max_length=IMAGE_URL_CHARS_MAX, pattern="^https?://", extra_json_schema={"format": "one-line"})
]


class CreateCollection(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new collection. The bounds are those of `edit.create`, told together with all else."""

    name: _Name
    description: _Description | None = None
    cover_track_id: str | None = None
    cover_image_url: _ImageUrl | None = None


class ChangeCollection(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change. What is left out stays; null takes it away."""

    name: _Name | UnsetType = UNSET
    description: _Description | UnsetType | None = UNSET
    cover_track_id: str | UnsetType | None = UNSET
    cover_image_url: _ImageUrl | UnsetType | None = UNSET


class AddTrack(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an addition."""

    track_id: str


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new order."""

    ordered_track_ids: Annotated[list[str], Meta(extra_json_schema={"uniqueItems": True})]


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


_PATH = "/v1/music/{organization_id}/collections"
_ONE = _PATH + "/{collection_id}"
_ID, _TRACK_ID = "mcoll_4a1f9c7e2b8d", "mtrack_8d2e1f6a3c9b"
NO_COLLECTION = NotFound("There is no such collection.")
NO_TRACK = NotFound("There is no such track.")
EXAMPLE = CollectionView(
    id=_ID,
    name="Focus Sessions",
    description="Instrumental tracks for deep work",
    cover_track_id=None,
    cover_image_url=None,
    track_count=0,
    created_at="2026-06-28T10:30:00Z",
    updated_at="2026-06-28T10:30:00Z",
)


@post(
    _PATH,
    status=201,
    errors=(NO_TRACK,),
    asks={"name": "Focus Sessions", "description": "Instrumental tracks for deep work"},
    example=EXAMPLE,
)
async def create_collection(body: CreateCollection, who: Caller, change: Change, now: int) -> Reply[CollectionView]:
    """Make an empty collection."""
    async with change as tx:
        made = await edit.create(
            tx, who, body.name, body.description, body.cover_track_id, body.cover_image_url, now=now
        )
        return await change.done(_view(made, 0), "collection.create", subject_id=made.id)


@get(_PATH, cached=True, example=CollectionPage([msgspec.structs.replace(EXAMPLE, track_count=None)], 50, 0))
async def list_collections(who: Caller, query: Page, database: Database) -> CollectionPage:
    """List the caller's collections, newest first."""
    async with database.reading() as tx:
        found = await store.newest(tx, who, limit=query.limit, offset=query.offset)
    return CollectionPage([_view(collection, None) for collection in found], query.limit, query.offset)


@get(_ONE, cached=True, errors=(NO_COLLECTION,), example=msgspec.structs.replace(EXAMPLE, track_count=12))
async def get_collection(collection_id: str, who: Caller, database: Database) -> CollectionView:
    """Get one collection with the number of its tracks."""
    async with database.reading() as tx:
        collection = await edit.own(tx, who, collection_id)
        return _view(collection, await store.count(tx, collection.id))


@patch(
    _ONE,
    errors=(NO_COLLECTION, NO_TRACK),
    asks={"name": "Deep Work", "description": None},
    example=msgspec.structs.replace(EXAMPLE, name="Deep Work", description=None, track_count=12),
)
async def change_collection(
    collection_id: str, body: ChangeCollection, who: Caller, change: Change, now: int
) -> Reply[CollectionView]:
    """Change what is sent; leave what is not."""
    wanted = edit.Edit(body.name, body.description, body.cover_track_id, body.cover_image_url)
    async with change as tx:
        changed = await edit.change(tx, who, collection_id, wanted, now=now)
        view = _view(changed, await store.count(tx, changed.id))
        return await change.done(view, "collection.change", subject_id=collection_id)


@delete(_ONE, errors=(NO_COLLECTION,), example=Ack(id=_ID, detail="Collection deleted."))
async def delete_collection(collection_id: str, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """Delete a collection; its tracks stay. Links to it answer that it was removed. Twice is once."""
    async with change as tx:
        removed = await edit.remove(tx, who, collection_id, now=now)
        done = Ack(id=collection_id, detail="Collection deleted.")
        outcome = "done" if removed else "unchanged"
        return await change.done(done, "collection.delete", outcome=outcome, subject_id=collection_id)


@get(
    _ONE + "/tracks",
    cached=True,
    errors=(NO_COLLECTION,),
    example=MemberPage(_ID, [MemberView(_TRACK_ID, 0, "2026-06-28T10:35:00Z")], 200, 0),
)
async def list_collection_tracks(collection_id: str, who: Caller, query: MembersPage, database: Database) -> MemberPage:
    """List the members of a collection in their order."""
    async with database.reading() as tx:
        collection = await edit.own(tx, who, collection_id)
        found = await store.members(tx, collection.id, limit=query.limit, offset=query.offset)
    items = [MemberView(member.track_id, member.position, utc_text(member.added_at)) for member in found]
    return MemberPage(collection.id, items, query.limit, query.offset)


@post(
    _ONE + "/tracks",
    status=200,
    errors=(NO_COLLECTION, NO_TRACK, Conflict(f"A collection holds at most {COLLECTION_TRACKS_MAX} tracks.")),
    asks={"track_id": _TRACK_ID},
    example=Ack(id=_TRACK_ID, detail="Track added to collection."),
)
async def add_collection_track(collection_id: str, body: AddTrack, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """Append a track that the caller made or saved; a member stays where it is."""
    async with change as tx:
        added = await edit.add_track(tx, who, collection_id, body.track_id, now=now)
        done = Ack(id=body.track_id, detail="Track added to collection.")
        outcome = "done" if added else "unchanged"
        return await change.done(done, "collection.change", outcome=outcome, subject_id=collection_id)


@delete(
    _ONE + "/tracks/{track_id}",
    errors=(NO_COLLECTION,),
    example=Ack(id=_TRACK_ID, detail="Track removed from collection."),
)
async def remove_collection_track(
    collection_id: str, track_id: str, who: Caller, change: Change, now: int
) -> Reply[Ack]:
    """Take a track out of a collection; the track stays. One that is no member changes nothing."""
    async with change as tx:
        removed = await edit.remove_track(tx, who, collection_id, track_id, now=now)
        done = Ack(id=track_id, detail="Track removed from collection.")
        outcome = "done" if removed else "unchanged"
        return await change.done(done, "collection.change", outcome=outcome, subject_id=collection_id)


@patch(
    _ONE + "/order",
    errors=(NO_COLLECTION, Invalid("A track stands in the order twice.")),
    asks={"ordered_track_ids": ["mtrack_1b9c4e7f2a6d", _TRACK_ID]},
    example=Ack(id=_ID, detail="Collection reordered."),
)
async def reorder_collection(collection_id: str, body: Order, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """Put the members into a new order. Those left out follow in the order they had; strangers are passed over."""
    async with change as tx:
        await edit.reorder(tx, who, collection_id, body.ordered_track_ids, now=now)
        done = Ack(id=collection_id, detail="Collection reordered.")
        return await change.done(done, "collection.change", subject_id=collection_id)


ENDPOINTS = (
    create_collection,
    list_collections,
    get_collection,
    change_collection,
    delete_collection,
    list_collection_tracks,
    add_collection_track,
    remove_collection_track,
    reorder_collection,
)
