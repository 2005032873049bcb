"""Makes a link to a track or a collection of one's own. Its secret is returned once and never stored."""

from segue import collections, tracks
from segue.access import Caller
from segue.database import Tx
from segue.errors import Conflict, NotFound
from segue.ids import CollectionId, TrackId, new_share_id
from segue.settings import Settings
from segue.shares import store
from segue.shares.rules import Wish, check_wish, expiry
from segue.shares.store import Share
from segue.shares.token import ShareToken, new_token


async def share_track(
    tx: Tx, who: Caller, track_id: str, wish: Wish, settings: Settings, *, now: int
) -> tuple[Share, ShareToken]:
    """A new link to the caller's track. `NotFound` for anybody else; `Conflict` where known terms forbid it."""
    track = await tracks.find_own(tx, who, track_id)
    if track is None:
        raise NotFound("There is no such track.")
    if not track.shareable:
        raise Conflict(
            "The terms of this track do not allow giving it out.",
            code="NOT_SHAREABLE",
            details={"track_id": track.id, "licence_class": track.licence_class},
        )
    return await _share(tx, who, wish, settings, track_id=track.id, now=now)


async def share_collection(
    tx: Tx, who: Caller, collection_id: str, wish: Wish, settings: Settings, *, now: int
) -> tuple[Share, ShareToken]:
    """A new link to the caller's collection."""
    collection = await collections.own(tx, who, collection_id)
    return await _share(tx, who, wish, settings, collection_id=collection.id, now=now)


async def _share(
    tx: Tx,
    who: Caller,
    wish: Wish,
    settings: Settings,
    *,
    track_id: TrackId | None = None,
    collection_id: CollectionId | None = None,
    now: int,
) -> tuple[Share, ShareToken]:
    check_wish(wish)
    token = new_token()
    share = Share(
        id=new_share_id(),
        organization_id=who.organization_id,
        owner_id=who.user_id,
        track_id=track_id,
        collection_id=collection_id,
        visibility=wish.visibility,
        label=wish.label,
        max_opens=wish.max_opens,
        opens=0,
        allow_save=wish.allow_save,
        rotations=0,
        created_at=now,
        expires_at=expiry(wish.expires_in_days, settings, now=now),
        revoked_at=None,
    )
    await store.add(tx, share, token.digest())
    return share, token
