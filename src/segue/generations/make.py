"""Makes one piece: has the engine render it, listens to what comes back, and puts the bytes away.

It knows no queue and no state: a worker and a person at the machine both come here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from segue import audio, licences, tracks
from segue.access import Caller
from segue.engines import RUBBISH, Brief, EngineFailed, Offer, Rendered, RenderLimits, made_file, render
from segue.errors import Invalid, Unavailable
from segue.ids import TrackId
from segue.licences import LicenceFacts
from segue.tracks import Intake, Made, Making, Prepared, RenditionRow, Track

SEED_NAME = "seed.mp3"


@dataclass(frozen=True, slots=True)
class Seed:
    """The track that a piece goes on from, and where its sound lies."""

    track: Track
    sound: RenditionRow


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be made for whom, under which id it will stand, and by what."""

    who: Caller
    track_id: TrackId
    title: str | None
    mode: str
    brief: Brief
    offer: Offer
    seed: Seed | None = None


async def make(
    intake: Intake,
    piece: Piece,
    folder: Path,
    limits: RenderLimits,
    *,
    reached: Callable[[float], None],
    unwanted: asyncio.Event,
    now: int,
) -> Prepared:
    """The track, whose bytes stand and whose rows do not yet. `folder` is an empty working folder.

    Raises what `engines.render` raises, and `EngineFailed` for what is no music of the length that was asked for.
    """
    workdir, listening = folder / "work", folder / "listening"
    workdir.mkdir()
    listening.mkdir()
    brief = piece.brief
    if piece.seed is not None:
        await audio.encode_master(intake.blobs.path(piece.seed.sound.blob_key), workdir / SEED_NAME, intake.limits)
        brief = msgspec.structs.replace(brief, seed_audio=SEED_NAME)
    rendered = await render(piece.offer, brief, workdir, limits, reached=reached, unwanted=unwanted)
    made = _made(piece, rendered, workdir)
    try:
        prepared = await tracks.take_over(intake, made, listening, piece.who, now=now)
    except Invalid:
        raise EngineFailed(RUBBISH) from None
    with intake.until_kept(*prepared.renditions):
        _check_length(prepared.track, piece)
    return prepared


def _made(piece: Piece, rendered: Rendered, workdir: Path) -> Made:
    facts = piece.offer.facts
    making = Making(
        track_id=piece.track_id,
        engine_version=facts.version,
        model=rendered.model,
        origin=facts.origin,
        seed=rendered.seed,
        parameters=msgspec.json.encode(rendered.parameters).decode(),
        seed_track_id=None if piece.seed is None else piece.seed.track.id,
    )
    return Made(
        track_id=piece.track_id,
        title=piece.title,
        engine=facts.engine_key,
        mode=piece.mode,
        instrumental=piece.brief.instrumental,
        terms=terms_of(facts.terms, rendered.terms, _terms_of_seed(piece.seed)),
        making=making,
        master=made_file(workdir, rendered.master),
        stems={name: made_file(workdir, file) for name, file in rendered.stems.items()},
    )


def _terms_of_seed(seed: Seed | None) -> LicenceFacts | None:
    return None if seed is None else licences.from_json(seed.track.licence)


def terms_of(engine: LicenceFacts, used: LicenceFacts | None, seed: LicenceFacts | None) -> LicenceFacts:
    """The terms of a piece: those of the engine, less what it says that it used for this one, met with the seed's."""
    own = engine if used is None else licences.both(engine, used)
    return own if seed is None else licences.derived_from((own, seed))


def _check_length(track: Track, piece: Piece) -> None:
    """Silence is no music, and a piece of another length is not the one that was asked for."""
    asked_s = piece.brief.duration_s
    missed_s = abs(track.duration_s - asked_s)
    if track.true_peak_dbtp is None:
        raise EngineFailed(RUBBISH)
    if missed_s > max(0.1, piece.offer.facts.length_tolerance * asked_s):
        raise EngineFailed(
            f"The engine made {track.duration_s:.0f} seconds of music and not {asked_s:.0f}. "
            "Try again, or ask for another length."
        )


def sound_of(found: RenditionRow | None) -> RenditionRow:
    """The sound of a seed track. Raises `Unavailable` where its bytes are gone."""
    if found is None:
        raise Unavailable("The sound of the track to go on from cannot be read at the moment.")
    return found
