"""Changes what a track's maker may say about it: its title, its terms, its picture."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import UNSET, UnsetType

from segue import audio, licences
from segue.access import Caller
from segue.database import Tx
from segue.errors import Conflict, NotFound, together
from segue.ids import TrackId
from segue.tracks import store, titles
from segue.tracks.declaration import Declaration, declared, licence_columns
from segue.tracks.store import RenditionRow, Track
from segue.tracks.take_in import Intake


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change. What is left unset stays; None takes it away."""

    title: str | UnsetType | None = UNSET
    declaration: Declaration = Declaration()
    artwork: RenditionRow | UnsetType | None = UNSET


async def change(tx: Tx, who: Caller, track_id: str, edit: Edit, *, now: int) -> tuple[Track, tuple[RenditionRow, ...]]:
    """The track as it stands afterwards, and renditions whose bytes may go once this is committed.

    `NotFound` for whoever did not make it; `Invalid` with every fault.
    """
    track = await store.find_own(tx, who, track_id)
    if track is None:
        raise NotFound("There is no such track.")
    if edit.declaration and track.engine != "upload":
        raise Conflict("The terms of this track are those of the engine that made it.")
    values = _values(edit, track)
    replaced: tuple[RenditionRow, ...] = ()
    if edit.artwork is not UNSET:
        values["has_artwork"] = edit.artwork is not None
        replaced = await _put_picture(tx, track.id, edit.artwork, now=now)
    if values:
        await store.change(tx, who, track.id, **values)
    return replace(track, **values), replaced


async def _put_picture(
    tx: Tx, track_id: TrackId, picture: RenditionRow | None, *, now: int
) -> tuple[RenditionRow, ...]:
    """The new picture, or none, in the place of the old one, which is returned unless it is the same."""
    before = await store.find_rendition(tx, track_id, "artwork")
    await store.drop_renditions(tx, track_id, "artwork")
    if picture is not None:
        await store.add_rendition(tx, picture, now=now)
    same = before is None or (picture is not None and picture.blob_key == before.blob_key)
    return () if same or before is None else (before,)


async def prepare_artwork(intake: Intake, picture: Path, track_id: TrackId, folder: Path) -> RenditionRow:
    """The picture, re-encoded in a child process and put away. Raises `Invalid` for what is no picture."""
    await audio.encode_artwork(picture, folder / audio.ARTWORK_NAME, intake.limits)
    files = {"artwork": (folder / audio.ARTWORK_NAME, "image/jpeg", "jpg")}
    (row,) = await asyncio.to_thread(intake.put, track_id, files)
    return row


def _values(edit: Edit, track: Track) -> dict[str, Any]:
    """The columns to write. Raises `Invalid` with the faults of all fields together."""
    title, terms = together(lambda: _title(edit), lambda: _terms(edit, track))
    return title | terms


def _title(edit: Edit) -> dict[str, Any]:
    if edit.title is UNSET:
        return {}
    return {"title": None if edit.title is None else titles.wished(edit.title)}


def _terms(edit: Edit, track: Track) -> dict[str, Any]:
    if not edit.declaration:
        return {}
    return licence_columns(declared(edit.declaration, licences.from_json(track.licence)))
