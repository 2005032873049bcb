"""Puts a job into the queue, inside the transaction that makes it necessary."""

import msgspec

from segue.database import Tx
from segue.ids import JobId, new_job_id
from segue.jobs import store


async def enqueue(tx: Tx, kind: str, payload: dict[str, str], *, now: int, after_s: int = 0) -> JobId:
    """The job exists if and only if the transaction commits. It is due in `after_s` seconds."""
    job_id = new_job_id()
    await store.add(tx, job_id, kind, msgspec.json.encode(payload).decode(), due_at=now + after_s, now=now)
    return job_id
