"""Removes a track: gone at once for everybody; its bytes follow after a time of grace."""

import asyncio

from segue import jobs
from segue.access import Caller
from segue.database import Database, Tx
from segue.errors import Unavailable
from segue.ids import TrackId
from segue.jobs import Effect, Payload
from segue.tracks import store
from segue.tracks.take_in import Intake

ERASE_JOB = "tracks.erase"


async def remove(tx: Tx, who: Caller, track_id: str, *, grace_s: int, now: int) -> bool | None:
    """True when it stood until now, False when the caller had removed it before, None where the caller has no such
    track. The row stays, so that its id is never used again.
    """
    removed = await store.remove(tx, who, track_id, now=now)
    if removed:
        await jobs.enqueue(tx, ERASE_JOB, {"track_id": track_id}, now=now, after_s=grace_s)
    return removed


async def erase(database: Database, intake: Intake, payload: Payload) -> Effect:
    """The job `tracks.erase`: the bytes go first and their rows after them. Twice is once."""
    track_id = TrackId(payload["track_id"])
    async with database.reading() as tx:
        if await store.removed_at(tx, track_id) is None:
            raise Unavailable("The track stands again, so its bytes stay.")
        found = await store.find_renditions(tx, track_id)
    await asyncio.to_thread(intake.discard, found)

    async def forget(tx: Tx) -> None:
        await store.drop_renditions(tx, track_id)

    return forget
