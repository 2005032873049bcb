"""Brings a new track into its creator's library at once."""

from segue import tracks
from segue.access import Caller
from segue.database import Tx
from segue.library import store
from segue.tracks import Prepared


async def bring(tx: Tx, who: Caller, prepared: Prepared, *, now: int) -> None:
    """Keep a track whose bytes stand, and put it into its creator's library as `uploaded` or `generated`."""
    source = "uploaded" if prepared.making is None else "generated"
    await tracks.keep(tx, prepared, now=now)
    await store.add(tx, who, prepared.track, source, now=now)
