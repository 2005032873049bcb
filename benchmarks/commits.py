"""Commits to a database while it is measured: what the program has read it may keep only until then."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from load import Load, Verify

COMMITS_PER_S = 20


def changing(database: Path, watch: Callable[[], Verify]) -> Callable[[], Verify]:
    """The same run while somebody commits to the database. The commits are not synced: the disk is the audit's."""

    def begin() -> Verify:
        verify, stop = watch(), threading.Event()
        writer = threading.Thread(target=_commit_until, args=(stop, database), daemon=True)
        writer.start()

        def end(load: Load) -> None:
            stop.set()
            writer.join()
            verify(load)

        return end

    return begin


def _commit_until(stop: threading.Event, database: Path) -> None:
    db = sqlite3.connect(database, isolation_level=None, timeout=10)
    db.execute("PRAGMA synchronous = OFF")
    number = 0
    while not stop.wait(1 / COMMITS_PER_S):
        # A number in the file's head that nobody reads. (A row that stays the same would not be written at all.)
        number += 1
        db.execute(f"PRAGMA user_version = {number}")
    db.close()
