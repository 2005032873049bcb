"""Share links over HTTP, for those who make them: share a track, share a collection, list, revoke."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.audit import Trail
from segue.clock import utc_text, utc_text_or_none
from segue.database import Database
from segue.http import Ack, FrameworkRequest, FromPath, Given, delete, get, page, post, read_json
from segue.limits import LABEL_CHARS_MAX, SHARE_OPENS_MAX
from segue.settings import Settings
from segue.shares import store
from segue.shares.create import Wish, share_collection, share_track
from segue.shares.revoke import revoke
from segue.shares.rules import Terms, standing
from segue.shares.store import Share
from segue.shares.token import ShareToken


class CreateShare(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new link; it may be left out. The bounds are those of `check_wish`, told together with all else."""

    visibility: Literal["link_only", "public"] = "link_only"
    expires_in_days: Annotated[int, Meta(ge=1)] | None = None
    label: Annotated[str, Meta(max_length=LABEL_CHARS_MAX)] | None = None
    max_opens: Annotated[int, Meta(ge=1, le=SHARE_OPENS_MAX)] | None = None


class NewShareView(msgspec.Struct):
    """A new link. The token is shown here once and cannot be read again."""

    id: str
    token: str
    url: str
    target_type: str
    visibility: str
    expires_at: str | None
    created_at: str


class ListedShareView(msgspec.Struct):
    """A link as its owner's list shows it: everything but the secret."""

    id: str
    target_type: str
    target_id: str
    visibility: str
    label: str | None
    state: str
    opens: int | None
    max_opens: int | None
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


def listed(share: Share, *, now: int) -> ListedShareView:
    """A link for a list. `opens` is counted only where there is a limit to count to."""
    terms = Terms(share.revoked_at, share.expires_at, share.max_opens, share.opens, owner_gone=False)
    return ListedShareView(
        id=share.id,
        target_type="track" if share.track_id else "collection",
        target_id=str(share.track_id or share.collection_id),
        visibility=share.visibility,
        label=share.label,
        state=standing(terms, now).value,
        opens=share.opens if share.max_opens is not None else None,
        max_opens=share.max_opens,
        expires_at=utc_text_or_none(share.expires_at),
        revoked_at=utc_text_or_none(share.revoked_at),
        created_at=utc_text(share.created_at),
    )


async def _wish(request: FrameworkRequest) -> Wish:
    body = read_json(await request.body(), CreateShare)
    return Wish(body.visibility, body.expires_in_days, body.label, body.max_opens)


def new_share_view(share: Share, token: ShareToken, public_url: str) -> NewShareView:
    """What the maker of a link is told once."""
    return NewShareView(
        id=share.id,
        token=token.raw,
        url=share_url(public_url, token),
        target_type="track" if share.track_id else "collection",
        visibility=share.visibility,
        expires_at=utc_text_or_none(share.expires_at),
        created_at=utc_text(share.created_at),
    )


@post("/v1/music/{organization_id:str}/tracks/{track_id:str}/share", status_code=201)
async def share_track_endpoint(
    track_id: FromPath[str],
    request: FrameworkRequest,
    who: Given[Caller],
    database: Given[Database],
    settings: Given[Settings],
    public_url: Given[str],
    trail: Given[Trail],
    now: Given[int],
) -> NewShareView:
    """Make a link to a track that the caller created."""
    wish = await _wish(request)
    async with database.transaction() as tx:
        share, token = await share_track(tx, who, track_id, wish, settings, now=now)
    await trail.record("share.create", "done", share_id=share.id, subject_id=track_id, actor_id=who.user_id)
    return new_share_view(share, token, public_url)


@post("/v1/music/{organization_id:str}/collections/{collection_id:str}/share", status_code=201)
async def share_collection_endpoint(
    collection_id: FromPath[str],
    request: FrameworkRequest,
    who: Given[Caller],
    database: Given[Database],
    settings: Given[Settings],
    public_url: Given[str],
    trail: Given[Trail],
    now: Given[int],
) -> NewShareView:
    """Make a link to a collection of the caller's."""
    wish = await _wish(request)
    async with database.transaction() as tx:
        share, token = await share_collection(tx, who, collection_id, wish, settings, now=now)
    await trail.record("share.create", "done", share_id=share.id, subject_id=collection_id, actor_id=who.user_id)
    return new_share_view(share, token, public_url)


@get("/v1/music/{organization_id:str}/shares")
async def list_shares(
    request: FrameworkRequest, who: Given[Caller], database: Given[Database], now: Given[int]
) -> SharePageView:
    """The caller's links, newest first, ended ones included."""
    limit, offset = page(request)
    async with database.reading() as tx:
        found = await store.newest(tx, who, limit=limit, offset=offset)
    return SharePageView([listed(share, now=now) for share in found], limit, offset)


@delete("/v1/music/{organization_id:str}/share/{share_id:str}", status_code=200)
async def revoke_share(
    share_id: FromPath[str], who: Given[Caller], database: Given[Database], trail: Given[Trail], now: Given[int]
) -> Ack:
    """End a link for good. Twice is once."""
    async with database.transaction() as tx:
        ended = await revoke(tx, who, share_id, now=now)
    outcome = "done" if ended else "unchanged"
    await trail.record("share.revoke", outcome, share_id=share_id, actor_id=who.user_id)
    return Ack(id=share_id, detail="Share link revoked.")
