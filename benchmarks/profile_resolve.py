"""Where the time of an open goes: the server in this process, sampled while wrk opens links. No part of `run.py`.

A signal comes every millisecond of CPU time; what the main thread has used since the last one goes to the function
that it is in. Work of C extensions counts for the function that called them; the server's own threads are not seen.
"""

import asyncio
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import uvloop
from corpus import SETTINGS, until_idle
from load import fire
from plan import FEW, Plan
from processes import HOST, free_port

from segue import app, settings

_SECONDS = 5
_LINES = 40


class _Samples:
    """CPU seconds of the main thread by function: in it alone, and in all that it called as well."""

    def __init__(self) -> None:
        self.alone: Counter[str] = Counter()
        self.with_callees: Counter[str] = Counter()
        self._last_s = time.thread_time()

    def take(self, _signal, frame) -> None:
        now_s = time.thread_time()
        spent_s, self._last_s = now_s - self._last_s, now_s
        names = []
        while frame:
            code = frame.f_code
            names.append(f"{Path(code.co_filename).parent.name}/{Path(code.co_filename).name} {code.co_qualname}")
            frame = frame.f_back
        self.alone[names[0]] += spent_s
        for name in set(names):
            self.with_callees[name] += spent_s

    def told(self) -> str:
        whole_s = sum(self.alone.values())
        most = self.with_callees.most_common(_LINES)
        rows = [f"{self.alone[name] / whole_s:7.1%} {spent_s / whole_s:7.1%}  {name}" for name, spent_s in most]
        return "\n".join(["  alone    with callees", *rows])


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="segue-benchmark-", dir="/var/tmp") as work:
        plan = Plan(Path(work), _SECONDS, 1, FEW)
        corpus = plan.corpus(FEW)
        samples = _Samples()

        def open_links(url: str) -> None:
            targets = plan.folder("profile") / "links.txt"
            targets.write_text("".join(f"/v1/music/shared/{token}\n" for token in corpus.tracks))
            until_idle(corpus.database)
            signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
            load = fire(url, targets, _SECONDS)
            signal.setitimer(signal.ITIMER_PROF, 0)
            print(f"{load.requests / load.us * 1e6:,.0f} opens a second under the sampler", file=sys.stderr)
            os.kill(os.getpid(), signal.SIGTERM)

        def ready(url: str) -> None:
            threading.Thread(target=open_links, args=(url,), daemon=True).start()

        signal.signal(signal.SIGPROF, samples.take)
        loaded = settings.load(SETTINGS, data_dir=str(corpus.data_dir))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(app.serve(loaded, HOST, free_port(), ready))
    print(samples.told())


if __name__ == "__main__":
    main()
