"""Rows of share links, and the two reads that decide whether a link and its bytes may be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, insert, or_, select, update

from segue.access import Caller
from segue.accounts import memberships, organizations
from segue.blobs import BlobKey
from segue.collections import collection_tracks, collections
from segue.database import Query, Reader, Tx
from segue.ids import CollectionId, OrganizationId, ShareId, TrackId, UserId
from segue.playback import Rendition
from segue.shares.rules import Terms
from segue.shares.tables import shares
from segue.shares.token import ShareDigest
from segue.tracks import renditions, tracks


@dataclass(frozen=True, slots=True)
class Share:
    """A link as its owner's lists have it; times are unix seconds."""

    id: ShareId
    organization_id: OrganizationId
    owner_id: UserId
    track_id: TrackId | None
    collection_id: CollectionId | None
    visibility: str
    label: str | None
    max_opens: int | None
    opens: int
    created_at: int
    expires_at: int | None
    revoked_at: int | None


class SharedTrack(msgspec.Struct, frozen=True, gc=False):
    """A track as a stranger may see it."""

    id: TrackId
    title: str | None
    engine: str
    mode: str
    duration_s: float
    instrumental: bool
    licence_class: str
    licence_version: str
    requires_attribution: bool
    playback: str


class SharedCollection(msgspec.Struct, frozen=True, gc=False):
    """A collection as a stranger may see it."""

    id: CollectionId
    name: str
    description: str | None


class Opened(msgspec.Struct, frozen=True):
    """What one look at a link finds. A track share has `tracks` of one, or of none when it was removed."""

    share_id: ShareId
    terms: Terms
    visibility: str
    is_collection: bool
    collection: SharedCollection | None
    tracks: tuple[SharedTrack, ...]


@dataclass(frozen=True, slots=True)
class Sleeve:
    """What a page shows beyond the answer to a program: who shares, raw licence facts and covers by track."""

    sharer: str
    licences: dict[TrackId, str]
    covers: frozenset[TrackId]


_SHARE = [shares.c[name] for name in Share.__slots__]

# A link's owner may share as long as nothing bars the membership; a missing one bars too.
_OWNER_GONE = or_(memberships.c.organization_id.is_(None), memberships.c.barred_at.is_not(None))
_TERMS = (shares.c.revoked_at, shares.c.expires_at, shares.c.max_opens, shares.c.opens, _OWNER_GONE)
_MEMBERSHIP = (memberships.c.organization_id == shares.c.organization_id) & (memberships.c.user_id == shares.c.owner_id)
_COLLECTION = (collections.c.id == shares.c.collection_id) & collections.c.removed_at.is_(None)
# Only what the owner made, has not removed and may give out is shown.
_SHOWN = (
    (tracks.c.id == func.coalesce(shares.c.track_id, collection_tracks.c.track_id))
    & (tracks.c.organization_id == shares.c.organization_id)
    & (tracks.c.creator_id == shares.c.owner_id)
    & tracks.c.removed_at.is_(None)
    & tracks.c.shareable.is_(True)
)

# One row a track, one statement for both kinds of link.
_OPEN = Query(
    select(
        shares.c.id,
        *_TERMS,
        shares.c.visibility,
        shares.c.collection_id,
        collections.c.id,
        collections.c.name,
        collections.c.description,
        collection_tracks.c.position,
        tracks.c.id,
        tracks.c.title,
        tracks.c.engine,
        tracks.c.mode,
        tracks.c.duration_s,
        tracks.c.instrumental,
        tracks.c.licence_class,
        tracks.c.licence_version,
        tracks.c.requires_attribution,
        tracks.c.playback,
    )
    .select_from(shares)
    .outerjoin(memberships, _MEMBERSHIP)
    .outerjoin(collections, _COLLECTION)
    .outerjoin(collection_tracks, collection_tracks.c.collection_id == collections.c.id)
    .outerjoin(tracks, _SHOWN)
    .where(shares.c.digest == bindparam("digest")),
    ("digest",),
)

_SLEEVE = Query(
    select(organizations.c.name, tracks.c.id, tracks.c.licence, tracks.c.has_artwork)
    .select_from(shares)
    .join(organizations, organizations.c.id == shares.c.organization_id)
    .outerjoin(collections, _COLLECTION)
    .outerjoin(collection_tracks, collection_tracks.c.collection_id == collections.c.id)
    .outerjoin(tracks, _SHOWN)
    .where(shares.c.id == bindparam("share_id")),
    ("share_id",),
)

