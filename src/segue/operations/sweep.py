"""Removes bytes that nobody will ever ask for: files that no row names, and working folders of processes that died.

Bytes are put before their rows, so what is young may belong to work that is under way: only what is older goes.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from segue import tracks
from segue.blobs import track_of
from segue.operations.installation import Installation

T = TypeVar("T")

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed, or would have been."""

    files: int
    size_bytes: int
    folders: int


async def sweep(parts: Installation, *, older_than_s: int, dry_run: bool, now: int) -> Swept:
    """Safe beside a running server. Twice is once."""
    files = size_bytes = 0
    old = (each for each in parts.blobs.stored() if each.put_at <= now - older_than_s)
    for batch in _batches(old):
        async with parts.database.reading() as tx:
            named = await tracks.blob_keys(tx, {track_of(each.key) for each in batch})
        for each in batch:
            # A job that is done again may have put the same key since the rows were asked.
            if each.key not in named and (dry_run or await asyncio.to_thread(parts.blobs.delete_as_seen, each)):
                files, size_bytes = files + 1, size_bytes + each.size_bytes
    return Swept(files, size_bytes, 0 if dry_run else parts.intake.quarantine.sweep())


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
