"""What a run must have been to count: the right statuses, whole bodies, and one audit row an answer."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from load import CONNECTIONS, Load, Verify
from processes import BrokenRunError

_HEAD_BYTES_MAX = 2_000
_SETTLE_TURNS_MAX = 100


def answered(*, dead: bool, then: Callable[[], Verify] | None = None) -> Callable[[], Verify]:
    """Every answer is 2xx, or every one 404; `then` is asked as well. (wrk counts what is over 399 as one kind.)"""

    def watch() -> Verify:
        also = then() if then else None

        def verify(load: Load) -> None:
            if load.refused != (load.requests if dead else 0):
                raise BrokenRunError(f"{load.refused} of {load.requests} answers had a status over 399.")
            if also:
                also(load)

        return verify

    return watch


def audited(data_dir: Path, outcomes: frozenset[str]) -> Callable[[], Verify]:
    """One audit row for each answer, and for each of the requests that were under way at the end; only `outcomes`."""
    audit = data_dir / "segue-audit.db"

    def watch() -> Verify:
        before = _settled(audit)

        def verify(load: Load) -> None:
            after = _settled(audit)
            rows = _outcomes(audit, before)
            unseen = sum(rows.values()) - load.requests
            if not 0 <= unseen <= CONNECTIONS or after - before != sum(rows.values()):
                raise BrokenRunError(f"{load.requests} answers left {sum(rows.values())} audit rows.")
            if not rows.keys() <= outcomes:
                raise BrokenRunError(f"The audit holds other outcomes than {sorted(outcomes)}: {rows}.")

        return verify

    return watch


def of_length(length: int) -> Callable[[], Verify]:
    """Every body has this many bytes, as far as the bytes of the whole run can tell."""

    def verify(load: Load) -> None:
        least, most = load.requests * length, (load.requests + CONNECTIONS) * (length + _HEAD_BYTES_MAX)
        if not least <= load.bytes <= most:
            raise BrokenRunError(f"{load.requests} answers had {load.bytes} bytes, not {length} each.")

    return lambda: verify


def _settled(audit: Path) -> int:
    """The number of the last row, once no more come: the last requests of a run are answered after it."""
    last = -1
    for _ in range(_SETTLE_TURNS_MAX):
        found = _read(audit, "SELECT coalesce(max(id), 0) FROM audit")[0][0]
        if found == last:
            return last
        last = found
        time.sleep(0.1)
    raise BrokenRunError("The audit goes on growing without requests.")


def _outcomes(audit: Path, after: int) -> dict[str, int]:
    return dict(_read(audit, "SELECT outcome, count(*) FROM audit WHERE id > ? GROUP BY outcome", after))


def _read(audit: Path, statement: str, *values: int) -> list[tuple]:
    connection = sqlite3.connect(f"file:{audit}?mode=ro", uri=True)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()
