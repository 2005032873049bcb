"""Share links over HTTP, for those who make them and for those who keep what was shared."""

import math
import time

from segue.access import Caller
from segue.audit import Trail
from segue.changes import Change
from segue.database import Database
from segue.errors import Conflict, NotFound, TooMany
from segue.http import Ack, Call, Page, Reply, delete, get, patch, post
from segue.library import EdgeView, edge_view
from segue.ratelimit import client_network
from segue.settings import Settings
from segue.shares import examples, store
from segue.shares.activity import NO_SHARE, get_share_activity
from segue.shares.bodies import ChangeShare, CreateShare
from segue.shares.budgets import Budgets
from segue.shares.change import Edit
from segue.shares.change import change as change_terms
from segue.shares.change import rotate as change_secret
from segue.shares.create import share_collection, share_track
from segue.shares.owner_view import ListedShareView, NewShareView, SharePageView, listed, new_share_view
from segue.shares.revoke import revoke
from segue.shares.rules import dead
from segue.shares.save import save
from segue.shares.token import digest_of

REVOKED = Conflict("This link was revoked, and that is for good. Make a new one.")
_MUSIC = "/v1/music/{organization_id}"
_ONE = _MUSIC + "/share/{share_id}"


@post(
    _MUSIC + "/tracks/{track_id}/share",
    status=201,
    errors=(
        NotFound("There is no such track."),
        Conflict("The terms of this track do not allow giving it out.", code="NOT_SHAREABLE"),
    ),
    asks={"visibility": "link_only", "expires_in_days": 30},
    example=examples.NEW,
)
async def share_track_endpoint(
    track_id: str, body: CreateShare, who: Caller, change: Change, settings: Settings, public_url: str, now: int
) -> Reply[NewShareView]:
    """Make a link to a track that the caller created. Its token is shown this once."""
    async with change as tx:
        share, token = await share_track(tx, who, track_id, body.wish(), settings, now=now)
        view = new_share_view(share, token, public_url)
        return await change.done(view, "share.create", share_id=share.id, subject_id=track_id)


@post(
    _MUSIC + "/collections/{collection_id}/share",
    status=201,
    errors=(NotFound("There is no such collection."),),
    asks={"visibility": "public"},
    example=examples.NEW_COLLECTION,
)
async def share_collection_endpoint(
    collection_id: str, body: CreateShare, who: Caller, change: Change, settings: Settings, public_url: str, now: int
) -> Reply[NewShareView]:
    """Make a link to a collection of the caller's. Its token is shown this once."""
    async with change as tx:
        share, token = await share_collection(tx, who, collection_id, body.wish(), settings, now=now)
        view = new_share_view(share, token, public_url)
        return await change.done(view, "share.create", share_id=share.id, subject_id=collection_id)


@get(_MUSIC + "/shares", cached=True, example=SharePageView([examples.LISTED], 50, 0))
async def list_shares(who: Caller, query: Page, database: Database, now: int) -> SharePageView:
    """List the caller's links, newest first, ended ones included."""
    async with database.reading() as tx:
        found = await store.newest(tx, who, limit=query.limit, offset=query.offset)
    return SharePageView([listed(share, now=now) for share in found], query.limit, query.offset)


@get(_ONE, cached=True, errors=(NO_SHARE,), example=examples.LISTED)
async def get_share(share_id: str, who: Caller, database: Database, now: int) -> ListedShareView:
    """Get one link of the caller's: its terms and how it stands, without the secret."""
    async with database.reading() as tx:
        share = await store.find_own(tx, who, share_id)
    if share is None:
        raise NotFound(NO_SHARE.message)
    return listed(share, now=now)


@patch(
    _ONE,
    errors=(NO_SHARE, REVOKED),
    asks={"label": "For the label", "expires_in_days": None},
    example=examples.LISTED,
)
async def change_share(
    share_id: str, body: ChangeShare, who: Caller, change: Change, settings: Settings, now: int
) -> Reply[ListedShareView]:
    """Change the terms of a link; leave what is not sent. A lifetime counts from now."""
    edit = Edit(body.visibility, body.expires_in_days, body.label, body.max_opens, body.allow_save)
    async with change as tx:
        share = await change_terms(tx, who, share_id, edit, settings, now=now)
        return await change.done(listed(share, now=now), "share.change", share_id=share_id)


@post(_ONE + "/rotate", status=200, errors=(NO_SHARE, REVOKED), example=examples.NEW)
async def rotate_share(share_id: str, who: Caller, change: Change, public_url: str) -> Reply[NewShareView]:
    """Give a link a new secret, with the same terms and the same history. The old one is dead at once."""
    async with change as tx:
        share, token = await change_secret(tx, who, share_id)
        return await change.done(new_share_view(share, token, public_url), "share.rotate", share_id=share_id)


@delete(_ONE, errors=(NO_SHARE,), example=Ack(id="mslink_3a7f2c9e8b14", detail="Share link revoked."))
async def revoke_share(share_id: str, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """End a link for good. Twice is once. Whoever has saved the track keeps it."""
    async with change as tx:
        ended = await revoke(tx, who, share_id, now=now)
        done = Ack(id=share_id, detail="Share link revoked.")
        return await change.done(done, "share.revoke", outcome="done" if ended else "unchanged", share_id=share_id)


@post(
    "/v1/music/shared/{token}/save",
    status=201,
    also=(200,),
    errors=(
        dead(),
        Conflict("A collection cannot be saved, only a single track."),
        Conflict("Whoever shared this does not want it to be saved."),
    ),
    example=examples.SAVED,
)
async def save_shared_track(
    token: str, call: Call, acting: Caller, change: Change, budgets: Budgets, trail: Trail, now: int
) -> Reply[EdgeView]:
    """Save a shared track to the caller's library, with the licence facts of this day. Saved already: 200."""
    network, share_id = client_network(call.client), None
    _spend(budgets.spend(network, time.time()))
    try:
        async with change as tx:
            link = await store.saveable(tx, digest_of(token))
            share_id = link.share_id if link else None
            edge, new = await save(tx, acting, link, now=now)
            outcome, status = ("done", 201) if new else ("unchanged", 200)
            return await change.done(
                edge_view(edge),
                "share.save",
                outcome=outcome,
                status=status,
                share_id=share_id,
                subject_id=edge.track_id,
            )
    except (NotFound, Conflict):
        # Whoever has an account is no better at guessing tokens.
        if share_id is None:
            budgets.unknown.spend(network, time.time())
        await trail.record("share.save", "refused", share_id=share_id, actor_id=acting.user_id)
        raise


def _spend(wait_s: float) -> None:
    if wait_s:
        raise TooMany(
            "Too many requests. Please try again later.",
            system_message="Share save rate limit exceeded for client IP",
            retry_after_s=math.ceil(wait_s),
        )


ENDPOINTS = (
    share_track_endpoint,
    share_collection_endpoint,
    list_shares,
    get_share,
    get_share_activity,
    change_share,
    rotate_share,
    revoke_share,
    save_shared_track,
)
