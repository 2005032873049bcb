"""Brings a file into somebody's library: a new track, and at once in its creator's library."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from segue import tracks
from segue.access import Caller
from segue.database import Database, Tx
from segue.ids import new_library_id
from segue.library import store
from segue.tracks import Intake, Track, Wish

Then = Callable[[Tx, Track], Coroutine[Any, Any, None]]


async def bring(
    database: Database,
    intake: Intake,
    source: Path,
    folder: Path,
    who: Caller,
    wish: Wish,
    *,
    now: int,
    then: Then | None = None,
) -> Track:
    """Take the file in and save the track as `uploaded`, all or nothing; `then` runs in the same transaction.

    The one use case that opens its transaction itself: the file is looked at and put away before, and no
    transaction may be open while that goes on.
    """
    prepared = await intake.prepare(source, folder, who, wish, now=now)
    try:
        async with database.transaction() as tx:
            await tracks.keep(tx, prepared, now=now)
            await store.add(tx, new_library_id(), who, prepared.track.id, "uploaded", now=now)
            if then is not None:
                await then(tx, prepared.track)
    except BaseException:
        intake.discard(prepared.renditions)
        raise
    return prepared.track
