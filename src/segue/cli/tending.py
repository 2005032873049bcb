"""Commands that look after an installation: sweep, doctor."""

import json
from typing import Annotated

import typer

from segue.cli.root import Data, Json, command
from segue.cli.running import opened
from segue.clock import now_s
from segue.operations import Swept
from segue.operations import sweep as sweep_bytes

_HOUR_S = 3_600


@command.command()
def sweep(
    older_than_hours: Annotated[int, typer.Option(min=0, help="Leave what is younger: work may be under way.")] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Remove stored bytes that nothing names any more. Safe beside a running server."""
    found: Swept = opened(
        data, lambda parts: sweep_bytes(parts, older_than_s=older_than_hours * _HOUR_S, dry_run=dry_run, now=now_s())
    )
    if as_json:
        print(json.dumps({"files": found.files, "bytes": found.size_bytes, "folders": found.folders}))
    else:
        done = "would go" if dry_run else "gone"
        print(f"{found.files} files with {found.size_bytes} bytes {done}, {found.folders} working folders.")
