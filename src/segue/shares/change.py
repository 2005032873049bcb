"""Changes the terms of a link, or its secret. What has been revoked stays so; somebody else's link is not there."""

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET, UnsetType

from segue.access import Caller
from segue.database import Tx
from segue.errors import Conflict, NotFound
from segue.settings import Settings
from segue.shares import store
from segue.shares.rules import Wish, check_wish, expiry
from segue.shares.store import Share
from segue.shares.token import ShareToken, new_token


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change. What is left unset stays; None lifts a limit or takes the label away."""

    visibility: str | UnsetType = UNSET
    expires_in_days: int | UnsetType | None = UNSET
    label: str | UnsetType | None = UNSET
    max_opens: int | UnsetType | None = UNSET
    allow_save: bool | UnsetType = UNSET


async def change(tx: Tx, who: Caller, share_id: str, edit: Edit, settings: Settings, *, now: int) -> Share:
    """The link as it stands afterwards. A lifetime counts from now; opens that were had stay counted."""
    given = {name: getattr(edit, name) for name in Edit.__slots__}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not UNSET}
    check_wish(Wish(**wanted))
    if "expires_in_days" in wanted:
        wanted["expires_at"] = expiry(wanted.pop("expires_in_days"), settings, now=now)
    if wanted and not await store.change(tx, who, share_id, **wanted):
        await _refuse(tx, who, share_id)
    share = await store.find_own(tx, who, share_id)
    if share is None:
        raise NotFound("There is no such share link.")
    return share


async def rotate(tx: Tx, who: Caller, share_id: str) -> tuple[Share, ShareToken]:
    """A new secret for the same link: same terms, same history. From the commit on the old one is dead, and so is
    everything that was signed for its holders.
    """
    token = new_token()
    if not await store.rotate(tx, who, share_id, token.digest()):
        await _refuse(tx, who, share_id)
    share = await store.find_own(tx, who, share_id)
    if share is None:
        raise NotFound("There is no such share link.")
    return share, token


async def _refuse(tx: Tx, who: Caller, share_id: str) -> None:
    """Why nothing was written: it is not there for the caller, or it was revoked."""
    if await store.find_own(tx, who, share_id) is None:
        raise NotFound("There is no such share link.")
    raise Conflict("This link was revoked, and that is for good. Make a new one.")
