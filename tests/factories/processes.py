"""The processes that this one has started, as /proc has them."""

from pathlib import Path


def children(module: str) -> list[int]:
    """The ids of those that run the module, zombies included."""
    ids = [int(one) for file in Path("/proc/self/task").glob("*/children") for one in _read(file).split()]
    return [one for one in ids if module.encode() in _read(Path(f"/proc/{one}/cmdline"))]


def _read(file: Path) -> bytes:
    """What /proc says, or nothing: a thread or a process may end between being listed and being read."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
