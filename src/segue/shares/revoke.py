"""Ends a link. Twice is once; somebody else's link is not there."""

from segue.access import Caller
from segue.database import Tx
from segue.errors import NotFound
from segue.ids import has_prefix
from segue.shares import store


async def revoke(tx: Tx, who: Caller, share_id: str, *, now: int) -> bool:
    """From the commit on, no open and no byte range of this link is answered. True when it was live until now."""
    known = has_prefix(share_id, "mslink")
    if known and await store.revoke(tx, who, share_id, now=now):
        return True
    if not known or await store.find_own(tx, who, share_id) is None:
        raise NotFound("There is no such share link.")
    return False
