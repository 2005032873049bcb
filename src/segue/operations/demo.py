"""Sets up a folder to try Segue with: three pieces, a collection, and a link to each."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass

from segue import collections, tracks
from segue.errors import NotFound, Unavailable
from segue.operations.init import initialise
from segue.operations.installation import Installation, open_installation
from segue.operations.layout import Layout
from segue.operations.local import Local, local
from segue.shares import Wish as ShareWish
from segue.tracks import Wish

_COLLECTION = "Three for the road"
# What their maker might say of them: so a visitor sees how different terms read.
_LICENCES = {"Late Night Study": "CC-BY-4.0", "First Light": "own", "Paper Boats": "CC0-1.0"}


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A link with the name of what it opens."""

    name: str
    url: str


async def demo(layout: Layout, say: Callable[[str], None], *, now: int) -> list[DemoLink]:
    """Fill the folder if it is new, and make fresh links to what is in it; old ones go on working."""
    new = not layout.keys.exists()
    if new:
        await initialise(layout, "The Segue Demo", "demo@localhost", now=now)
    async with open_installation(layout) as parts:
        here = await local(parts, "demo@localhost")
        if new:
            say("Making three pieces of music, by rule and from nothing …")
            await _fill(parts, here, now=now)
        return await _links(here, now=now)


async def _fill(parts: Installation, here: Local, *, now: int) -> None:
    with parts.intake.quarantine.folder() as folder:
        command = (sys.executable, "-m", "segue.operations.tune", str(folder))
        child = await asyncio.create_subprocess_exec(*command)
        if await child.wait() != 0:
            raise Unavailable("The music of the demo could not be made.")
        for title, licence in _LICENCES.items():
            path = folder / f"{title}.wav"
            credit = "Music by the Segue demo" if licence.startswith("CC-BY") else None
            await here.bring(path, Wish(title=title, licence=licence, credits=credit), _COLLECTION, now=now)


async def _links(here: Local, *, now: int) -> list[DemoLink]:
    async with here.parts.database.reading() as tx:
        collection = await collections.named(tx, here.who, _COLLECTION)
        if collection is None:
            raise NotFound("The collection of the demo is gone. Remove the folder to begin again.")
        members = await collections.members(tx, collection.id, limit=len(_LICENCES), offset=0)
        found = [await tracks.find(tx, member.track_id) for member in members]
    targets = [(track.title or track.id, track.id) for track in found if track is not None]
    wish = ShareWish(label="demo")
    return [
        DemoLink(name, (await here.share(target, wish, now=now)).url)
        for name, target in [*targets, (collection.name, collection.id)]
    ]
