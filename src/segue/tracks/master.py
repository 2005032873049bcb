"""Makes the streaming master of a track in the background, after which players get it instead of the original."""

import asyncio

from segue import audio
from segue.database import Database, Tx
from segue.errors import NotFound
from segue.ids import TrackId
from segue.jobs import Effect, Payload
from segue.tracks import store
from segue.tracks.take_in import Intake


async def make_master(database: Database, intake: Intake, payload: Payload, *, now: int) -> Effect:
    """The job `tracks.master`. Made twice, it puts the same bytes under the same key; its row comes once."""
    track_id = TrackId(payload["track_id"])
    async with database.reading() as tx:
        original = await store.find_rendition(tx, track_id, "original")
    if original is None:
        raise NotFound("There is no original to make a master from.")
    with intake.quarantine.folder() as folder:
        target = folder / "master.mp3"
        made = await audio.encode_master(intake.blobs.path(original.blob_key), target, intake.limits)
        (master,) = await asyncio.to_thread(intake.put, track_id, {"master": (target, made.mime_type, "mp3")})

    async def record(tx: Tx) -> None:
        stands = await store.removed_at(tx, track_id) is None
        if stands and await store.find_rendition(tx, track_id, "master") is None:
            await store.add_rendition(tx, master, now=now)
            await store.play(tx, track_id, "master")

    return record
