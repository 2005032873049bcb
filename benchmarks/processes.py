"""Starts what is measured, on loopback only, and reads what it costs from /proc. Whatever it starts, it also ends."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = "127.0.0.1"
SEGUE = str(Path(sys.executable).with_name("segue"))
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_READY_WITHIN_S = 30


class BrokenRunError(Exception):
    """A run that measured something else than it should have. Its numbers are worth nothing."""


def free_port() -> int:
    """A port on loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these settings of Segue and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    return kept | dict(settings)


@contextmanager
def running(command: list[str], log: Path, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen]:
    """A process in a group of its own; its errors go to `log`. The whole group is gone when the block ends."""
    with log.open("ab") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=env, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@contextmanager
def segue(data_dir: Path, settings: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen, str]]:
    """`segue serve` on a data folder, ready. Yields the process and its base URL."""
    port = free_port()
    command = [SEGUE, "serve", "--data", str(data_dir), "--host", HOST, "--port", str(port)]
    with running(command, data_dir.parent / "segue.log", environment(settings)) as process:
        until_says(process, "Segue is ready on ")
        yield process, f"http://{HOST}:{port}"


def until_says(process: subprocess.Popen, beginning: str) -> None:
    """Wait for the line on its standard output that begins so."""
    ready, _, _ = select.select([process.stdout], [], [], _READY_WITHIN_S)
    line = process.stdout.readline().decode() if ready else ""
    if not line.startswith(beginning):
        raise BrokenRunError(f"{process.args[0]} did not say that it is ready, but {line!r}.")


def until_accepts(process: subprocess.Popen, port: int) -> None:
    """Wait until something listens on the port."""
    deadline_s = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline_s and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.01)
    raise BrokenRunError(f"{process.args[0]} does not listen on port {port}.")


def cpu_s(pid: int) -> float:
    """CPU seconds of a process, of its living descendants, and of those that they have waited for."""
    return sum(own + waited for own, waited in map(_times_s, _tree(pid)))


def cpu_split_s(pid: int) -> tuple[float, float]:
    """CPU seconds of one process, and of the children that have ended. A child that still runs is in neither."""
    return _times_s(pid)


def pss_bytes(pid: int) -> int:
    """Memory of a process and its descendants, with shared pages divided among those who share them (PSS)."""
    total = 0
    for each in _tree(pid):
        rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1_024
    return total


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                children.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def _times_s(pid: int) -> tuple[float, float]:
    fields = _fields(pid)
    user, system, children_user, children_system = (int(ticks) for ticks in fields[11:15])
    return (user + system) / _TICKS_PER_S, (children_user + children_system) / _TICKS_PER_S


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third, the state, on (proc(5)); the name before may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
