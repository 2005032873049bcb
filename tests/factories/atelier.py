"""A room to make pieces in, on both databases: with engines that really run, and the queue worked by hand."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from factories import making
from factories.making import offered

from segue import generations
from segue.access import Caller
from segue.audit import Entry, Filter, entries
from segue.database import open_database
from segue.engines import Offer, Registry, RenderLimits
from segue.generations import Generation, Once, Policy, Status, Wish, find
from segue.jobs import Workers
from segue.operations import Installation, Layout, lanes_of, local, workshop

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z


@dataclass
class Atelier:
    """An installation with engines, the clock at `now`, and somebody, ada."""

    parts: Installation
    ada: Caller
    engines: Registry
    now: int = NOW
    policy: Policy = field(default_factory=lambda: Policy({}, ()))
    limits: RenderLimits = field(default_factory=lambda: RenderLimits(seconds_max=60, grace_s=2))

    async def ask(self, engine: str, who: Caller | None = None, key: bytes | None = None, **more: Any) -> Generation:
        wish = Wish(**({"engine": engine, "prompt": "a quiet hum", "duration_s": 2, "seed": 7} | more))
        once = Once(key, repr(wish).encode())
        async with self.parts.database.transaction() as tx:
            made, _ = await generations.request(
                tx, who or self.ada, wish, self.offer(engine), self.policy, once, seed=1, now=self.now
            )
        return made

    def offer(self, engine: str) -> Offer:
        return generations.engine_of(self.engines, engine)

    def workers(self, lanes: dict[str, int] | None = None, **more: Any) -> Workers:
        shop = replace(workshop(self.parts, self.engines), limits=self.limits, now=lambda: self.now)
        tasks = {generations.RENDER_JOB: shop.task}
        return Workers(
            self.parts.database, tasks, lanes or lanes_of(self.parts.settings, self.engines), lambda: self.now, **more
        )

    async def work(self) -> None:
        """Do all that waits."""
        await self.workers().catch_up()

    async def made(self, generation: Generation) -> Generation:
        async with self.parts.database.reading() as tx:
            found = await find(tx, generation.id)
        assert found is not None
        return found

    async def status(self, generation: Generation) -> Status:
        return Status((await self.made(generation)).status)

    async def begun(self, generation: Generation) -> None:
        """Until its engine has said that it has begun."""
        async with asyncio.timeout(30):
            while (await self.made(generation)).progress < 25:  # noqa: ASYNC110 - the event is a row of the database
                await asyncio.sleep(0.01)

    async def cancel(self, generation: Generation) -> Generation:
        async with self.parts.database.transaction() as tx:
            return await generations.cancel(tx, generation.who, generation.id, now=self.now)

    async def audited(self, event: str) -> list[Entry]:
        """What the audit has of one kind of event, oldest first."""
        database = await open_database(Layout(self.parts.settings).audit_url)
        try:
            return [entry async for entry in entries(database, Filter(event=event))]
        finally:
            await database.close()

    def blobs(self) -> list[Path]:
        """Every stored file, whatever row names it."""
        root = self.parts.blobs.path("tracks")
        return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
async def atelier(installation, tmp_path) -> Atelier:
    who = (await local(installation, None)).who
    engines = [
        value
        for value in vars(making).values()
        if isinstance(value, type) and issubclass(value, making.Hum) and value is not making.Gated
    ]
    offers = [offered(engine) for engine in engines if engine is not making.Boasting]
    offers.append(offered(making.Gated, gate=str(tmp_path / "gate")))
    return Atelier(installation, who, Registry(offers))
