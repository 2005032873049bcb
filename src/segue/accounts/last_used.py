"""When each API key was last used: noted in memory at once, written now and then.

A write for every request would cost more than the request. What is lost by a sudden end is the last minute.
"""

import asyncio

import structlog

from segue.accounts import store
from segue.database import Database

_log = structlog.get_logger()

WRITTEN_EVERY_S = 60


class LastUsed:
    """The notes of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, int] = {}

    def note(self, key_id: str, now: int) -> None:
        self._noted[key_id] = now

    async def keep_writing(self) -> None:
        """Until cancelled. A database that is away for a while loses its notes, and nothing else."""
        while True:
            await asyncio.sleep(WRITTEN_EVERY_S)
            try:
                await self.write()
            except Exception:  # noqa: BLE001 - whatever it was, it must not end the notes to come
                _log.exception("the last use of keys could not be written")

    async def write(self) -> None:
        """Write what was noted since the last time."""
        noted, self._noted = self._noted, {}
        if noted:
            async with self._database.transaction() as tx:
                await store.note_used(tx, noted)
