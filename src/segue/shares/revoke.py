"""Ends a link. Twice is once; somebody else's link is not there."""

from segue.access import Caller
from segue.database import Tx
from segue.errors import NotFound
from segue.shares import store


async def revoke(tx: Tx, who: Caller, share_id: str, *, now: int) -> bool:
    """From the commit on, no open and no byte range of this link is answered. True when it was live until now."""
    if await store.change(tx, who, share_id, revoked_at=now):
        return True
    if await store.find_own(tx, who, share_id) is None:
        raise NotFound("There is no such share link.")
    return False
