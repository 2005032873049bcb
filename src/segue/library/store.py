"""Rows of the library, and what a library's owner may play."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, insert, select

from segue.access import Caller
from segue.accounts import memberships
from segue.blobs import BlobKey
from segue.database import Query, Reader, Tx
from segue.ids import LibraryId, TrackId
from segue.library.tables import library
from segue.playback import Rendition
from segue.tracks import renditions, tracks


async def add(tx: Tx, library_id: LibraryId, who: Caller, track_id: TrackId, source: str, *, now: int) -> None:
    await tx.execute(
        insert(library).values(
            id=library_id,
            organization_id=who.organization_id,
            user_id=who.user_id,
            track_id=track_id,
            source=source,
            created_at=now,
        )
    )


async def has(tx: Tx, who: Caller, track_id: str) -> bool:
    statement = select(library.c.id).where(
        library.c.organization_id == who.organization_id,
        library.c.user_id == who.user_id,
        library.c.track_id == track_id,
    )
    return (await tx.execute(statement)).first() is not None


# A user may play what he created or saved as a member of an organization that has not shut him out, as long as the
# track is there.
_PLAYABLE = Query(
    select(renditions.c.blob_key, renditions.c.mime_type, renditions.c.size_bytes, renditions.c.sha256)
    .join(tracks, tracks.c.id == renditions.c.track_id)
    .join(memberships, memberships.c.user_id == bindparam("user_id"))
    .where(
        renditions.c.track_id == bindparam("track_id"),
        renditions.c.name == bindparam("rendition"),
        tracks.c.removed_at.is_(None),
        memberships.c.barred_at.is_(None),
        ((tracks.c.creator_id == memberships.c.user_id) & (tracks.c.organization_id == memberships.c.organization_id))
        | exists(
            select(library.c.id).where(
                library.c.track_id == tracks.c.id,
                library.c.user_id == memberships.c.user_id,
                library.c.organization_id == memberships.c.organization_id,
            )
        ),
    ),
    ("user_id", "track_id", "rendition"),
)


async def playable(reader: Reader, user_id: str, track_id: str, rendition: str) -> Rendition | None:
    return await reader.find(_PLAYABLE, _rendition, user_id, track_id, rendition)


def _rendition(rows: Sequence[Sequence[Any]]) -> Rendition | None:
    return Rendition(BlobKey(rows[0][0]), *rows[0][1:]) if rows else None
