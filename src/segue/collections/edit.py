"""Makes collections and changes their members. For everybody but its owner a collection is not there."""

from collections.abc import Sequence

from segue import library, tracks
from segue.access import Caller, may_read_track, require_owner
from segue.collections import store
from segue.collections.order import reordered
from segue.collections.store import Collection
from segue.database import Tx
from segue.errors import Conflict, Invalid, NotFound
from segue.ids import TrackId, new_collection_id
from segue.limits import COLLECTION_TRACKS_MAX, DESCRIPTION_CHARS_MAX, IMAGE_URL_CHARS_MAX, NAME_CHARS_MAX


async def create(
    tx: Tx,
    who: Caller,
    name: str,
    description: str | None = None,
    cover_track_id: str | None = None,
    cover_image_url: str | None = None,
    *,
    now: int,
) -> Collection:
    """A new, empty collection of the caller's."""
    _check(name, description, cover_image_url)
    cover = None if cover_track_id is None else await _readable(tx, who, cover_track_id)
    collection = Collection(
        id=new_collection_id(),
        organization_id=who.organization_id,
        owner_id=who.user_id,
        name=name,
        description=description,
        cover_track_id=cover,
        cover_image_url=cover_image_url,
        created_at=now,
        updated_at=now,
    )
    await store.add(tx, collection)
    return collection


async def own(tx: Tx, who: Caller, collection_id: str) -> Collection:
    """The caller's collection. Raises `NotFound` for a missing one and for somebody else's, alike."""
    collection = await store.find(tx, collection_id)
    if collection is None:
        raise NotFound("There is no such collection.")
    require_owner(who, organization_id=collection.organization_id, owner_id=collection.owner_id, what="collection")
    return collection


async def add_track(tx: Tx, who: Caller, collection_id: str, track_id: str, *, now: int) -> None:
    """Append a track that the caller may read. Twice is once: a member stays where it is."""
    collection = await own(tx, who, collection_id)
    readable = await _readable(tx, who, track_id)
    await store.lock(tx, collection.id, now=now)
    present = await store.all_member_ids(tx, collection.id)
    if readable in present:
        return
    if len(present) >= COLLECTION_TRACKS_MAX:
        raise Conflict(f"A collection holds at most {COLLECTION_TRACKS_MAX} tracks.")
    await store.append(tx, collection.id, readable, len(present), now=now)


async def reorder(tx: Tx, who: Caller, collection_id: str, wished: Sequence[str], *, now: int) -> None:
    """Put the members into this order; see `reordered` for what is left out or does not belong."""
    collection = await own(tx, who, collection_id)
    await store.lock(tx, collection.id, now=now)
    present = await store.all_member_ids(tx, collection.id)
    ordered = reordered(present, wished)
    if ordered:
        await store.place(tx, collection.id, ordered)


async def _readable(tx: Tx, who: Caller, track_id: str) -> TrackId:
    track = await tracks.find(tx, track_id)
    if track is None or not may_read_track(
        who,
        organization_id=track.organization_id,
        creator_id=track.creator_id,
        saved=await library.has(tx, who, track_id),
    ):
        raise NotFound("There is no such track.")
    return track.id


def _check(name: str, description: str | None, cover_image_url: str | None) -> None:
    faults = {}
    if not 1 <= len(name) <= NAME_CHARS_MAX or "\x00" in name:
        faults["name"] = f"A name has 1 to {NAME_CHARS_MAX} characters."
    if description is not None and (len(description) > DESCRIPTION_CHARS_MAX or "\x00" in description):
        faults["description"] = f"A description has at most {DESCRIPTION_CHARS_MAX} characters."
    if cover_image_url is not None and not (
        len(cover_image_url) <= IMAGE_URL_CHARS_MAX
        and cover_image_url.startswith(("https://", "http://"))
        and cover_image_url.isprintable()
    ):
        faults["cover_image_url"] = f"A cover is an http address of at most {IMAGE_URL_CHARS_MAX} characters."
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)
