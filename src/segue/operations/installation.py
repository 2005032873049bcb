"""Opens everything that an installation consists of, for the server and for the commands beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from segue.audio import AudioLimits
from segue.audit import AddressKeeper, AuditLog, open_audit
from segue.blobs import LocalBlobs, Quarantine
from segue.database import Database, migrate, open_database
from segue.operations.layout import Layout
from segue.playback import KeyRing, SigningKey
from segue.settings import Settings
from segue.tracks import Intake


@dataclass(frozen=True, slots=True)
class Installation:
    """The open parts of one installation."""

    settings: Settings
    database: Database
    log: AuditLog
    keeper: AddressKeeper
    blobs: LocalBlobs
    intake: Intake
    keys: dict[str, SigningKey]
    public_url: str


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
    blobs = LocalBlobs(layout.blobs)
    limits = AudioLimits(seconds_max=settings.track_seconds_max)
    intake = Intake(blobs, Quarantine(layout.quarantine), limits)
    try:
        yield Installation(settings, database, log, keeper, blobs, intake, keys, layout.public_url)
    finally:
        await log.close()
        await database.close()
