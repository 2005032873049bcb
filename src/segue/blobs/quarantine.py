"""A folder for files that nobody has looked at yet. What a dead process left there is swept at the next start."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_HELD = ".held"


class Quarantine:
    """Hands out working folders that are gone when their block ends, however it ends.

    Each is held by a file lock that dies with its process, so that a sweep knows the left from the living. The
    root's own lock keeps a sweep away from a folder that is just being made.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """An empty folder of one's own."""
        with self._locked(fcntl.LOCK_SH):
            path = Path(tempfile.mkdtemp(dir=self._root))
            held = _lock(path / _HELD, fcntl.LOCK_EX)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            held.close()

    def sweep(self) -> int:
        """Remove the folders that no living process holds. Returns how many there were."""
        with self._locked(fcntl.LOCK_EX):
            return sum(_remove_if_left(path) for path in self._root.iterdir() if path.is_dir())

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with _lock(self._root / ".lock", how):
            yield


def _lock(path: Path, how: int) -> IO[str]:
    handle = path.open("a")
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        handle.close()
        raise
    return handle


def _remove_if_left(path: Path) -> bool:
    try:
        _lock(path / _HELD, fcntl.LOCK_EX | fcntl.LOCK_NB).close()
    except (BlockingIOError, FileNotFoundError):  # somebody works in it, or has just removed it
        return False
    shutil.rmtree(path, ignore_errors=True)
    return True
