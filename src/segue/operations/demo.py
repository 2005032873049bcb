"""Sets up a folder to try Segue with: three pieces of its own making, a collection, and two links."""

from collections.abc import Callable
from dataclasses import dataclass

from segue import collections, tracks
from segue.errors import NotFound
from segue.generations import Wish
from segue.operations.compose import compose
from segue.operations.init import initialise
from segue.operations.installation import Installation, open_installation
from segue.operations.layout import Layout
from segue.operations.local import Local, local
from segue.operations.workshop import engines_of, policy_of
from segue.shares import Wish as ShareWish

_COLLECTION = "Three for the road"
_SECONDS = 60
# Each with its seed, so that every demo plays the same.
_PIECES = (
    ("Late Night Study", "late night lo-fi study beat, warm keys", 4),
    ("First Light", "ambient dawn, soft pads and a slow piano", 2),
    ("Paper Boats", "sunny funk with slap bass and clean guitar", 3),
)


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
        await _fill(parts, here, say, now=now)
        return await _links(here, now=now)


async def _fill(parts: Installation, here: Local, say: Callable[[str], None], *, now: int) -> None:
    """Make what is missing: a demo that was stopped goes on where it was."""
    registry, policy = engines_of(parts.settings), policy_of(parts.settings)
    there = len(await _members(here))
    for number, (title, prompt, seed) in enumerate(_PIECES[there:], start=there + 1):
        say(f"Making music, {number} of {len(_PIECES)}: {prompt} …")
        wish = Wish("studio", prompt, _SECONDS, title=title)
        track = await compose(here, registry, wish, policy, seed=seed, reached=lambda _: None, now=now)
        async with parts.database.transaction() as tx:
            await here.collect(tx, track, _COLLECTION, now=now)


async def _members(here: Local) -> list[tracks.Track]:
    """What is in the collection; nothing where there is none."""
    async with here.parts.database.reading() as tx:
        collection = await collections.named(tx, here.who, _COLLECTION)
        if collection is None:
            return []
        members = await collections.members(tx, collection.id, limit=len(_PIECES), offset=0)
        found = [await tracks.find(tx, member.track_id) for member in members]
    return [track for track in found if track is not None]


async def _links(here: Local, *, now: int) -> list[DemoLink]:
    """One to the first piece, and one to the collection."""
    async with here.parts.database.reading() as tx:
        collection = await collections.named(tx, here.who, _COLLECTION)
    if collection is None:
        raise NotFound("The collection of the demo is gone. Remove the folder to begin again.")
    first = (await _members(here))[0]
    targets = [(first.title or first.id, first.id), (collection.name, collection.id)]
    wish = ShareWish(label="demo")
    return [DemoLink(name, (await here.share(target, wish, now=now)).url) for name, target in targets]
