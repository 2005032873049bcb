"""Tracks and collections without the work of taking a file in: for tests that ask what becomes of them."""

import random
from collections.abc import Sequence

from sqlalchemy import insert, update

from segue import collections, licences, tracks
from segue.access import Caller
from segue.collections.store import append
from segue.ids import TrackId, new_track_id
from segue.operations import Installation
from segue.tracks import Prepared, Track

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z

# Bytes that no player would play, and that every range of can be told from every other.
SOUND = random.Random(1).randbytes(1_500_000)
RENDITIONS = {
    "original": (SOUND, "audio/flac", "flac"),
    "master": (SOUND[::-1], "audio/mpeg", "mp3"),
    "artwork": (b"\xff\xd8" + bytes(500), "image/jpeg", "jpg"),
    "waveform": (b"wave" * 100, "application/octet-stream", "dat"),
}


def track(who: Caller, *, licence: str | None = "own", credits: Sequence[str] = (), **more) -> Track:  # noqa: A002 - as the API says
    """The track of the API's example, made by `who`."""
    facts = licences.facts_of(licence, asserted_by="uploader", credits=tuple(credits))
    shown = licences.shown(facts)
    plain = Track(
        id=new_track_id(),
        organization_id=who.organization_id,
        creator_id=who.user_id,
        title="Late Night Study",
        engine="studio",
        mode="creation",
        instrumental=True,
        duration_s=120.4,
        sample_rate_hz=44_100,
        channels=2,
        loudness_lufs=-14.0,
        true_peak_dbtp=-1.0,
        tags="{}",
        licence=licences.to_json(facts),
        licence_class=shown.licence_class.value,
        licence_version=shown.licence_version,
        requires_attribution=shown.requires_attribution,
        shareable=shown.shareable,
        playback="master",
        has_artwork=False,
        created_at=NOW,
    )
    values = {name: getattr(plain, name) for name in Track.__slots__}
    return Track(**(values | more))


async def keep(parts: Installation, made: Track, names: Sequence[str] = ("original", "master")) -> Track:
    """The track in the database, with these of `RENDITIONS` as bytes on disk."""
    with parts.intake.quarantine.folder() as folder:
        files = {}
        for name in names:
            data, mime_type, extension = RENDITIONS[name]
            path = folder / name
            path.write_bytes(data)
            files[name] = (path, mime_type, extension)
        prepared = Prepared(made, parts.intake.put(made.id, files))
    async with parts.database.transaction() as tx:
        await tracks.keep(tx, prepared, now=NOW)
    return made


async def keep_collection(
    parts: Installation,
    who: Caller,
    members: Sequence[TrackId],
    name: str = "Focus Sessions",
    description: str | None = None,
) -> str:
    """A collection of these tracks, whoever made them: what no caller could put together, a test may."""
    async with parts.database.transaction() as tx:
        made = await collections.create(tx, who, name, description, now=NOW)
        for position, track_id in enumerate(members):
            await append(tx, made.id, track_id, position, now=NOW)
    return made.id


async def keep_many(parts: Installation, who: Caller, count: int) -> list[TrackId]:
    """So many tracks without bytes."""
    made = [track(who, title=f"Piece {number}") for number in range(count)]
    async with parts.database.transaction() as tx:
        rows = [{name: getattr(each, name) for name in Track.__slots__} for each in made]
        await tx.execute(insert(tracks.tracks), rows)
    return [each.id for each in made]


async def change(parts: Installation, table, row_id: str, **values) -> None:
    """Write into a row what no use case writes yet, such as the end of a user or of a track."""
    async with parts.database.transaction() as tx:
        await tx.execute(update(table).where(table.c.id == row_id).values(**values))
