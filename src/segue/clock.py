"""Time as whole seconds since 1970 in UTC. Edges read the clock once and hand it down; rules get it as a value."""

import time
from datetime import UTC, datetime
from functools import lru_cache

DAY_S = 86_400
DAY_US = DAY_S * 1_000_000


def now_s() -> int:
    """The present second."""
    return int(time.time())


@lru_cache(maxsize=1024)
def utc_text(at_s: int) -> str:
    """`2026-06-28T10:30:00Z`, the way every answer writes a time."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_text_or_none(at_s: int | None) -> str | None:
    """The same for a time that may be absent."""
    return None if at_s is None else utc_text(at_s)


def utc_text_us(at_us: int) -> str:
    """The same to the microsecond, as the audit writes it."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
