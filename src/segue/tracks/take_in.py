"""Takes a sound file in: looked at in a child process, its bytes put away, then its rows.

Guarantee: the rows follow the bytes and come all together. A file that is refused leaves nothing behind, and neither
does a crash, apart from bytes that no row names.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from segue import audio, jobs, licences
from segue.access import Caller
from segue.blobs import LocalBlobs, Quarantine, rendition_key
from segue.database import Tx
from segue.errors import Unavailable, together
from segue.ids import TrackId, new_track_id
from segue.tracks import store, titles
from segue.tracks.declaration import Declaration, declared, licence_columns
from segue.tracks.store import Making, RenditionRow, Track

MASTER_JOB = "tracks.master"

# By the name of the rendition: where the file lies, its MIME type, and the extension it is kept under.
Files = dict[str, tuple[Path, str, str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says about a file. None leaves it to the file, and the licence unclear."""

    title: str | None = None
    instrumental: bool = False
    licence: str | None = None
    credits: str | None = None
    source: str | None = None
    filename: str | None = None
    artwork: Path | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A track whose bytes stand and whose rows do not yet."""

    track: Track
    renditions: tuple[RenditionRow, ...]
    making: Making | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files are looked at, where their bytes go, and how much a file may ask for."""

    blobs: LocalBlobs
    quarantine: Quarantine
    limits: audio.AudioLimits

    async def prepare(self, source: Path, folder: Path, who: Caller, wish: Wish, *, now: int) -> Prepared:
        """Look at the file, measure it and put its bytes away. `folder` is a working folder that holds `source`.

        Raises `Invalid` with one sentence for a file or a wish that cannot be taken.
        """
        said = Declaration(wish.licence, wish.credits, wish.source)
        title, licence = together(lambda: _title(wish), lambda: declared(said))
        facts = await audio.inspect(source, folder, self.limits)
        if wish.artwork is not None:
            await audio.encode_artwork(wish.artwork, folder / audio.ARTWORK_NAME, self.limits)
        files = await self.playable(source, facts, folder)
        if (folder / audio.ARTWORK_NAME).exists():
            files["artwork"] = (folder / audio.ARTWORK_NAME, "image/jpeg", "jpg")
        track = _track(who, wish, title, facts, licence, frozenset(files), now=now)
        return Prepared(track, await asyncio.to_thread(self.put, track.id, files))

    async def playable(self, source: Path, facts: audio.SoundFacts, folder: Path) -> Files:
        """The files that a sound is kept as: what it is, a master where no browser plays that, and its waveform, which
        lies in `folder` since it was looked at.
        """
        files = {"original": stored(source, facts)}
        if not facts.browser_playable:
            master = folder / "master.mp3"
            made = await audio.encode_master(source, master, self.limits)
            files["master"] = (master, made.mime_type, "mp3")
        files["waveform"] = (folder / audio.WAVEFORM_NAME, "application/octet-stream", "dat")
        return files

    def put(self, track_id: TrackId, files: Files) -> tuple[RenditionRow, ...]:
        """Store files (path, MIME type, extension) as renditions by name; all of them or none."""
        put: list[RenditionRow] = []
        try:
            for name, (path, mime_type, extension) in files.items():
                sha256 = _sha256(path)
                key = rendition_key(track_id, name, sha256, extension)
                put.append(RenditionRow(track_id, name, key, mime_type, path.stat().st_size, sha256))
                self.blobs.put(key, path)
        except OSError as error:
            self.discard(put)
            raise Unavailable("The file could not be stored. Nothing was changed.") from error
        return tuple(put)

    @contextmanager
    def until_kept(self, *renditions: RenditionRow) -> Iterator[None]:
        """Take the bytes back when the block, which is to write their rows, ends by an exception."""
        try:
            yield
        except BaseException:
            self.discard(renditions)
            raise

    def discard(self, renditions: Iterable[RenditionRow]) -> None:
        """Take bytes back whose rows did not come about."""
        for rendition in renditions:
            with suppress(OSError):
                self.blobs.delete(rendition.blob_key)


async def keep(tx: Tx, prepared: Prepared, *, now: int) -> None:
    """Write the rows, and queue the streaming master where there is none yet."""
    await store.add(tx, prepared.track)
    for rendition in prepared.renditions:
        await store.add_rendition(tx, rendition, now=now)
    if prepared.making is not None:
        await store.add_making(tx, prepared.making)
    if prepared.track.playback == "original":
        await jobs.enqueue(tx, MASTER_JOB, {"track_id": prepared.track.id}, now=now)


def _title(wish: Wish) -> str | None:
    return None if wish.title is None else titles.wished(wish.title)


def _track(
    who: Caller,
    wish: Wish,
    title: str | None,
    facts: audio.SoundFacts,
    licence: licences.LicenceFacts,
    renditions: frozenset[str],
    *,
    now: int,
) -> Track:
    return Track(
        id=new_track_id(),
        organization_id=who.organization_id,
        creator_id=who.user_id,
        title=title or titles.found(facts.tags.get("title"), wish.filename),
        engine="upload",
        mode="creation",
        instrumental=wish.instrumental,
        **measured_columns(facts),
        tags=msgspec.json.encode(facts.tags).decode(),
        **licence_columns(licence),
        playback="master" if "master" in renditions else "original",
        has_artwork="artwork" in renditions,
        created_at=now,
    )


def stored(path: Path, facts: audio.SoundFacts) -> tuple[Path, str, str]:
    """A file as it is, under what was found in it."""
    return path, facts.mime_type, facts.extension.lstrip(".")


def measured_columns(facts: audio.SoundFacts) -> dict[str, Any]:
    """What a track's row keeps of a measurement."""
    names = ("duration_s", "sample_rate_hz", "channels", "loudness_lufs", "true_peak_dbtp")
    return {name: getattr(facts, name) for name in names}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
