"""Rows of share links, and the two reads that decide whether a link and its bytes may be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, select, update

from segue.access import Caller
from segue.accounts import memberships, organizations
from segue.blobs import BlobKey
from segue.collections import collection_tracks, collections
from segue.database import Query, Reader, Tx, next_in, paged
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
    allow_save: bool
    rotations: int
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
    """What one look at a link finds. A track share has `tracks` of one, or of none when it was removed. `grantee` is
    what is signed for whoever holds the link's present secret.
    """

    share_id: ShareId
    grantee: str
    terms: Terms
    visibility: str
    is_collection: bool
    collection: SharedCollection | None
    tracks: tuple[SharedTrack, ...]


@dataclass(frozen=True, slots=True)
class Saveable:
    """A link as whoever wants to keep its track meets it. `track_id` is None when there is nothing to keep."""

    share_id: ShareId
    terms: Terms
    is_collection: bool
    allow_save: bool
    track_id: TrackId | None


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
        shares.c.rotations,
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
        shares.c.rotations,
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


_LIST = Query(
    paged(
        select(*_SHARE)
        .where(shares.c.organization_id == bindparam("organization_id"), shares.c.owner_id == bindparam("owner_id"))
        .order_by(shares.c.nth.desc())
    ),
    ("organization_id", "owner_id", "limit", "offset"),
)

_SAVE = Query(
    select(shares.c.id, *_TERMS, shares.c.collection_id, shares.c.allow_save, tracks.c.id)
    .select_from(shares)
    .outerjoin(memberships, _MEMBERSHIP)
    .outerjoin(
        tracks,
        (tracks.c.id == shares.c.track_id)
        & (tracks.c.organization_id == shares.c.organization_id)
        & (tracks.c.creator_id == shares.c.owner_id)
        & tracks.c.removed_at.is_(None)
        & tracks.c.shareable.is_(True),
    )
    .where(shares.c.digest == bindparam("digest")),
    ("digest",),
)


async def opened(reader: Reader, digest: ShareDigest) -> Opened | None:
    """Everything that an answer about this link needs, in one read."""
    return await reader.find(_OPEN, _opened, digest.value)


def _opened(rows: Sequence[Sequence[Any]]) -> Opened | None:
    if not rows:
        return None
    first = rows[0]
    if len(rows) > 1:
        rows = sorted(rows, key=itemgetter(12))
    return Opened(
        first[0],
        grantee(first[0], first[1]),
        _terms(first[2:7]),
        first[7],
        first[8] is not None,
        SharedCollection(*first[9:12]) if first[9] is not None else None,
        tuple(SharedTrack(*row[13:]) for row in rows if row[13] is not None),
    )


def grantee(share_id: str, rotations: int) -> str:
    """The name that grants are signed for: the link's id, and how often its secret was changed."""
    return share_id if not rotations else f"{share_id}.{rotations}"


async def sleeve(reader: Reader, share_id: ShareId) -> Sleeve:
    """The rest of what a page shows of a link that stands."""
    return await reader.find(_SLEEVE, _sleeve, share_id)


def _sleeve(rows: Sequence[Sequence[Any]]) -> Sleeve:
    shown = [row for row in rows if row[1] is not None]
    return Sleeve(rows[0][0], {row[1]: row[2] for row in shown}, frozenset(row[1] for row in shown if row[3]))


async def streamed(reader: Reader, share_id: str, track_id: str, rendition: str) -> tuple[Terms, int, Rendition] | None:
    """A rendition of a track that this share shows now, with the share's terms and its rotations."""
    return await reader.find(_STREAM, _streamed, share_id, track_id, rendition)


def _streamed(rows: Sequence[Sequence[Any]]) -> tuple[Terms, int, Rendition] | None:
    if not rows:
        return None
    row = rows[0]
    return _terms(row[:5]), row[5], Rendition(BlobKey(row[6]), *row[7:])


def _terms(row: Sequence[Any]) -> Terms:
    revoked_at, expires_at, max_opens, opens, owner_gone = row
    return Terms(revoked_at, expires_at, max_opens, opens, bool(owner_gone))


async def claim_open(tx: Tx, share_id: ShareId) -> bool:
    """Take one of the opens that a link has left. False when none is: one statement, so never one too many."""
    left = (shares.c.id == share_id) & shares.c.revoked_at.is_(None) & (shares.c.opens < shares.c.max_opens)
    return (await tx.execute(update(shares).where(left).values(opens=shares.c.opens + 1))).rowcount == 1


def _own(who: Caller) -> ColumnElement[bool]:
    return and_(shares.c.organization_id == who.organization_id, shares.c.owner_id == who.user_id)


async def add(tx: Tx, share: Share, digest: ShareDigest) -> None:
    values = {name: getattr(share, name) for name in Share.__slots__}
    mine = (shares.c.organization_id == share.organization_id, shares.c.owner_id == share.owner_id)
    await tx.execute(insert(shares).values(**values, digest=digest.value, nth=next_in(shares.c.nth, *mine)))


async def change(tx: Tx, who: Caller, share_id: str, **values: Any) -> bool:
    """Write into a link of the caller's that has not been revoked. False where there is none."""
    live = and_(shares.c.id == share_id, _own(who), shares.c.revoked_at.is_(None))
    return (await tx.execute(update(shares).where(live).values(**values))).rowcount == 1


async def rotate(tx: Tx, who: Caller, share_id: str, digest: ShareDigest) -> bool:
    return await change(tx, who, share_id, digest=digest.value, rotations=shares.c.rotations + 1)


async def find_own(tx: Tx, who: Caller, share_id: str) -> Share | None:
    row = (await tx.execute(select(*_SHARE).where(shares.c.id == share_id, _own(who)))).first()
    return None if row is None else Share(*row)


async def id_by_digest(tx: Tx, digest: ShareDigest) -> ShareId | None:
    found = (await tx.execute(select(shares.c.id).where(shares.c.digest == digest.value))).scalar()
    return None if found is None else ShareId(found)


async def newest(tx: Tx, who: Caller, *, limit: int, offset: int) -> list[Share]:
    values = {"organization_id": who.organization_id, "owner_id": who.user_id, "limit": limit, "offset": offset}
    return [Share(*row) for row in await tx.execute(_LIST.select, values)]


async def saveable(tx: Tx, digest: ShareDigest) -> Saveable | None:
    """What a link offers to keep, held for this transaction."""
    row = (await tx.execute(_SAVE.select.with_for_update(of=shares), {"digest": digest.value})).first()
    return None if row is None else Saveable(row[0], _terms(row[1:6]), row[6] is not None, bool(row[7]), row[8])
