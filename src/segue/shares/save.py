"""Keeps a shared track in the library of whoever has the link and an account. The track itself is untouched.

A link with a number of opens gives one of them for each save that is new: otherwise saving would be the way around it.
"""

from segue import library, tracks
from segue.access import Caller
from segue.database import Tx
from segue.errors import Conflict
from segue.library import Edge
from segue.shares import store
from segue.shares.rules import Standing, dead, standing
from segue.shares.store import Saveable


async def save(tx: Tx, who: Caller, link: Saveable | None, *, now: int) -> tuple[Edge, bool]:
    """The track's place in the caller's library, and whether it is new. `link` is held by this transaction.

    Raises `NotFound` for every link that is not open and for a track that was removed; `Conflict` for a collection,
    and where the sharer does not want it.
    """
    if link is None or standing(link.terms, now) is not Standing.OPEN:
        raise dead()
    if link.is_collection:
        raise Conflict("A collection cannot be saved, only a single track.")
    if not link.allow_save:
        raise Conflict("Whoever shared this does not want it to be saved.")
    track = None if link.track_id is None else await tracks.find(tx, link.track_id)
    if track is None:
        raise dead()
    edge, new = await library.add(tx, who, track, "shared", share_id=link.share_id, now=now)
    if new and link.terms.max_opens is not None and not await store.claim_open(tx, link.share_id):
        raise dead()
    return edge, new
