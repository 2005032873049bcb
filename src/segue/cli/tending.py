"""Commands that look after an installation: sweep, doctor."""

import json
import sys
from typing import Annotated

import typer

from segue.cli.root import Data, Json, command
from segue.cli.running import opened, run, settings_of
from segue.clock import now_s
from segue.operations import Layout, Swept, look_over
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


@command.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Say what is well here and what is not, and what to do about it. Ends with 1 when something is wrong."""
    if not run(_looked_over(Layout(settings_of(data)), as_json=as_json)):
        sys.exit(1)


async def _looked_over(layout: Layout, *, as_json: bool) -> bool:
    well = True
    async for each in look_over(layout, now=now_s()):
        well = well and each.verdict != "bad"
        if as_json:
            print(json.dumps({"name": each.name, "verdict": each.verdict, "says": each.says}), flush=True)
        else:
            print(f"{each.verdict:<4}  {each.name}: {each.says}", flush=True)
    return well
