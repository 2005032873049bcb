"""Takes over what an engine has made: looked at like any file that somebody brings, and put away with its stems.

Guarantee: that of `take_in`. The track's id is the caller's, so that a piece which is made twice lies in one place.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from segue import audio
from segue.access import Caller
from segue.ids import TrackId
from segue.licences import LicenceFacts
from segue.tracks.declaration import licence_columns
from segue.tracks.store import Making, Track
from segue.tracks.take_in import Intake, Prepared, measured_columns, stored

STEM_PREFIX = "stem_"


@dataclass(frozen=True, slots=True)
class Made:
    """What an engine has made. The files lie where the caller says; `terms` are those of this piece on this day."""

    track_id: TrackId
    title: str | None
    engine: str
    mode: str
    instrumental: bool
    terms: LicenceFacts
    making: Making
    master: Path
    stems: Mapping[str, Path]


async def take_over(intake: Intake, made: Made, folder: Path, who: Caller, *, now: int) -> Prepared:
    """Look at the master and at each stem, and put their bytes away. `folder` is a working folder.

    Raises `Invalid` when one of them is not sound.
    """
    sounds = {"original": made.master} | {STEM_PREFIX + name: path for name, path in made.stems.items()}
    for name in sounds:
        (folder / name).mkdir()
    heard = {name: await audio.inspect(path, folder / name, intake.limits) for name, path in sounds.items()}
    facts = heard["original"]
    files = {name: stored(path, heard[name]) for name, path in sounds.items()}
    files |= await intake.playable(made.master, facts, folder / "original")
    track = _track(made, facts, who, playback="original" if facts.browser_playable else "master", now=now)
    return Prepared(track, await asyncio.to_thread(intake.put, track.id, files), made.making)


def _track(made: Made, facts: audio.SoundFacts, who: Caller, *, playback: str, now: int) -> Track:
    return Track(
        id=made.track_id,
        organization_id=who.organization_id,
        creator_id=who.user_id,
        title=made.title,
        engine=made.engine,
        mode=made.mode,
        instrumental=made.instrumental,
        **measured_columns(facts),
        # What a file claims of itself is no news about a piece that was made here.
        tags=msgspec.json.encode({}).decode(),
        **licence_columns(made.terms),
        playback=playback,
        has_artwork=False,
        created_at=now,
    )
