"""Counts what is spent, in the transaction of whoever spends it: both stand, or neither does."""

from segue.access import Caller
from segue.database import Tx
from segue.spending import caps, store
from segue.spending.usage import SpendDay
from segue.spending.windows import day_of


async def record(tx: Tx, who: Caller, engine: str, cost_chf_e4: int, tracks: int, *, now: int) -> None:
    """Count so many tracks of an engine, and what they cost together, on the day of `now`."""
    await store.add(tx, who, _spend(engine, cost_chf_e4, tracks, now))


async def spend(tx: Tx, who: Caller, engine: str, cost_chf_e4: int, tracks: int, *, now: int) -> None:
    """Count it unless it would exceed a cap: then raises `TooMany`."""
    await caps.check(tx, who, cost_chf_e4, now=now)
    await record(tx, who, engine, cost_chf_e4, tracks, now=now)


async def give_back(tx: Tx, who: Caller, engine: str, cost_chf_e4: int, tracks: int, *, spent_at: int) -> None:
    """Take back what was counted for work that came to nothing, on the day when it was spent; never below nothing."""
    await store.subtract(tx, who, _spend(engine, cost_chf_e4, tracks, spent_at))


def _spend(engine: str, cost_chf_e4: int, tracks: int, at_s: int) -> SpendDay:
    if cost_chf_e4 < 0 or tracks < 0:
        raise ValueError("what is spent and what is given back are amounts without a sign")
    return SpendDay(day_of(at_s), engine, tracks, cost_chf_e4)
