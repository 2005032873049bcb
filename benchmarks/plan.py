"""How long and how often to measure, and the corpora, which are built when they are first asked for."""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import corpus
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

    def corpus(self, shares: int) -> Corpus:
        if shares not in self._built:
            started_s = time.monotonic()
            self._built[shares] = corpus.build(self.work / f"shares-{shares}", shares)
            took_s = time.monotonic() - started_s
            print(f"  made {shares:,} links in {took_s:.0f} s", file=sys.stderr, flush=True)
        return self._built[shares]

    def folder(self, name: str) -> Path:
        path = self.work / name
        path.mkdir(exist_ok=True)
        return path
