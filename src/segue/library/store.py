"""Rows of the library: who has which track, and what a library's owner may read and play."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, exists, or_, select, update

from segue.access import Caller
from segue.accounts import memberships
from segue.blobs import BlobKey
from segue.database import Query, Reader, Tx, insert_new, next_in, paged
from segue.ids import LibraryId, ShareId, TrackId, has_prefix, new_library_id
from segue.library.tables import library
from segue.playback import Rendition
from segue.tracks import STEM_PREFIX, Track, renditions, tracks


@dataclass(frozen=True, slots=True)
class Edge:
    """A track's place in somebody's library."""

    id: LibraryId
    track_id: TrackId
    source: str
    share_id: ShareId | None
    created_at: int


class Readable(msgspec.Struct, frozen=True, gc=False):
    """A track as whoever may read it sees it. `stems` are the names of its stems."""

    id: TrackId
    title: str | None
    engine: str
    mode: str
    instrumental: bool
    duration_s: float
    licence_class: str
    created_at: int
    playback: str
    licence: str
    stems: tuple[str, ...]


_EDGE = [library.c[name] for name in Edge.__slots__]
_SEEN_NAMES = [name for name in Readable.__struct_fields__ if name != "stems"]
_SEEN = [tracks.c[name] for name in _SEEN_NAMES]


def _held(organization: Any, user: Any) -> ColumnElement[bool]:
    """The one rule of reading: a track that has not been removed is there for its creator and for whoever saved it."""
    saved = exists(
        select(library.c.id).where(
            library.c.track_id == tracks.c.id, library.c.user_id == user, library.c.organization_id == organization
        )
    )
    created = and_(tracks.c.creator_id == user, tracks.c.organization_id == organization)
    return and_(tracks.c.removed_at.is_(None), or_(created, saved))


# A track with its stems, one row each.
_READ = Query(
    select(*_SEEN, renditions.c.name)
    .outerjoin(
        renditions,
        (renditions.c.track_id == tracks.c.id) & (renditions.c.name > STEM_PREFIX) & (renditions.c.name < "stem`"),
    )
    .where(tracks.c.id == bindparam("track_id"), _held(bindparam("organization_id"), bindparam("user_id"))),
    ("track_id", "organization_id", "user_id"),
)

# A user may play what he created or saved as a member of an organization that has not shut him out.
_PLAYABLE = Query(
    select(renditions.c.blob_key, renditions.c.mime_type, renditions.c.size_bytes, renditions.c.sha256)
    .join(tracks, tracks.c.id == renditions.c.track_id)
    .join(memberships, memberships.c.user_id == bindparam("user_id"))
    .where(
        renditions.c.track_id == bindparam("track_id"),
        renditions.c.name == bindparam("rendition"),
        memberships.c.barred_at.is_(None),
        _held(memberships.c.organization_id, memberships.c.user_id),
    ),
    ("user_id", "track_id", "rendition"),
)

_BYTES = Query(
    select(renditions.c.blob_key, renditions.c.mime_type, renditions.c.size_bytes, renditions.c.sha256)
    .join(tracks, tracks.c.id == renditions.c.track_id)
    .where(
        renditions.c.track_id == bindparam("track_id"),
        renditions.c.name == bindparam("rendition"),
        _held(bindparam("organization_id"), bindparam("user_id")),
    ),
    ("track_id", "rendition", "organization_id", "user_id"),
)


def _page_of(*filters: str) -> Query:
    """Tracks of a library, the newest save first. Each filter has an index of its own that leads in this order."""
    page = paged(
        select(*_SEEN)
        .join(library, library.c.track_id == tracks.c.id)
        .where(
            library.c.organization_id == bindparam("organization_id"),
            library.c.user_id == bindparam("user_id"),
            library.c.withdrawn_at.is_(None),
            *(library.c[name] == bindparam(name) for name in filters),
        )
        .order_by(library.c.nth.desc())
    )
    return Query(page, ("organization_id", "user_id", *filters, "limit", "offset"))


_FILTERS: tuple[tuple[str, ...], ...] = ((), ("engine",), ("mode",), ("engine", "mode"))
_LISTS = {filters: _page_of(*filters) for filters in _FILTERS}


async def find(reader: Reader, who: Caller, track_id: str) -> Readable | None:
    """A track that the caller may read."""
    return await reader.find(_READ, _readable, track_id, who.organization_id, who.user_id)


def _readable(rows: Sequence[Sequence[Any]]) -> Readable | None:
    if not rows:
        return None
    stems = tuple(sorted(row[-1].removeprefix(STEM_PREFIX) for row in rows if row[-1] is not None))
    return Readable(**dict(zip(_SEEN_NAMES, rows[0][:-1], strict=True)), stems=stems)


async def newest(
    tx: Tx, who: Caller, wanted: dict[str, str], among: Sequence[TrackId] | None, *, limit: int, offset: int
) -> list[Readable]:
    """One page of the caller's library: of one `engine` or `mode`, and of these tracks only where some are named."""
    if among is not None:
        return await _newest_among(tx, who, wanted, among, limit=limit, offset=offset)
    values = {"organization_id": who.organization_id, "user_id": who.user_id, "limit": limit, "offset": offset}
    rows = await tx.execute(_LISTS[tuple(sorted(wanted))].select, values | wanted)
    return [_seen(row) for row in rows]


