"""Byte ranges of a running playback, signature and live share checked at each, beside nginx with `secure_link`."""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import nginx
from answers import fetch
from checks import of_length
from corpus import LISTENERS, SETTINGS, Corpus, until_idle
from load import Contender, alternate
from plan import FEW, Plan
from processes import BrokenRunError, segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

RANGE_BYTES = 128 * 1_024
_OURS, _THEIRS = "Segue", "nginx, secure_link (md5) and sendfile"


def measure(plan: Plan) -> Section:
    corpus, folder = plan.corpus(FEW), plan.folder("ranges")
    master = _master(corpus)
    with ExitStack() as stack:
        contenders = [stack.enter_context(_segue(corpus, master, folder))]
        if nginx.find():
            contenders.insert(0, stack.enter_context(_nginx(master, folder)))
        results = alternate(contenders, seconds=plan.seconds, rounds=plan.rounds)
    return Section(
        "Playing",
        f"Ranges of {RANGE_BYTES // 1_024} KiB of a file of {master.stat().st_size / 1e6:.1f} MB at random multiples "
        f"of their length, asked for by {LISTENERS} listeners with a link and a signature each. One process each.",
        _promises(results),
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _promises(results: dict) -> list[Promise]:
    if _THEIRS not in results:
        return [Promise("128 KiB ranges: nginx is not installed, so there is nothing to compare with", 0, "")]
    ours, theirs = results[_OURS], results[_THEIRS]
    return [
        ratio("128 KiB ranges: requests/s, of nginx with secure_link", ours, theirs, "per_s", at_least=0.7),
        ratio("128 KiB ranges: CPU, times nginx with secure_link", ours, theirs, "cpu_s_per_10k"),
    ]


@contextmanager
def _segue(corpus: Corpus, master: Path, folder: Path) -> Iterator[Contender]:
    with segue(corpus.data_dir, SETTINGS) as (process, url):
        until_idle(corpus.database)
        opened = [json.loads(fetch(f"{url}/v1/music/shared/{token}").body) for token in corpus.listeners]
        playback = [urlsplit(each["track"]["playback_url"]) for each in opened]
        paths = [f"{each.path}?{each.query}" for each in playback]
        yield _contender(_OURS, process.pid, url, paths, master, folder / "segue.txt")


@contextmanager
def _nginx(master: Path, folder: Path) -> Iterator[Contender]:
    with nginx.serving(master.parent, folder) as (pid, url):
        paths = [nginx.signed(f"/{master.name}", listener) for listener in range(LISTENERS)]
        yield _contender(_THEIRS, pid, url, paths, master, folder / "nginx.txt")


def _contender(name: str, pid: int, url: str, paths: list[str], master: Path, targets: Path) -> Contender:
    _check(url + paths[0], master)
    starts = range(0, master.stat().st_size - RANGE_BYTES, RANGE_BYTES)
    asked = [f"{path}\tbytes={start}-{start + RANGE_BYTES - 1}\n" for path in paths for start in starts]
    random.Random(8600).shuffle(asked)  # noqa: S311 - any order will do, as long as it is the same for both
    targets.write_text("".join(asked))
    return Contender(name, pid, url, targets, of_length(RANGE_BYTES))


def _check(url: str, master: Path) -> None:
    """The right bytes for a good signature, none for a bad one."""
    wanted = {"range": f"bytes={RANGE_BYTES}-{2 * RANGE_BYTES - 1}"}
    good, bad = fetch(url, wanted), fetch(url.replace("signature=", "signature=0"), wanted)
    if good.status != 206 or good.body != master.read_bytes()[RANGE_BYTES : 2 * RANGE_BYTES]:
        raise BrokenRunError(f"A range was answered with {good.status} and other bytes than the file's.")
    if bad.status not in {401, 403}:
        raise BrokenRunError(f"A wrong signature was answered with {bad.status}.")


def _master(corpus: Corpus) -> Path:
    db = sqlite3.connect(f"file:{corpus.database}?mode=ro", uri=True)
    statement = "SELECT blob_key FROM renditions WHERE track_id = ? AND name = 'master'"
    (key,) = db.execute(statement, (corpus.track_id,)).fetchone()
    db.close()
    return corpus.data_dir / "blobs" / key
