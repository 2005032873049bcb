"""Ends a session: no further segments, and those that are there stay. Twice is once."""

from segue import generations
from segue.access import Caller
from segue.database import Tx
from segue.errors import NotFound
from segue.focus import store
from segue.focus.plan import SessionStatus
from segue.focus.store import Session


async def end(tx: Tx, who: Caller, session_id: str, *, now: int) -> tuple[Session, bool]:
    """The session as it stands now, and whether it went on until now. Raises `NotFound`."""
    session = await store.take(tx, who, session_id)
    if session is None:
        raise NotFound("There is no such session.")
    if not session.active:
        return session, False
    await store.close(tx, session.id, SessionStatus.ENDED, now=now)
    for segment in await store.segments(tx, session.id):
        if segment.made.status.active:
            await generations.cancel(tx, who, segment.generation_id, now=now)
    return await store.find_own(tx, who, session_id) or session, True
