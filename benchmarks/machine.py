"""Says what a measurement was taken on: without it a number cannot be compared with another."""

import os
import platform
import sqlite3
import statistics
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import nginx
from load import wrk_version

_PACKAGES = ("granian", "uvloop", "msgspec", "sqlalchemy", "av")
_SYNCS = 200


def facts(work: Path) -> list[str]:
    """Lines for the report. `work` is the folder that the databases lie in."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, load average before the first run {load}",
        f"{os.cpu_count()} cores, {_cpu_model()}, {_memory_gib():.0f} GiB, {platform.system()} {platform.release()}",
        f"{_file_system(work)}, a write of 4 KiB with fdatasync takes {_sync_ms(work):.2f} ms",
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        ", ".join(f"{name} {version(name)}" for name in ("segue", *_PACKAGES)),
        f"{wrk_version()}; {nginx.version() or 'no nginx'}",
    ]


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1_024**3


def _file_system(folder: Path) -> str:
    command = ["stat", "--file-system", "--format=%T", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _sync_ms(folder: Path) -> float:
    """The median; the audit waits for one of these in every batch."""
    took_ms = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            file.write(bytes(4_096))
            started_ns = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            took_ms.append((time.perf_counter_ns() - started_ns) / 1e6)
    (folder / "sync").unlink()
    return statistics.median(took_ms)
