"""Opens everything that an installation consists of, for the server and for the commands beside it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from segue.accounts import LastUsed
from segue.audio import AudioLimits
from segue.audit import AddressKeeper, AuditLog, History, Trail, open_audit, open_history
from segue.blobs import LocalBlobs, Quarantine
from segue.changes import Seal
from segue.database import Database, migrate, open_database
from segue.ids import new_request_id
from segue.operations.layout import Layout
from segue.playback import KeyRing, SigningKey, write_secret
from segue.settings import Settings
from segue.tracks import Intake


@dataclass(frozen=True, slots=True)
class Installation:
    """The open parts of one installation."""

    settings: Settings
    database: Database
    log: AuditLog
    history: History
    keeper: AddressKeeper
    blobs: LocalBlobs
    intake: Intake
    keys: dict[str, SigningKey]
    seal: Seal
    last_used: LastUsed
    public_url: str

    def trail(self) -> Trail:
        """The audit of one thing that is done at the machine."""
        return Trail(self.log, "local", "command", new_request_id())


@asynccontextmanager
async def open_installation(layout: Layout) -> AsyncIterator[Installation]:
    """Open, bring the schema up to date, and close in the end. Raises `NotFound` where nothing was set up."""
    settings = layout.settings
    layout.require_set_up()
    keys = KeyRing(layout.keys).load()
    keeper = AddressKeeper(settings.audit_addresses, bytes.fromhex((layout.keys / "audit.key").read_text()))
    await migrate(layout.database_url)
    database = await open_database(layout.database_url)
    log = await open_audit(layout.audit_url)
    history = open_history(layout.audit_url, database)
    blobs = LocalBlobs(layout.blobs)
    limits = AudioLimits(seconds_max=settings.track_seconds_max)
    intake = Intake(blobs, Quarantine(layout.quarantine), limits)
    try:
        yield Installation(
            settings,
            database,
            log,
            history,
            keeper,
            blobs,
            intake,
            keys,
            Seal(_secret(layout.keys / "answers.key")),
            LastUsed(database),
            layout.public_url,
        )
    finally:
        await history.close()
        await log.close()
        await database.close()


def _secret(path: Path) -> bytes:
    """The secret in a key file, which is made where an older version has not made it."""
    if not path.exists():
        with suppress(FileExistsError):
            write_secret(path, secrets.token_bytes(32))
    return bytes.fromhex(path.read_text())
