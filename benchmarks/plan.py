"""How long and how often to measure, and the corpora, which are built when they are first asked for."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import belongings
import corpus
from belongings import Belongings
from corpus import Corpus

FEW = 1_000


@dataclass(slots=True)
class Plan:
    """One call of `run.py`. Everything lies in `work`, which is gone afterwards."""

    work: Path
    seconds: int
    rounds: int
    many: int
    _built: dict[int, Corpus] = field(default_factory=dict)
    _belongings: dict[int, Belongings] = field(default_factory=dict)

    def corpus(self, shares: int) -> Corpus:
        if shares not in self._built:
            with _telling(f"{shares:,} links"):
                self._built[shares] = corpus.build(self.work / f"shares-{shares}", shares)
        return self._built[shares]

    def belongings(self, rows: int) -> Belongings:
        if rows not in self._belongings:
            with _telling(f"{rows:,} rows for each list"):
                self._belongings[rows] = belongings.build(self.work / f"rows-{rows}", rows)
        return self._belongings[rows]

    def folder(self, name: str) -> Path:
        path = self.work / name
        path.mkdir(exist_ok=True)
        return path


@contextmanager
def _telling(what: str) -> Iterator[None]:
    started_s = time.monotonic()
    yield
    print(f"  made {what} in {time.monotonic() - started_s:.0f} s", file=sys.stderr, flush=True)
