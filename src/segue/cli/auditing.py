"""The command that reads the audit."""

import json
from typing import Annotated

import typer

from segue.audit import Filter, entries
from segue.cli.root import Data, Json, command
from segue.cli.running import run, settings_of
from segue.clock import utc_text_us
from segue.database import open_database
from segue.operations import Layout


@command.command()
def audit(
    share_id: Annotated[str | None, typer.Option("--share", help="Only this share's entries.")] = None,
    event: Annotated[str | None, typer.Option(help="Only this kind of event, such as share.open.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Print the audit, oldest first."""
    layout = Layout(settings_of(data))

    async def work() -> None:
        layout.require_set_up()
        database = await open_database(layout.audit_url)
        try:
            async for entry in entries(database, Filter(share_id=share_id, event=event)):
                values = {"at": utc_text_us(entry.at_us), **entry._asdict()}
                del values["at_us"]
                print(json.dumps(values) if as_json else "  ".join(str(value or "-") for value in values.values()))
        finally:
            await database.close()

    run(work())