_STREAM = Query(
    select(
        *_TERMS,
        renditions.c.blob_key,
        renditions.c.mime_type,
        renditions.c.size_bytes,
        renditions.c.sha256,
    )
    .select_from(shares)
    .outerjoin(memberships, _MEMBERSHIP)
    .outerjoin(collections, _COLLECTION)
    .outerjoin(
        collection_tracks,
        (collection_tracks.c.collection_id == collections.c.id)
        & (collection_tracks.c.track_id == bindparam("track_id")),
    )
    .join(tracks, _SHOWN)
    .join(renditions, (renditions.c.track_id == tracks.c.id) & (renditions.c.name == bindparam("rendition")))
    .where(shares.c.id == bindparam("share_id"), tracks.c.id == bindparam("track_id")),
    ("share_id", "track_id", "rendition"),
)


async def opened(reader: Reader, digest: ShareDigest) -> Opened | None:
    """Everything that an answer about this link needs, in one read."""
    return await reader.find(_OPEN, _opened, digest.value)


def _opened(rows: Sequence[Sequence[Any]]) -> Opened | None:
    if not rows:
        return None
    first = rows[0]
    if len(rows) > 1:
        rows = sorted(rows, key=itemgetter(11))
    return Opened(
        first[0],
        _terms(first[1:6]),
        first[6],
        first[7] is not None,
        SharedCollection(*first[8:11]) if first[8] is not None else None,
        tuple(SharedTrack(*row[12:]) for row in rows if row[12] is not None),
    )


async def sleeve(reader: Reader, share_id: ShareId) -> Sleeve:
    """The rest of what a page shows of a link that stands."""
    return await reader.find(_SLEEVE, _sleeve, share_id)


def _sleeve(rows: Sequence[Sequence[Any]]) -> Sleeve:
    shown = [row for row in rows if row[1] is not None]
    return Sleeve(rows[0][0], {row[1]: row[2] for row in shown}, frozenset(row[1] for row in shown if row[3]))


async def streamed(reader: Reader, share_id: str, track_id: str, rendition: str) -> tuple[Terms, Rendition] | None:
    """A rendition of a track that this share shows now, with the share's terms."""
    return await reader.find(_STREAM, _streamed, share_id, track_id, rendition)


def _streamed(rows: Sequence[Sequence[Any]]) -> tuple[Terms, Rendition] | None:
    if not rows:
        return None
    row = rows[0]
    return _terms(row[:5]), Rendition(BlobKey(row[5]), *row[6:])


def _terms(row: Sequence[Any]) -> Terms:
    revoked_at, expires_at, max_opens, opens, owner_gone = row
    return Terms(revoked_at, expires_at, max_opens, opens, bool(owner_gone))


async def claim_open(tx: Tx, share_id: ShareId) -> bool:
    """Take one of the opens that a link has left. False when none is: one statement, so never one too many."""
    left = (shares.c.id == share_id) & shares.c.revoked_at.is_(None) & (shares.c.opens < shares.c.max_opens)
    return (await tx.execute(update(shares).where(left).values(opens=shares.c.opens + 1))).rowcount == 1


async def add(tx: Tx, share: Share, digest: ShareDigest) -> None:
    values = {name: getattr(share, name) for name in Share.__slots__}
    await tx.execute(insert(shares).values(**values, digest=digest.value))


async def revoke(tx: Tx, who: Caller, share_id: str, *, now: int) -> bool:
    """End the caller's link for good. The owner stands in the statement. False when it had ended before."""
    own = (
        (shares.c.id == share_id)
        & (shares.c.organization_id == who.organization_id)
        & (shares.c.owner_id == who.user_id)
    )
    live = own & shares.c.revoked_at.is_(None)
    return (await tx.execute(update(shares).where(live).values(revoked_at=now))).rowcount == 1


async def find_own(tx: Tx, who: Caller, share_id: str) -> Share | None:
    statement = select(*_SHARE).where(
        shares.c.id == share_id,
        shares.c.organization_id == who.organization_id,
        shares.c.owner_id == who.user_id,
    )
    row = (await tx.execute(statement)).first()
    return None if row is None else Share(*row)


async def id_by_digest(tx: Tx, digest: ShareDigest) -> ShareId | None:
    found = (await tx.execute(select(shares.c.id).where(shares.c.digest == digest.value))).scalar()
    return None if found is None else ShareId(found)


async def newest(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Share]:
    statement = (
        select(*_SHARE)
        .where(shares.c.organization_id == who.organization_id, shares.c.owner_id == who.user_id)
        .order_by(shares.c.created_at.desc(), shares.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Share(*row) for row in await tx.execute(statement)]
