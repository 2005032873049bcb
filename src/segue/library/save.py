"""Keeps a track in somebody's library, or lets it go. Saving never changes the track."""

from segue import tracks
from segue.access import Caller
from segue.database import Tx
from segue.errors import Forbidden, NotFound
from segue.library import store
from segue.library.store import Edge


async def save(tx: Tx, who: Caller, track_id: str, *, now: int) -> tuple[Edge, bool]:
    """Save a track that the caller can see. Twice is once: the edge that stands is returned, and that it is not new."""
    track = await store.find_readable(tx, who, track_id)
    if track is None:
        raise NotFound("There is no such track.")
    return await store.add(tx, who, track, "saved", now=now)


async def unsave(tx: Tx, who: Caller, track_id: str) -> bool:
    """Take a track out of the library; its creator still has it. True when it was in it until now."""
    if not await store.may_read(tx, who, track_id):
        raise NotFound("There is no such track.")
    return await store.drop(tx, who, track_id)


async def remove(tx: Tx, who: Caller, track_id: str, *, grace_s: int, now: int) -> bool:
    """Delete a track for everybody. Twice is once: True when it stood until now.

    Raises `Forbidden` for somebody who can see the track and did not make it, and `NotFound` for everybody else.
    """
    removed = await tracks.remove(tx, who, track_id, grace_s=grace_s, now=now)
    if removed is None:
        if await store.may_read(tx, who, track_id):
            raise Forbidden("Only its creator may delete a track.", code="INSUFFICIENT_PERMISSIONS")
        raise NotFound("There is no such track.")
    if removed:
        await store.withdraw(tx, track_id, now=now)
    return removed
