"""The audit as one request, or one command, writes it: the parts that stay the same are filled in once."""

import time
from dataclasses import dataclass

from segue.audit.log import AuditLog, Entry


@dataclass(frozen=True, slots=True)
class Trail:
    """Writes entries for one request. `client` is as it may be kept."""

    log: AuditLog
    client: str
    agent: str
    request_id: str

    async def record(
        self,
        event: str,
        outcome: str,
        *,
        share_id: str | None = None,
        subject_id: str | None = None,
        actor_id: str | None = None,
    ) -> None:
        """Returns when the entry is on disk. Raises `Unavailable` when it cannot be."""
        at_us = time.time_ns() // 1_000
        await self.log.append(
            Entry(at_us, event, outcome, share_id, subject_id, actor_id, self.client, self.agent, self.request_id)
        )
