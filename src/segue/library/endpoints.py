"""The library over HTTP: list, get, terms, delete, save, unsave."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from segue import licences
from segue.access import Caller
from segue.changes import Change
from segue.clock import DAY_S
from segue.database import Database, Tx
from segue.errors import Forbidden, NotFound
from segue.http import Ack, Page, Reply, delete, get, post
from segue.ids import TrackId
from segue.library import examples, save, store
from segue.library.view import EdgeView, edge_view
from segue.playback import STREAM, Signer
from segue.settings import Settings
from segue.tracks import STEM_PREFIX, Mode, TermsView, TrackView, terms_view, track_view

NO_TRACK = NotFound("There is no such track.")

# The tracks of a collection of the caller's; collections stand on this floor too, so the wiring hands this in.
MembersOf = Callable[[Tx, Caller, str], Awaitable[Sequence[TrackId]]]


class LibraryQuery(Page, frozen=True):
    """Which part of the library is wanted. Filters are all meant together."""

    mode: Mode | None = None
    engine: Annotated[str, Meta(pattern="^[a-z0-9_-]{1,64}$")] | None = None
    collection_id: Annotated[str, Meta(description="Only tracks of this collection of the caller's.")] | None = None


class TrackPage(msgspec.Struct):
    """One page of the caller's library, newest save first."""

    items: list[TrackView]
    limit: int
    offset: int


@get(
    "/v1/music/{organization_id}/tracks",
    cached=True,
    errors=(NotFound("There is no such collection."),),
    example=TrackPage([examples.LISTED], 50, 0),
)
async def list_tracks(who: Caller, query: LibraryQuery, database: Database, members_of: MembersOf) -> TrackPage:
    """List the tracks of the caller's library, newest save first."""
    wanted = {name: text for name in ("engine", "mode") if (text := getattr(query, name)) is not None}
    async with database.reading() as tx:
        among = None if query.collection_id is None else await members_of(tx, who, query.collection_id)
        found = await store.newest(tx, who, wanted, among, limit=query.limit, offset=query.offset)
    return TrackPage([track_view(track) for track in found], query.limit, query.offset)


@get("/v1/music/{organization_id}/tracks/{track_id}", errors=(NO_TRACK,), example=examples.TRACK)
async def get_track(track_id: str, who: Caller, database: Database, signer: Signer, now: int) -> TrackView:
    """Get a track that the caller made or saved, with fresh playback addresses for it and for its stems."""
    track = await store.find(database.reader, who, track_id)
    if track is None:
        raise NotFound(NO_TRACK.message)
    url = signer.minter(who.user_id, now=now)
    stems = {name: url(track.id, STEM_PREFIX + name, STREAM) for name in track.stems}
    return track_view(track, playback_url=url(track.id, track.playback, STREAM), stem_urls=stems or None)


@get(
    "/v1/music/{organization_id}/tracks/{track_id}/licence",
    cached=True,
    errors=(NO_TRACK,),
    example=examples.TERMS,
)
async def get_terms(track_id: str, who: Caller, database: Database) -> TermsView:
    """Get what may be done with a track, whose word that is, and the credit line that is ready to copy."""
    track = await store.find(database.reader, who, track_id)
    if track is None:
        raise NotFound(NO_TRACK.message)
    return terms_view(track.id, licences.from_json(track.licence))


@delete(
    "/v1/music/{organization_id}/tracks/{track_id}",
    errors=(NO_TRACK, Forbidden("Only its creator may delete a track.", code="INSUFFICIENT_PERMISSIONS")),
    example=Ack(id="mtrack_7c1a9e2f4b8d", detail="Track deleted."),
)
async def delete_track(track_id: str, who: Caller, change: Change, settings: Settings, now: int) -> Reply[Ack]:
    """Delete a track that the caller made: for everybody, at once, and out of every library. Twice is once."""
    grace_s = settings.removed_bytes_days * DAY_S
    async with change as tx:
        removed = await save.remove(tx, who, track_id, grace_s=grace_s, now=now)
        done = Ack(id=track_id, detail="Track deleted.")
        outcome = "done" if removed else "unchanged"
        return await change.done(done, "track.delete", outcome=outcome, subject_id=track_id)


@post(
    "/v1/music/{organization_id}/tracks/{track_id}/save",
    status=201,
    also=(200,),
    errors=(NO_TRACK,),
    example=examples.SAVED,
)
async def save_track(track_id: str, who: Caller, change: Change, now: int) -> Reply[EdgeView]:
    """Save a track that the caller can see. One that is saved already answers 200 with the place that it has."""
    async with change as tx:
        edge, new = await save.save(tx, who, track_id, now=now)
        outcome, status = ("done", 201) if new else ("unchanged", 200)
        return await change.done(edge_view(edge), "track.save", outcome=outcome, status=status, subject_id=track_id)


@delete(
    "/v1/music/{organization_id}/tracks/{track_id}/save",
    errors=(NO_TRACK,),
    example=Ack(id="mtrack_b4d9e1c6a72f", detail="Track removed from library."),
)
async def unsave_track(track_id: str, who: Caller, change: Change) -> Reply[Ack]:
    """Take a track out of the library. Its creator still has it; nobody else of this library can see it any more."""
    async with change as tx:
        dropped = await save.unsave(tx, who, track_id)
        done = Ack(id=track_id, detail="Track removed from library.")
        outcome = "done" if dropped else "unchanged"
        return await change.done(done, "track.unsave", outcome=outcome, subject_id=track_id)


ENDPOINTS = (list_tracks, get_track, get_terms, delete_track, save_track, unsave_track)
