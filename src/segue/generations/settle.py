"""Ends a generation that came to nothing: its state, its reason, and what was spent on it, in one transaction."""

from collections.abc import Set as AbstractSet

from segue import spending
from segue.database import Tx
from segue.generations import store
from segue.generations.rules import Status
from segue.generations.store import Generation
from segue.ids import GenerationId


async def settle(
    tx: Tx,
    generation_id: GenerationId,
    status: Status,
    sentence: str | None = None,
    *,
    out_of: AbstractSet[Status] = frozenset(Status),
    now: int,
) -> Generation | None:
    """The generation as failed, cancelled or refused, with the sentence for its user. The money is given back once:
    None, and nothing is done, for one that had ended before or that does not stand in one of the states `out_of`.
    """
    values: dict[str, int | str | None] = {"ended_at": now}
    if status is Status.FAILED:
        values["error_message"] = sentence
    if status is Status.REFUSED:
        values["refusal_reason"] = sentence
    ended = await store.move(tx, generation_id, status, out_of, **values)
    if ended is not None:
        cost = ended.cost_chf_e4
        await spending.give_back(tx, ended.who, ended.engine, cost, 1, spent_at=ended.created_at)
    return ended