async def _newest_among(
    tx: Tx, who: Caller, wanted: dict[str, str], among: Sequence[TrackId], *, limit: int, offset: int
) -> list[Readable]:
    """Each of a collection's few hundred is found by its key and put into order here: an index in the order of saves
    would be searched from its end to where they happen to stand.
    """
    places = select(library.c.track_id, library.c.nth, library.c.withdrawn_at, library.c.engine, library.c.mode)
    rows = await tx.execute(places.where(_own(who), library.c.track_id.in_(among)))
    fitting = [
        row
        for row in rows
        if row.withdrawn_at is None and all(getattr(row, name) == text for name, text in wanted.items())
    ]
    page = [row.track_id for row in sorted(fitting, key=attrgetter("nth"), reverse=True)[offset : offset + limit]]
    found = {row.id: row for row in await tx.execute(select(*_SEEN).where(tracks.c.id.in_(page)))}
    return [_seen(found[track_id]) for track_id in page]


def _seen(row: Row[Any]) -> Readable:
    return Readable(**dict(zip(_SEEN_NAMES, row, strict=True)), stems=())


def readable(who: Caller) -> ColumnElement[bool]:
    """For statements over `tracks`: what the caller may read."""
    return _held(who.organization_id, who.user_id)


async def find_readable(tx: Tx, who: Caller, track_id: str) -> Track | None:
    """The whole track, if the caller may read it."""
    statement = select(*(tracks.c[name] for name in Track.__slots__)).where(tracks.c.id == track_id, readable(who))
    row = (await tx.execute(statement)).first()
    return None if row is None else Track(*row)


async def may_read(tx: Tx, who: Caller, track_id: str) -> bool:
    """Whether the text, which may come from anywhere, is the id of a track that the caller may read."""
    if not has_prefix(track_id, "mtrack"):
        return False
    statement = select(tracks.c.id).where(tracks.c.id == track_id, readable(who))
    return (await tx.execute(statement)).first() is not None


def _own(who: Caller) -> ColumnElement[bool]:
    return and_(library.c.organization_id == who.organization_id, library.c.user_id == who.user_id)


async def add(
    tx: Tx,
    who: Caller,
    track: Track,
    source: str,
    *,
    share_id: ShareId | None = None,
    now: int,
) -> tuple[Edge, bool]:
    """Put a track into the caller's library, with its licence facts of this day; the edge that stands there already is
    left as it is. Says whether it is new.
    """
    new = await insert_new(
        tx,
        library,
        id=new_library_id(),
        organization_id=who.organization_id,
        user_id=who.user_id,
        track_id=track.id,
        source=source,
        share_id=share_id,
        licence=track.licence,
        engine=track.engine,
        mode=track.mode,
        nth=next_in(library.c.nth, _own(who)),
        created_at=now,
    )
    row = (await tx.execute(select(*_EDGE).where(_own(who), library.c.track_id == track.id))).one()
    return Edge(*row), new


async def drop(tx: Tx, who: Caller, track_id: str) -> bool:
    """Take a track out of the caller's library. False when it was not in it."""
    return (await tx.execute(delete(library).where(_own(who), library.c.track_id == track_id))).rowcount == 1


async def withdraw(tx: Tx, track_id: str, *, now: int) -> None:
    """Mark every place of a track that its creator has removed."""
    there = and_(library.c.track_id == track_id, library.c.withdrawn_at.is_(None))
    await tx.execute(update(library).where(there).values(withdrawn_at=now))


async def stored(reader: Reader, who: Caller, track_id: str, rendition: str) -> Rendition | None:
    """Where the bytes of a rendition lie, for a caller who may read the track."""
    return await reader.find(_BYTES, _rendition, track_id, rendition, who.organization_id, who.user_id)


async def playable(reader: Reader, user_id: str, track_id: str, rendition: str) -> Rendition | None:
    return await reader.find(_PLAYABLE, _rendition, user_id, track_id, rendition)


def _rendition(rows: Sequence[Sequence[Any]]) -> Rendition | None:
    return Rendition(BlobKey(rows[0][0]), *rows[0][1:]) if rows else None
