"""The installed program as a process, the way a person runs it."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

SEGUE = Path(sys.executable).with_name("segue")
_READY_S_MAX = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Program:
    """Segue over one data folder. `settings` become `SEGUE_*` variables; the caller's own are not passed on."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.with_suffix(".log")

    def _environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
        return plain | {f"SEGUE_{name.upper()}": value for name, value in self.settings.items()}

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [SEGUE, *arguments, "--data", str(self.data)],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def done(self, *arguments: str) -> str:
        """Standard output of a command that must succeed."""
        finished = self.run(*arguments)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout.strip()

    def init(self) -> dict[str, str]:
        return json.loads(self.done("init", "--organization", "Acme", "--user", "ada@example.org", "--json"))

    def start(self) -> None:
        """Returns when the program says that it is ready."""
        self._start(f"Segue is ready on {self.url}\n", "serve", "--port", str(self.port))

    def work(self) -> None:
        """The same for a process that only does jobs."""
        self._start("Segue is at work\n", "worker")

    def _start(self, says: str, *command: str) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [SEGUE, *command, "--data", str(self.data)],
                env=self._environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        ready, _, _ = select.select([self.process.stdout], [], [], _READY_S_MAX)
        line = self.process.stdout.readline() if ready else ""
        assert line == says, (line, self.log.read_text())

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        self.process.send_signal(number)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        return status

    def audit(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.done("audit", "--json").splitlines()]


def until(true, seconds: float = 30) -> None:
    """Wait for an event outside this process that nothing announces."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        select.select([], [], [], 0.02)
