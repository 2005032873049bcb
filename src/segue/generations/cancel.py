"""Ends a generation that is not wanted any more. Twice is once; one that has ended stays as it is."""

from segue.access import Caller
from segue.database import Tx
from segue.errors import NotFound
from segue.generations import store
from segue.generations.rules import Status
from segue.generations.settle import settle
from segue.generations.store import Generation
from segue.ids import GenerationId


async def cancel(tx: Tx, who: Caller, generation_id: str, *, now: int) -> Generation:
    """The generation as it stands now. One that waits is cancelled at once; one that is being made is told to stop, and
    whoever makes it does so at the next moment that suits. Raises `NotFound`.
    """
    if await store.find_own(tx, who, generation_id) is None:
        raise NotFound("There is no such generation.")
    if await settle(tx, GenerationId(generation_id), Status.CANCELLED, out_of={Status.QUEUED}, now=now) is None:
        await store.ask_to_stop(tx, who, generation_id, now=now)
    found = await store.find_own(tx, who, generation_id)
    if found is None:
        raise NotFound("There is no such generation.")
    return found
