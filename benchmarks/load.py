"""Drives wrk against a server from a list of requests, and alternates between contenders until medians mean something.

A run is checked as well as timed: an answer of another status, a short body or a missing audit row breaks it.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from processes import BrokenRunError, cpu_s

CONNECTIONS = 64
_WARM_UP_S = 1

# Requests are made up once, before the clock starts. Each line of the list is a path and, after a tab, a Range. What
# follows the list are headers of every request.
_SCRIPT = """
local requests, count, next_one = {}, 0, 0

function init(args)
  local more = {}
  for place = 2, #args do
    local name, value = args[place]:match("^([^:]*): (.*)$")
    more[name] = value
  end
  for line in io.lines(args[1]) do
    local path, range = line:match("^([^\\t]*)\\t?(.*)$")
    local headers = { ["Accept"] = "*/*", ["User-Agent"] = "segue-benchmark" }
    for name, value in pairs(more) do headers[name] = value end
    if range ~= "" then headers["Range"] = range end
    count = count + 1
    requests[count] = wrk.format("GET", path, headers)
  end
end

function request()
  next_one = next_one % count + 1
  return requests[next_one]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "us": %d, "bytes": %d, "refused": %d, "broken": %d, "p50_us": %d, "p99_us": %d}\\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw in one run. `refused` counts answers with a status over 399, `broken` those that never came."""

    requests: int
    us: int
    bytes: int
    refused: int
    broken: int
    p50_us: int
    p99_us: int


# Called when a run is over; raises BrokenRunError when it was not what it should be.
Verify = Callable[[Load], None]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that runs, the requests it gets, and how a run is checked: `watch` is called before each. `headers` go
    with every request.
    """

    name: str
    pid: int
    url: str
    targets: Path
    watch: Callable[[], Verify]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    per_s: float
    cpu_s_per_10k: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Result:
    """The runs of one contender. A figure is the median; the spread says how much it may be trusted."""

    runs: tuple[Run, ...]

    def median(self, figure: str) -> float:
        return statistics.median(getattr(run, figure) for run in self.runs)

    def spread(self, figure: str) -> tuple[float, float]:
        values = [getattr(run, figure) for run in self.runs]
        return min(values), max(values)


def wrk_version() -> str | None:
    """None when there is no wrk."""
    if shutil.which("wrk") is None:
        return None
    return subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.splitlines()[0]


def alternate(contenders: list[Contender], *, seconds: int, rounds: int) -> dict[str, Result]:
    """Runs of all contenders in turn, A B C A B C, after a warm-up of each."""
    for contender in contenders:
        _run(contender, _WARM_UP_S)
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            run = _run(contender, seconds)
            runs[contender.name].append(run)
            told = f"{run.per_s:>10,.0f}/s {run.cpu_s_per_10k:>8.3f} CPU s/10,000  {contender.name}"
            print(f"  {number}/{rounds} {told}", file=sys.stderr, flush=True)
    return {name: Result(tuple(each)) for name, each in runs.items()}


def fire(url: str, targets: Path, seconds: int, headers: Mapping[str, str] | None = None) -> Load:
    """One run of wrk: one thread, keep-alive connections, the requests of the list in turn."""
    script = targets.parent / "requests.lua"
    script.write_text(_SCRIPT)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), url, "--"]
    named = [f"{name}: {value}" for name, value in (headers or {}).items()]
    done = subprocess.run(
        [*command, str(targets), *named], capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    found = [line for line in done.stdout.splitlines() if line.startswith('{"requests"')]
    if not found:
        raise BrokenRunError(f"wrk ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return Load(**json.loads(found[-1]))


def _run(contender: Contender, seconds: int) -> Run:
    verify = contender.watch()
    before_s = cpu_s(contender.pid)
    load = fire(contender.url, contender.targets, seconds, contender.headers)
    spent_s = cpu_s(contender.pid) - before_s
    if load.broken or not load.requests:
        raise BrokenRunError(f"{contender.name}: {load.broken} requests were never answered, {load.requests} were.")
    verify(load)
    return Run(
        load.requests / load.us * 1e6, spent_s / load.requests * 10_000, load.p50_us / 1_000, load.p99_us / 1_000
    )
