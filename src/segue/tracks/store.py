"""Rows of tracks and renditions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from segue.access import Caller
from segue.blobs import BlobKey
from segue.database import Tx
from segue.ids import OrganizationId, TrackId, UserId, has_prefix
from segue.tracks.tables import makings, renditions, tracks


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


@dataclass(frozen=True, slots=True)
class Making:
    """How an engine made a track. `parameters` is JSON, `origin` one of the IPTC's digital source types."""

    track_id: TrackId
    engine_version: str
    model: str
    origin: str
    seed: int | None
    parameters: str
    seed_track_id: TrackId | None


_TRACK = [tracks.c[name] for name in Track.__slots__]
_RENDITION = [renditions.c[name] for name in RenditionRow.__slots__]


async def add(tx: Tx, track: Track) -> None:
    await tx.execute(insert(tracks).values({name: getattr(track, name) for name in Track.__slots__}))


async def add_rendition(tx: Tx, rendition: RenditionRow, *, now: int) -> None:
    values = {name: getattr(rendition, name) for name in RenditionRow.__slots__}
    await tx.execute(insert(renditions).values(**values, created_at=now))


async def add_making(tx: Tx, making: Making) -> None:
    await tx.execute(insert(makings).values({name: getattr(making, name) for name in Making.__slots__}))


async def find_making(tx: Tx, track_id: str) -> Making | None:
    """How the track was made; None for one that somebody brought."""
    columns = [makings.c[name] for name in Making.__slots__]
    row = (await tx.execute(select(*columns).where(makings.c.track_id == track_id))).first()
    return None if row is None else Making(*row)


async def find(tx: Tx, track_id: str) -> Track | None:
    """A track that has not been removed."""
    if not has_prefix(track_id, "mtrack"):
        return None
    row = (await tx.execute(select(*_TRACK).where(tracks.c.id == track_id, tracks.c.removed_at.is_(None)))).first()
    return None if row is None else Track(*row)


def own(who: Caller) -> ColumnElement[bool]:
    """The tracks that the caller made in the organization the caller acts in."""
    return and_(tracks.c.organization_id == who.organization_id, tracks.c.creator_id == who.user_id)


async def find_own(tx: Tx, who: Caller, track_id: str) -> Track | None:
    """A track of the caller's that has not been removed."""
    live = and_(tracks.c.id == track_id, own(who), tracks.c.removed_at.is_(None))
    row = (await tx.execute(select(*_TRACK).where(live).with_for_update())).first()
    return None if row is None else Track(*row)


async def change(tx: Tx, who: Caller, track_id: TrackId, **values: Any) -> bool:
    """Write into a live track of the caller's. False where there is none."""
    live = and_(tracks.c.id == track_id, own(who), tracks.c.removed_at.is_(None))
    return (await tx.execute(update(tracks).where(live).values(**values))).rowcount == 1


async def remove(tx: Tx, who: Caller, track_id: str, *, now: int) -> bool | None:
    """Remove a track of the caller's: True when it stood until now, False when it was removed before, None where there
    is none.
    """
    mine = and_(tracks.c.id == track_id, own(who))
    if (await tx.execute(update(tracks).where(mine, tracks.c.removed_at.is_(None)).values(removed_at=now))).rowcount:
        return True
    return False if (await tx.execute(select(tracks.c.id).where(mine))).first() is not None else None


async def removed_at(tx: Tx, track_id: TrackId) -> int | None:
    return (await tx.execute(select(tracks.c.removed_at).where(tracks.c.id == track_id))).scalar()


async def find_renditions(tx: Tx, track_id: TrackId) -> list[RenditionRow]:
    return [
        RenditionRow(*row) for row in await tx.execute(select(*_RENDITION).where(renditions.c.track_id == track_id))
    ]


async def drop_renditions(tx: Tx, track_id: TrackId, *names: str) -> None:
    """Forget where the bytes lie: of these renditions, or of all."""
    these = renditions.c.track_id == track_id
    await tx.execute(delete(renditions).where(and_(these, renditions.c.name.in_(names)) if names else these))


async def blob_keys(tx: Tx, track_ids: Iterable[str]) -> set[BlobKey]:
    """What the rows of these tracks name, removed ones among them: their bytes have a time of grace."""
    statement = select(renditions.c.blob_key).where(renditions.c.track_id.in_(sorted(set(track_ids))))
    return {BlobKey(row.blob_key) for row in await tx.execute(statement)}


async def find_rendition(tx: Tx, track_id: str, name: str) -> RenditionRow | None:
    statement = select(*_RENDITION).where(renditions.c.track_id == track_id, renditions.c.name == name)
    row = (await tx.execute(statement)).first()
    return None if row is None else RenditionRow(*row)


async def play(tx: Tx, track_id: TrackId, rendition: str) -> None:
    """Players get this rendition from now on."""
    await tx.execute(update(tracks).where(tracks.c.id == track_id).values(playback=rendition))
