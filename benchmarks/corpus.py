"""Data folders to measure on: one track, one collection and their links made by the program itself, then multiplied.

The copies differ from the real rows in ids, digests and tokens only, so a change of the schema changes them too.
"""

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import music
from processes import SEGUE, BrokenRunError, environment, segue

SHARES_PER_TRACK = 10
COLLECTION_TRACKS = 100
LISTENERS = 64
# So many different links are opened at most: more than a run has requests, or nearly so.
SAMPLE_MAX = 100_000
# The streaming master, 192 kb/s, is then 3.0 MB.
_SONG_S = 125
_DEAD = 900
_COLLECTION_LINKS = 100
_JOBS_WITHIN_S = 120

# Counted as always, but never refusing: one client opens everything here.
SETTINGS = {
    "SEGUE_SHARE_RATE": "9999999/second",
    "SEGUE_UNKNOWN_TOKEN_RATE": "9999999/second",
    "SEGUE_API_RATE": "9999999/second",
    "SEGUE_API_BURST": "1000000",
    "SEGUE_PLAYBACK_TTL_S": "3600",
}

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A data folder and tokens of its links. `listeners` lead to the one track whose bytes are there."""

    data_dir: Path
    organization_id: str
    api_key: str
    track_id: str
    tracks: list[str]
    collections: list[str]
    dead: list[str]
    listeners: list[str]

    @property
    def database(self) -> Path:
        return self.data_dir / "segue.db"


def build(folder: Path, shares: int) -> Corpus:
    """A new data folder with this many links to tracks, and some to a collection of a hundred."""
    data_dir = folder / "data"
    folder.mkdir()
    member = command(data_dir, "init", "--organization", "Benchmark", "--user", "somebody@example.org")
    track_id, link, collection_link = made_by_the_program(folder, data_dir)
    with sqlite3.connect(data_dir / "segue.db") as db:
        db.row_factory = sqlite3.Row
        # Nothing of this has to survive a crash; the server opens the finished file in its own way.
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -1000000")
        copies = _Copies(db, row(db, "shares", link), row(db, "tracks", track_id))
        corpus = Corpus(
            data_dir,
            member["organization_id"],
            member["api_key"],
            track_id,
            tracks=copies.tracks_and_links(shares),
            collections=copies.collection_links(row(db, "shares", collection_link)),
            dead=copies.dead_links(),
            listeners=copies.links(LISTENERS, track_id=track_id),
        )
    db.close()
    rest(data_dir / "segue.db")
    return corpus


def until_idle(corpus_database: Path) -> None:
    """Wait until no job is left to do: the streaming master is made beside the requests."""
    deadline_s = time.monotonic() + _JOBS_WITHIN_S
    while time.monotonic() < deadline_s:
        db = sqlite3.connect(f"file:{corpus_database}?mode=ro", uri=True)
        states = {state for (state,) in db.execute("SELECT DISTINCT state FROM jobs")}
        db.close()
        if states <= {"done"}:
            return
        if "failed" in states:
            raise BrokenRunError("A job failed.")
        time.sleep(0.05)
    raise BrokenRunError(f"There were jobs left to do after {_JOBS_WITHIN_S} s.")


def made_by_the_program(folder: Path, data_dir: Path) -> tuple[str, str, str]:
    """The ids of a track with its master, of a link to it, and of a link to a collection that holds it."""
    song = folder / "song.flac"
    music.write_flac(song, _SONG_S)
    wish = ("--title", "A song to measure", "--licence", "CC-BY-4.0", "--collection", "A hundred songs")
    track_id = command(data_dir, "import", str(song), *wish)["id"]
    song.unlink()
    with segue(data_dir, SETTINGS):
        until_idle(data_dir / "segue.db")
    with sqlite3.connect(data_dir / "segue.db") as db:
        (collection_id,) = db.execute("SELECT id FROM collections").fetchone()
    db.close()
    return (
        track_id,
        command(data_dir, "share", track_id)["id"],
        command(data_dir, "share", collection_id)["id"],
    )


class _Copies:
    """Copies rows of a track and of its link. Ids and tokens follow from a number, so every corpus is the same."""

    def __init__(self, db: sqlite3.Connection, share: Row, track: Row) -> None:
        self._db = db
        self._share = share
        self._track = track
        self._random = random.Random(8600)  # noqa: S311 - made-up tokens, the same in every run
        self._numbers = 0

    def tracks_and_links(self, count: int) -> list[str]:
        """Links to tracks, some to each. Returns tokens spread over all of them, in no order."""
        ids = [self._id("mtrack") for _ in range(max(COLLECTION_TRACKS, count // SHARES_PER_TRACK))]
        insert(self._db, "tracks", self._track, ({"id": track_id} for track_id in ids))
        member = dict(self._db.execute("SELECT * FROM collection_tracks").fetchone())
        places = ({"track_id": ids[place], "position": place} for place in range(1, COLLECTION_TRACKS))
        insert(self._db, "collection_tracks", member, places)
        return self._add(self._share, ({"track_id": ids[number % len(ids)]} for number in range(count)))

    def collection_links(self, share: Row) -> list[str]:
        return self._add(share, ({} for _ in range(_COLLECTION_LINKS)))

    def dead_links(self) -> list[str]:
        """A third revoked, a third expired, a third that never existed."""
        revoked = self.links(_DEAD // 3, revoked_at=self._share["created_at"])
        expired = self.links(_DEAD // 3, expires_at=self._share["created_at"])
        tokens = revoked + expired + [self._token() for _ in range(_DEAD // 3)]
        self._random.shuffle(tokens)
        return tokens

    def links(self, count: int, **changes: object) -> list[str]:
        return self._add(self._share, (changes for _ in range(count)))

    def _add(self, share: Row, changes: Iterable[Row]) -> list[str]:
        tokens: list[str] = []

        def rows() -> Iterator[Row]:
            for change in changes:
                tokens.append(self._token())
                digest = hashlib.sha256(tokens[-1].encode()).digest()
                yield {"id": self._id("mslink"), "digest": digest, **change}

        insert(self._db, "shares", share, rows())
        return self._random.sample(tokens, min(SAMPLE_MAX, len(tokens)))

    def _token(self) -> str:
        return "shr_" + self._random.randbytes(16).hex()

    def _id(self, prefix: str) -> str:
        self._numbers += 1
        return scattered(prefix, self._numbers)


def scattered(prefix: str, number: int) -> str:
    """The id of a copy. Multiplied by an odd number modulo 2**48: no two alike, and as scattered over an index as
    random ones.
    """
    return f"{prefix}_{number * 0x9E3779B97F4B % 2**48:012x}"


def insert(db: sqlite3.Connection, table: str, like: Row, changes: Iterable[Row]) -> None:
    columns = ", ".join(like)
    values = ", ".join(f":{name}" for name in like)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - names out of the schema
    db.executemany(statement, (like | change for change in changes))


def row(db: sqlite3.Connection, table: str, row_id: str) -> Row:
    return dict(db.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone())  # noqa: S608 - our own names


def rest(path: Path) -> None:
    """Move everything from the log to the file and the file to the disk, so that no run pays for the building."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def command(data_dir: Path, *arguments: str) -> dict[str, str]:
    command = [SEGUE, *arguments, "--data", str(data_dir), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment({}), check=False)
    if done.returncode:
        raise BrokenRunError(f"segue {arguments[0]} failed: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])
