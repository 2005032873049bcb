"""How the parts of a server are, by really asking each. It says nothing that an outsider could use."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import structlog

from segue.audit import Entry
from segue.database import DatabaseCheck
from segue.errors import Unavailable
from segue.jobs import waiting_s
from segue.operations.installation import Installation

Status = Literal["healthy", "degraded", "unhealthy"]

# Anybody may ask, and asking costs the disk something: within this time everybody gets one answer.
_KEPT_S = 2
_ANSWERS_WITHIN_S = 5
_WAITING_S_MAX = 60

_log = structlog.get_logger()


class Component(msgspec.Struct):
    """One part of the server."""

    name: str
    status: Status
    details: str | None


class HealthView(msgspec.Struct):
    """The whole server: as bad as its worst part."""

    status: Status
    components: list[Component]


class Health:
    """The parts of one server, in the order of the list below."""

    def __init__(self, parts: Installation) -> None:
        self._parts = parts
        self._database = DatabaseCheck(parts.database)
        self._lock = asyncio.Lock()
        self._known: HealthView | None = None
        self._known_at = 0

    async def ask(self, *, now: int) -> HealthView:
        """Ask every part, or tell what they said a moment ago. Never raises."""
        async with self._lock:
            if self._known is None or not self._known_at <= now < self._known_at + _KEPT_S:
                self._known, self._known_at = await self._ask(now), now
            return self._known

    async def _ask(self, now: int) -> HealthView:
        database, audit, storage, jobs = await asyncio.gather(
            _asked("database", self._database.run, "The database does not answer."),
            _asked("audit", lambda: self._audit(now), "The audit cannot be written."),
            _asked("storage", lambda: asyncio.to_thread(self._write), "Files cannot be stored."),
            _asked("jobs", lambda: self._work(now), "Work is not being done.", without="degraded"),
        )
        # Counted in the memory of this process: while it answers, it counts.
        limits = Component("limit_enforcement", "healthy", None)
        components = [database, audit, storage, limits, jobs]
        return HealthView(_worst(components), components)

    async def _audit(self, now: int) -> None:
        await self._parts.log.check(Entry(now * 1_000_000, "health.check", "done", *[None] * 6))

    def _write(self) -> None:
        """Where uploads are written first: it lies on the same disk as all other files."""
        with self._parts.intake.quarantine.folder() as folder:
            (folder / "health").write_bytes(b"health")

    async def _work(self, now: int) -> None:
        """Work that waits too long says that nobody does it."""
        waits_s = await waiting_s(self._parts.database.reader, now=now)
        if waits_s > _WAITING_S_MAX:
            raise Unavailable(f"A job has been waiting for {waits_s} seconds.")


async def _asked(
    name: str, ask: Callable[[], Awaitable[None]], trouble: str, *, without: Status = "unhealthy"
) -> Component:
    """What a part said, and how the server is without it. What went wrong goes to the log: it may hold an address."""
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN_S):
            await ask()
    except Exception as error:  # noqa: BLE001 - whatever it was, the part is not well
        _log.error("not well", component=name, exc_info=error)
        return Component(name, without, trouble)
    return Component(name, "healthy", None)


def _worst(components: list[Component]) -> Status:
    found = {component.status for component in components}
    return next((status for status in ("unhealthy", "degraded") if status in found), "healthy")
