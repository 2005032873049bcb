"""How soon `segue serve` accepts requests, and how much memory its processes take."""

import statistics
import time

from checks import answered
from corpus import SETTINGS
from load import fire
from plan import FEW, Plan
from processes import pss_bytes, segue
from report import Promise, Section

_STARTS = 5


def measure(plan: Plan) -> Section:
    corpus = plan.corpus(FEW)
    targets = plan.folder("start") / "links.txt"
    targets.write_text("".join(f"/v1/music/shared/{token}\n" for token in corpus.tracks))
    waits_s, fresh_mb, busy_mb = [], [], []
    for _ in range(_STARTS):
        started_s = time.monotonic()
        with segue(corpus.data_dir, SETTINGS) as (process, url):
            waits_s.append(time.monotonic() - started_s)
            fresh_mb.append(pss_bytes(process.pid) / 1e6)
            verify = answered(dead=False)()
            verify(fire(url, targets, plan.seconds))
            busy_mb.append(pss_bytes(process.pid) / 1e6)
    wait_s, fresh, busy = (statistics.median(values) for values in (waits_s, fresh_mb, busy_mb))
    rows = [
        [str(number), f"{wait:.2f}", f"{before:.0f}", f"{after:.0f}"]
        for number, (wait, before, after) in enumerate(zip(waits_s, fresh_mb, busy_mb, strict=True), start=1)
    ]
    return Section(
        "Starting",
        f"From the start of the command to its line that says ready, files in the disk cache. Memory as PSS of all "
        f"processes, at that moment and after {plan.seconds} s of opening links over 64 connections.",
        [
            Promise("ready after the start, seconds", wait_s, f"{wait_s:.2f}", at_most=1),
            Promise("memory when ready, MB", fresh, f"{fresh:.0f}", at_most=150),
            Promise("memory after a load, MB", busy, f"{busy:.0f}", at_most=150),
        ],
        [(["start", "ready after s", "MB when ready", "MB after a load"], rows)],
    )
