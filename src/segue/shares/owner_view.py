"""Pure. A link as the API shows it to whoever made it."""

from typing import Literal

import msgspec

from segue.clock import utc_text, utc_text_or_none
from segue.shares.bodies import Visibility
from segue.shares.rules import Terms, standing
from segue.shares.store import Share
from segue.shares.token import ShareToken

TargetType = Literal["track", "collection"]
State = Literal["open", "revoked", "expired", "used_up"]


class NewShareView(msgspec.Struct):
    """A link with its secret. The token is shown here once and cannot be read again."""

    id: str
    token: str
    url: str
    target_type: TargetType
    visibility: Visibility
    expires_at: str | None
    created_at: str


class ListedShareView(msgspec.Struct):
    """A link as its owner's list shows it: everything but the secret. `opens` is counted where there is a limit."""

    id: str
    target_type: TargetType
    target_id: str
    visibility: Visibility
    label: str | None
    state: State
    opens: int | None
    max_opens: int | None
    allow_save: bool
    expires_at: str | None
    revoked_at: str | None
    created_at: str


class SharePageView(msgspec.Struct):
    """One page of the caller's links, newest first."""

    items: list[ListedShareView]
    limit: int
    offset: int


def share_url(public_url: str, token: ShareToken) -> str:
    """The link that a person passes on."""
    return f"{public_url}/v1/music/shared/{token.raw}"


def new_share_view(share: Share, token: ShareToken, public_url: str) -> NewShareView:
    """What the maker of a link is told once."""
    return NewShareView(
        id=share.id,
        token=token.raw,
        url=share_url(public_url, token),
        target_type="track" if share.track_id else "collection",
        visibility=share.visibility,  # type: ignore[arg-type]
        expires_at=utc_text_or_none(share.expires_at),
        created_at=utc_text(share.created_at),
    )


def listed(share: Share, *, now: int) -> ListedShareView:
    """A link for a list."""
    terms = Terms(share.revoked_at, share.expires_at, share.max_opens, share.opens, owner_gone=False)
    return ListedShareView(
        id=share.id,
        target_type="track" if share.track_id else "collection",
        target_id=str(share.track_id or share.collection_id),
        visibility=share.visibility,  # type: ignore[arg-type]
        label=share.label,
        state=standing(terms, now).value,  # type: ignore[arg-type]
        opens=share.opens if share.max_opens is not None else None,
        max_opens=share.max_opens,
        allow_save=share.allow_save,
        expires_at=utc_text_or_none(share.expires_at),
        revoked_at=utc_text_or_none(share.revoked_at),
        created_at=utc_text(share.created_at),
    )
