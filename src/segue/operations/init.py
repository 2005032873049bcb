"""Sets up a data folder: database, keys, organization and first user."""

import secrets

from segue import accounts
from segue.accounts import NewMember
from segue.audit import open_audit
from segue.database import migrate, open_database
from segue.errors import Conflict, Unavailable
from segue.operations.layout import Layout
from segue.playback import KeyRing, write_secret


async def initialise(layout: Layout, organization: str, email: str, *, now: int) -> NewMember:
    """Make everything that a server needs. Raises `Conflict` on a second run; nothing is changed then."""
    data_dir = layout.settings.data_dir
    if layout.keys.exists():
        raise Conflict(f"{data_dir} is set up already. Nothing was changed.")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{data_dir} cannot be made: {error.strerror}.") from None
    await migrate(layout.database_url)
    database = await open_database(layout.database_url)
    try:
        async with database.transaction() as tx:
            member = await accounts.found(tx, organization, email, now=now)
            # Inside the transaction: an organization without keys could not be set up again.
            KeyRing(layout.keys).add()
            write_secret(layout.keys / "audit.key", secrets.token_bytes(32))
    finally:
        await database.close()
    await (await open_audit(layout.audit_url)).close()
    return member
