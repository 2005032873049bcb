"""Data folders of somebody who has much: so many tracks, collections, links and days of spending, all of one user.

One of each is made by the program itself and copied, as in `corpus`; in `spend_days` there is nothing to copy yet.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import COLLECTION_TRACKS, Row, command, insert, made_by_the_program, rest, row, scattered

_ENGINES, _MODES = ("upload", "studio"), ("creation", "focus")
_SPENDING_ENGINES = ("choir", "organ", "studio")
_DAY_S = 86_400
# Twenty-seven years of spending on three engines every day.
_SPEND_ROWS_MAX = 30_000


@dataclass(frozen=True, slots=True)
class Belongings:
    """A data folder, the key of its one user, and a collection of a hundred tracks."""

    data_dir: Path
    organization_id: str
    api_key: str
    collection_id: str

    @property
    def database(self) -> Path:
        return self.data_dir / "segue.db"


def build(folder: Path, rows: int) -> Belongings:
    """A new data folder with this many rows in each list."""
    data_dir = folder / "data"
    folder.mkdir()
    member = command(data_dir, "init", "--organization", "Benchmark", "--user", "somebody@example.org")
    track_id, link, _ = made_by_the_program(folder, data_dir)
    with sqlite3.connect(data_dir / "segue.db") as db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -1000000")
        collection = dict(db.execute("SELECT * FROM collections").fetchone())
        _tracks(db, row(db, "tracks", track_id), rows)
        _members(db, rows)
        insert(db, "collections", collection, _copies("mcoll", 2, rows))
        insert(db, "shares", row(db, "shares", link), _with_digests(_copies("mslink", 3, rows)))
        _colleagues(db, row(db, "users", member["user_id"]), rows)
        _spending(db, member["organization_id"], member["user_id"], min(rows, _SPEND_ROWS_MAX))
    db.close()
    rest(data_dir / "segue.db")
    return Belongings(data_dir, member["organization_id"], member["api_key"], str(collection["id"]))


def _copies(prefix: str, first: int, rows: int) -> Iterator[Row]:
    """What tells the copies from each other. The rows before the first one are there already."""
    return ({"id": scattered(prefix, number), "nth": number} for number in range(first, rows + 1))


def _with_digests(copies: Iterator[Row]) -> Iterator[Row]:
    return (copy | {"digest": hashlib.sha256(str(copy["id"]).encode()).digest()} for copy in copies)


def _tracks(db: sqlite3.Connection, track: Row, rows: int) -> None:
    """Every second one of another engine, every second two of another mode."""
    kinds = {number: (_ENGINES[number % 2], _MODES[number // 2 % 2]) for number in range(4)}

    def copies(prefix: str) -> Iterator[Row]:
        for number, copy in enumerate(_copies(prefix, 2, rows), start=2):
            engine, mode = kinds[number % 4]
            yield copy | {"track_id": scattered("mtrack", number), "engine": engine, "mode": mode}

    saved = dict(db.execute("SELECT * FROM library").fetchone())
    insert(db, "tracks", track, copies("mtrack"))
    insert(db, "library", saved, copies("mlib"))


def _members(db: sqlite3.Connection, rows: int) -> None:
    """The collection's tracks are spread over all of the library."""
    member = dict(db.execute("SELECT * FROM collection_tracks").fetchone())
    step = rows // COLLECTION_TRACKS
    places = (
        {"track_id": scattered("mtrack", 1 + place * step), "position": place} for place in range(1, COLLECTION_TRACKS)
    )
    insert(db, "collection_tracks", member, places)


def _colleagues(db: sqlite3.Connection, user: Row, rows: int) -> None:
    """The other members of the organization."""
    membership = dict(db.execute("SELECT * FROM memberships").fetchone())
    insert(
        db, "users", user, ({"id": scattered("usr", n), "email": f"user{n}@example.org"} for n in range(2, rows + 1))
    )
    insert(db, "memberships", membership, ({"user_id": scattered("usr", n)} for n in range(2, rows + 1)))


def _spending(db: sqlite3.Connection, organization_id: str, user_id: str, rows: int) -> None:
    today = int(time.time()) // _DAY_S
    own = {"organization_id": organization_id, "user_id": user_id, "track_count": 3, "cost_chf_e4": 12_000}
    days = (
        {"day": today - number // len(_SPENDING_ENGINES), "engine": _SPENDING_ENGINES[number % len(_SPENDING_ENGINES)]}
        for number in range(rows)
    )
    insert(db, "spend_days", own | {"day": 0, "engine": ""}, days)
