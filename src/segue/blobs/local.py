"""Blobs as files in one folder. Bytes are written aside, synced, and renamed: a key holds all of them or nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from segue.blobs.keys import PATTERN, BlobKey

# The flag of preadv2 (Linux 4.14) for: rather nothing than a read that would wait.
_NO_WAIT = getattr(os, "RWF_NOWAIT", None)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file under its key, its bytes, and when it was put there or written, whichever is later, in unix seconds."""

    key: BlobKey
    size_bytes: int
    put_at: float


class LocalBlobs:
    """A folder on this machine. The database row follows the bytes, so a crash leaves at most unnamed bytes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._text = str(root)
        _make(root)

    def path(self, key: BlobKey) -> Path:
        """The file of a key, for a server that can send a file by itself."""
        return self._root / key

    def in_memory(self, key: BlobKey, first: int, end: int) -> bytes | None:
        """Bytes `first` to `end` (excluded) when the system has them in memory, or None: this never waits for a disk.

        The last byte is asked for without waiting; whoever reads a file in order has the bytes before it there too.
        """
        if _NO_WAIT is None:
            return None
        try:
            descriptor = os.open(f"{self._text}/{key}", os.O_RDONLY)
        except OSError:
            return None
        try:
            os.preadv(descriptor, [bytearray(1)], end - 1, _NO_WAIT)
            return os.pread(descriptor, end - first, first)
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def put(self, key: BlobKey, source: Path) -> None:
        """Take the file over under this key. The source is gone afterwards. Doing it twice is doing it once."""
        target = self.path(key)
        _make(target.parent)
        aside = source
        if source.stat().st_dev != target.parent.stat().st_dev:
            aside = target.with_name(f".{target.name}.{os.getpid()}")
            shutil.copyfile(source, aside)
        _sync(aside)
        aside.replace(target)
        source.unlink(missing_ok=True)
        _sync(target.parent)

    def size(self, key: BlobKey) -> int | None:
        """Bytes under this key, or None."""
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            return None

    def stored(self) -> Iterator[Stored]:
        """Every file that lies where keys lead, also those that no row names."""
        for path in self._root.glob(PATTERN):
            with suppress(FileNotFoundError):
                facts = path.stat()
                yield Stored(BlobKey(str(path.relative_to(self._root))), facts.st_size, _put_at(facts))

    def delete_as_seen(self, seen: Stored) -> bool:
        """Remove the bytes, unless they were put anew since they were seen. Says whether they went."""
        path = self.path(seen.key)
        with suppress(FileNotFoundError):
            if _put_at(path.stat()) == seen.put_at:
                path.unlink()
                return True
        return False

    def delete(self, key: BlobKey) -> None:
        """Remove the bytes. Twice is once."""
        self.path(key).unlink(missing_ok=True)


def _put_at(facts: os.stat_result) -> float:
    """A rename keeps the time of writing, which may be that of somebody's archive; but it changes the inode."""
    return max(facts.st_mtime, facts.st_ctime)


def _make(folder: Path) -> None:
    """The folder and those above it, each name on disk before anything is put into it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
