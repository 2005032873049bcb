"""Makes a piece for somebody at the machine, at once and without a queue: into the library, or into a file."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from segue import audio, generations, library, spending
from segue.engines import EngineFailed, EngineRefused, Offer, Registry, RenderLimits, made_file, render
from segue.errors import Conflict, Invalid, Unavailable
from segue.generations import Piece, Policy, Wish, brief_of, check_wish, cost_chf_e4, title_of
from segue.ids import new_track_id
from segue.operations.local import Local
from segue.tracks import Track

Reached = Callable[[float], None]

_MP3 = ".mp3"
_ENDINGS = (".flac", _MP3, ".wav")


async def compose(
    here: Local, registry: Registry, wish: Wish, policy: Policy, *, seed: int, reached: Reached, now: int
) -> Track:
    """A new track of the person's library. It counts against the caps of the organization like any other.

    Raises `Invalid` with every fault, and `Unavailable` with the engine's own sentence.
    """
    offer = _offer(registry, wish)
    cost = cost_chf_e4(policy.prices_chf_e4, wish.engine, wish.duration_s)
    async with here.parts.database.transaction() as tx:
        await spending.check(tx, here.who, cost, now=now)
    limits = RenderLimits(here.parts.settings.render_seconds_max, here.parts.settings.upload_bytes_max)
    piece = Piece(here.who, new_track_id(), title_of(wish), wish.mode, brief_of(wish, offer.facts, seed), offer)
    with here.parts.intake.quarantine.folder() as folder:
        try:
            prepared = await generations.make(
                here.parts.intake, piece, folder, limits, reached=reached, unwanted=asyncio.Event(), now=now
            )
        except (EngineFailed, EngineRefused) as failure:
            raise Unavailable(str(failure)) from None
        with here.parts.intake.until_kept(*prepared.renditions):
            async with here.parts.database.transaction() as tx:
                await spending.spend(tx, here.who, wish.engine, cost, 1, now=now)
                await library.bring(tx, here.who, prepared, now=now)
    track = prepared.track
    await here.trail.record("track.create", "done", subject_id=track.id, actor_id=here.who.user_id)
    return track


async def compose_to(
    file: Path, registry: Registry, wish: Wish, limits: RenderLimits, *, seed: int, reached: Reached
) -> Path:
    """Into a file, and nowhere else: no library is needed. An MP3 is encoded; else it is what the engine makes, under
    the ending of that. Returns where it lies. Raises as `compose` does, and `Conflict` for a file that is there.
    """
    offer = _offer(registry, wish)
    _check_free(file)
    with tempfile.TemporaryDirectory(prefix="segue-") as name:
        folder, brief = Path(name), brief_of(wish, offer.facts, seed)
        try:
            made = await render(offer, brief, folder, limits, reached=reached, unwanted=asyncio.Event())
            master = made_file(folder, made.master)
        except (EngineFailed, EngineRefused) as failure:
            raise Unavailable(str(failure)) from None
        if file.suffix.lower() == _MP3:
            await audio.encode_master(master, file)
            return file
        target = file.with_suffix(master.suffix)
        if target.exists():
            raise Conflict(f"{offer.facts.name} writes {target.name}, which is there already.")
        await asyncio.to_thread(shutil.copyfile, master, target)
        return target


def _check_free(file: Path) -> None:
    if file.exists():
        raise Conflict(f"{file} is there already. Nothing was made.")
    if not file.parent.is_dir():
        raise Invalid(f"There is no folder {file.parent}.")
    if file.suffix.lower() not in _ENDINGS:
        raise Invalid(f"The name of the file ends in one of {', '.join(_ENDINGS)}.")


def _offer(registry: Registry, wish: Wish) -> Offer:
    offer = generations.engine_of(registry, wish.engine)
    check_wish(wish, offer.facts)
    return offer
