"""What music costs: the built-in engine beside the clock, its memory, the way from the queue to the first progress, and
what listeners notice of somebody who makes a thousand pieces.
"""

import asyncio
import os
import resource
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from checks import answered, audited
from corpus import SETTINGS, until_idle
from load import Contender, alternate
from plan import FEW, Plan
from processes import BrokenRunError, segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

from segue.engines import Brief, RenderLimits, Setup, installed, render

_PROMPTS = ("late night lo-fi study beat", "deep house at 122 bpm", "string orchestra, noble", "solo felt piano")
_SONG_S, _LONG_S = 180, 240
_QUEUED = 1_000
_QUIET, _RENDERING = "one track", f"one track, {_QUEUED:,} pieces queued and one being made"


def measure(plan: Plan) -> Section:
    factors = {prompt: [_factor(prompt, _SONG_S, number) for number in range(plan.rounds)] for prompt in _PROMPTS}
    long_mb = _peak_mb(_PROMPTS[1], _LONG_S)
    first_ms, quiet, rendering = _beside_listeners(plan)
    rows = [[prompt, *(f"{factor:.3f}" for factor in found)] for prompt, found in factors.items()]
    worst = max(statistics.median(found) for found in factors.values())
    return Section(
        "Making music",
        f"`studio` with its stems, pieces of {_SONG_S} s: CPU seconds of the process that renders, Python's start, "
        f"composing, FLAC and loudness among them, by seconds of music. Memory is the peak of a piece of {_LONG_S} s. "
        "Links are opened while the same server makes the first of a thousand pieces, at the lowest priority.",
        [
            Promise(
                "studio: CPU seconds for a second of music, the dearest of four kinds",
                worst,
                f"{worst:.3f}",
                at_most=0.125,
            ),
            Promise("studio: peak memory of a 4-minute piece, MB", long_mb, f"{long_mb:.0f}", at_most=500),
            Promise("from the call to the first progress when idle, s", first_ms, f"{first_ms:.2f}", at_most=1),
            ratio(
                "open while a piece is made: requests/s, of nobody making one", rendering, quiet, "per_s", at_least=0.5
            ),
            ratio("the same: CPU, times nobody making one", rendering, quiet, "cpu_s_per_10k"),
        ],
        [
            (["piece", *(f"run {number + 1}" for number in range(plan.rounds))], rows),
            (LOAD_HEADINGS, [load_row(_QUIET, quiet), load_row(_RENDERING, rendering)]),
        ],
    )


def _factor(prompt: str, seconds: int, seed: int) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _rendered(prompt, seconds, seed)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / seconds


def _peak_mb(prompt: str, seconds: int) -> float:
    """Of a process of its own, so that no other child counts."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        _rendered(prompt, seconds, 1)
        os.write(writing, str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        return int(answer.read()) / 1_024


def _rendered(prompt: str, seconds: int, seed: int) -> None:
    offer = installed({"studio": Setup()}).find("studio")
    with tempfile.TemporaryDirectory() as folder:
        brief = Brief(prompt=prompt, duration_s=seconds, seed=seed)
        unwanted = asyncio.Event()
        asyncio.run(render(offer, brief, Path(folder), RenderLimits(), reached=lambda _: None, unwanted=unwanted))


def _beside_listeners(plan: Plan):
    """Seconds to the first progress; opening links before anything is made, and while it is."""
    corpus = plan.corpus(FEW)
    targets = plan.folder("making") / "links.txt"
    targets.write_text("".join(f"/v1/music/shared/{token}\n" for token in corpus.tracks))
    watch = answered(dead=False, then=audited(corpus.data_dir, frozenset({"granted"})))
    with (
        segue(corpus.data_dir, SETTINGS) as (process, url),
        httpx.Client(base_url=url, headers={"x-api-key": corpus.api_key}, timeout=60) as client,
    ):
        until_idle(corpus.database)
        path = f"/v1/music/{corpus.organization_id}/generations"
        waits_s = [_until_progress(client, path, corpus.database) for _ in range(plan.rounds)]
        (quiet,) = _alone(Contender(_QUIET, process.pid, url, targets, watch), plan)
        for number in range(_QUEUED):
            _asked(client, path, seconds=600, seed=number)
        (rendering,) = _alone(Contender(_RENDERING, process.pid, url, targets, watch), plan)
        made = _count(corpus.database, "status = 'succeeded'")
        if not _count(corpus.database, "status = 'running'"):
            raise BrokenRunError(f"Nothing was being made while links were opened; {made} were.")
    with sqlite3.connect(corpus.database) as db:
        db.execute("DELETE FROM jobs")
        db.execute("DELETE FROM generations")
    db.close()
    return statistics.median(waits_s), quiet, rendering


def _alone(contender: Contender, plan: Plan):
    return alternate([contender], seconds=plan.seconds, rounds=plan.rounds).values()


def _until_progress(client: httpx.Client, path: str, database: Path) -> float:
    started_s = time.monotonic()
    job = _asked(client, path, seconds=60, seed=1)
    while not _count(database, f"id = '{job}' AND progress > 0"):
        time.sleep(0.005)
    waited_s = time.monotonic() - started_s
    client.post(f"{path}/{job}/cancel")
    while _count(database, "status IN ('queued', 'running')"):
        time.sleep(0.02)
    return waited_s


def _asked(client: httpx.Client, path: str, *, seconds: int, seed: int) -> str:
    wish = {"engine": "studio", "prompt": _PROMPTS[0], "duration_seconds": seconds, "seed": seed}
    answer = client.post(path, json=wish)
    if answer.status_code != 202:
        raise BrokenRunError(f"A piece was answered with {answer.status_code}: {answer.text}")
    return answer.json()["id"]


def _count(database: Path, where: str) -> int:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return db.execute(f"SELECT count(*) FROM generations WHERE {where}").fetchone()[0]  # noqa: S608 - our own words
    finally:
        db.close()
