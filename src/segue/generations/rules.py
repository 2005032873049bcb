"""Pure. The states of a generation and their moves; what a piece costs; which words nobody may ask for."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from segue.spending import chf_e4_of

INTERRUPTED = "The piece was interrupted too often. Try again."


class Status(StrEnum):
    """Where a generation stands. The last four are for good."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"

    @property
    def active(self) -> bool:
        return self in ACTIVE


ACTIVE = frozenset({Status.QUEUED, Status.RUNNING})

# A worker that dies leaves its generation running, and the next one goes on with it: so running may become running.
# One that was refused before it was queued has begun as refused.
_MOVES: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.RUNNING, Status.CANCELLED, Status.FAILED}),
    Status.RUNNING: frozenset(Status) - {Status.QUEUED},
}


def may_become(status: Status, following: Status) -> bool:
    return following in _MOVES.get(status, ())


def before(following: Status) -> frozenset[Status]:
    """The states out of which a generation may come into this one."""
    return frozenset(status for status in Status if may_become(status, following))


def cost_chf_e4(prices: Mapping[str, int], engine: str, seconds: float) -> int:
    """What a piece of this length costs, in ten-thousandths of a franc, rounded up. `prices` are for a minute."""
    return -(-prices.get(engine, 0) * round(seconds * 1_000) // 60_000)


def prices_of(pairs: Iterable[str]) -> dict[str, int]:
    """The operator's `ENGINE=CHF` as prices of a minute."""
    return {engine: chf_e4_of(amount) for engine, _, amount in (pair.partition("=") for pair in pairs)}


def refused_word(words: tuple[str, ...], texts: Iterable[str | None]) -> str | None:
    """The first of the operator's words and phrases that one of the texts has in it, as a word of its own."""
    if not words:
        return None
    for text in texts:
        match = _pattern(words).search(_plain(text or ""))
        if match is not None:
            return match[0]
    return None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(_plain(word)) for word in words) + r")(?!\w)")


def _plain(text: str) -> str:
    """Without case, and whatever its letters are composed of; runs of spaces are one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
