"""Rows of tracks and renditions."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from segue.blobs import BlobKey
from segue.database import Tx
from segue.ids import OrganizationId, TrackId, UserId, has_prefix
from segue.tracks.tables import renditions, tracks


@dataclass(frozen=True, slots=True)
class Track:
    """A track as its row has it. Times are unix seconds, `licence` and `tags` are JSON."""

    id: TrackId
    organization_id: OrganizationId
    creator_id: UserId
    title: str | None
    engine: str
    mode: str
    instrumental: bool
    duration_s: float
    sample_rate_hz: int
    channels: int
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    tags: str
    licence: str
    licence_class: str
    licence_version: str
    requires_attribution: bool
    shareable: bool
    playback: str
    has_artwork: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class RenditionRow:
    """One stored form of a track."""

    track_id: TrackId
    name: str
    blob_key: BlobKey
    mime_type: str
    size_bytes: int
    sha256: str


_TRACK = [tracks.c[name] for name in Track.__slots__]
_RENDITION = [renditions.c[name] for name in RenditionRow.__slots__]


async def add(tx: Tx, track: Track) -> None:
    await tx.execute(insert(tracks).values({name: getattr(track, name) for name in Track.__slots__}))


async def add_rendition(tx: Tx, rendition: RenditionRow, *, now: int) -> None:
    values = {name: getattr(rendition, name) for name in RenditionRow.__slots__}
    await tx.execute(insert(renditions).values(**values, created_at=now))


async def find(tx: Tx, track_id: str) -> Track | None:
    """A track that has not been removed."""
    if not has_prefix(track_id, "mtrack"):
        return None
    row = (await tx.execute(select(*_TRACK).where(tracks.c.id == track_id, tracks.c.removed_at.is_(None)))).first()
    return None if row is None else Track(*row)


async def find_rendition(tx: Tx, track_id: str, name: str) -> RenditionRow | None:
    statement = select(*_RENDITION).where(renditions.c.track_id == track_id, renditions.c.name == name)
    row = (await tx.execute(statement)).first()
    return None if row is None else RenditionRow(*row)


async def play(tx: Tx, track_id: TrackId, rendition: str) -> None:
    """Players get this rendition from now on."""
    await tx.execute(update(tracks).where(tracks.c.id == track_id).values(playback=rendition))
