"""Makes collections and changes their members. For everybody but its owner a collection is not there.

Whoever changes members takes the collection first, by writing into its row; so changes come one after the other, and
positions are 0 to n-1 after each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET, UnsetType

from segue import library
from segue.access import Caller
from segue.collections import store
from segue.collections.order import reordered
from segue.collections.store import Collection
from segue.database import Tx
from segue.errors import Conflict, Invalid, NotFound
from segue.ids import TrackId, new_collection_id
from segue.limits import COLLECTION_TRACKS_MAX, DESCRIPTION_CHARS_MAX, IMAGE_URL_CHARS_MAX, NAME_CHARS_MAX

_NO_COLLECTION = "There is no such collection."


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change. What is left unset stays; None takes it away, but a collection always has a name."""

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    cover_track_id: str | UnsetType | None = UNSET
    cover_image_url: str | UnsetType | None = UNSET


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
    collection = await store.find_own(tx, who, collection_id)
    if collection is None:
        raise NotFound(_NO_COLLECTION)
    return collection


async def change(tx: Tx, who: Caller, collection_id: str, edit: Edit, *, now: int) -> Collection:
    """The collection as it stands afterwards. Nothing to change is no change, and moves no time."""
    given = {name: getattr(edit, name) for name in Edit.__slots__}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not UNSET}
    _check(values.get("name", "-"), values.get("description"), values.get("cover_image_url"))
    if values.get("cover_track_id") is not None:
        await _readable(tx, who, values["cover_track_id"])
    if values and not await store.change(tx, who, collection_id, **values, updated_at=now):
        raise NotFound(_NO_COLLECTION)
    return await own(tx, who, collection_id)


async def remove(tx: Tx, who: Caller, collection_id: str, *, now: int) -> bool:
    """Delete a collection; its tracks stay. Twice is once: True when it stood until now."""
    removed = await store.remove(tx, who, collection_id, now=now)
    if removed is None:
        raise NotFound(_NO_COLLECTION)
    return removed


async def add_track(tx: Tx, who: Caller, collection_id: str, track_id: str, *, now: int) -> bool:
    """Append a track that the caller may read. Twice is once: a member stays where it is. True when it is new."""
    await _take(tx, who, collection_id)
    readable = await _readable(tx, who, track_id)
    present = await store.member_ids(tx, who, collection_id)
    if readable in present:
        return False
    if len(present) >= COLLECTION_TRACKS_MAX:
        raise Conflict(f"A collection holds at most {COLLECTION_TRACKS_MAX} tracks.")
    await store.append(tx, collection_id, readable, len(present), now=now)
    await store.change(tx, who, collection_id, updated_at=now)
    return True


async def remove_track(tx: Tx, who: Caller, collection_id: str, track_id: str, *, now: int) -> bool:
    """Take a track out; those behind it move up. Twice is once: True when it was a member until now."""
    await _take(tx, who, collection_id)
    present = await store.member_ids(tx, who, collection_id)
    if track_id not in present:
        return False
    await store.drop(tx, collection_id, track_id)
    left = [member for member in present if member != track_id]
    if left:
        await store.place(tx, collection_id, left)
    await store.change(tx, who, collection_id, updated_at=now)
    return True


async def reorder(tx: Tx, who: Caller, collection_id: str, wished: Sequence[str], *, now: int) -> None:
    """Put the members into this order; see `reordered` for what is left out or does not belong."""
    await _take(tx, who, collection_id)
    ordered = reordered(await store.member_ids(tx, who, collection_id), wished)
    if ordered:
        await store.place(tx, collection_id, ordered)
        await store.change(tx, who, collection_id, updated_at=now)


async def members_of(tx: Tx, who: Caller, collection_id: str) -> Sequence[TrackId]:
    """The tracks of the caller's collection. Raises `NotFound` where there is none."""
    return await store.member_ids(tx, who, (await own(tx, who, collection_id)).id)


async def _take(tx: Tx, who: Caller, collection_id: str) -> None:
    if not await store.take(tx, who, collection_id):
        raise NotFound(_NO_COLLECTION)


async def _readable(tx: Tx, who: Caller, track_id: str) -> TrackId:
    if not await library.may_read(tx, who, track_id):
        raise NotFound("There is no such track.")
    return TrackId(track_id)


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
