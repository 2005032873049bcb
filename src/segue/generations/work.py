"""The job that makes a piece: it watches over the engine, writes down how far it is, and brings the track in.

Guarantee: done twice, also by two workers at once, there is one track, paid for once. What came to nothing is given
back.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import msgspec
import structlog

from segue import library
from segue.audit import Trail
from segue.clock import now_s
from segue.database import Database, Tx
from segue.engines import Brief, EngineFailed, EngineRefused, Registry, RenderLimits, Stopped
from segue.generations import store
from segue.generations.make import Piece, Seed, make, sound_of
from segue.generations.rules import ACTIVE, INTERRUPTED, Status
from segue.generations.settle import settle
from segue.generations.store import Generation
from segue.ids import GenerationId
from segue.jobs import Effect, JobCall, Payload, Task
from segue.tracks import Intake, Prepared, find, find_rendition

GONE = "The engine is not available any more. Choose another one."
SEED_GONE = "The track to go on from has been deleted."

_LOOK_EVERY_S = 0.5

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workshop:
    """What it takes to make pieces. `trail` is made anew for each entry of the audit."""

    database: Database
    intake: Intake
    engines: Registry
    limits: RenderLimits
    trail: Callable[[], Trail]
    now: Callable[[], int] = now_s

    @property
    def task(self) -> Task:
        return Task(self.work, self.give_up)

    async def work(self, payload: Payload, call: JobCall) -> Effect:  # noqa: ARG002 - every attempt is alike
        generation_id = GenerationId(payload["generation_id"])
        begun = await self._begin(generation_id)
        if begun is None:
            return self._ended(generation_id, Status.CANCELLED)
        try:
            piece = await self._piece(begun)
            with self.intake.quarantine.folder() as folder, _Watch(self.database, generation_id) as watch:
                return self._kept(
                    begun,
                    await make(
                        self.intake,
                        piece,
                        folder,
                        self.limits,
                        reached=watch.reached,
                        unwanted=watch.unwanted,
                        now=self.now(),
                    ),
                )
        except Stopped:
            return self._ended(generation_id, Status.CANCELLED)
        except EngineRefused as refusal:
            return self._ended(generation_id, Status.REFUSED, str(refusal))
        except EngineFailed as failure:
            _log.warning("a piece failed", generation_id=generation_id, engine=begun.engine, sentence=str(failure))
            return self._ended(generation_id, Status.FAILED, str(failure))

    def give_up(self, payload: Payload, sentence: str) -> Effect:  # noqa: ARG002 - it is for the log
        """For good, after too many attempts. What stood in the way is in the log."""
        return self._ended(GenerationId(payload["generation_id"]), Status.FAILED, INTERRUPTED)

    async def _begin(self, generation_id: GenerationId) -> Generation | None:
        """The generation, which is being made from now on; None when it is not wanted any more."""
        async with self.database.transaction() as tx:
            begun = await store.move(tx, generation_id, Status.RUNNING, ACTIVE, started_at=self.now(), progress=0)
        return None if begun is None or begun.cancel_at is not None else begun

    async def _piece(self, begun: Generation) -> Piece:
        offer = self.engines.find(begun.engine)
        if offer is None:
            raise EngineFailed(GONE)
        return Piece(
            who=begun.who,
            track_id=begun.track_id,
            title=begun.title,
            mode=begun.mode,
            brief=msgspec.json.decode(begun.brief, type=Brief),
            offer=offer,
            seed=None if begun.seed_track_id is None else await self._seed(begun.seed_track_id),
        )

    async def _seed(self, track_id: str) -> Seed:
        async with self.database.reading() as tx:
            track = await find(tx, track_id)
            if track is None:
                raise EngineFailed(SEED_GONE)
            return Seed(track, sound_of(await find_rendition(tx, track.id, "original")))

    def _kept(self, begun: Generation, prepared: Prepared) -> Effect:
        async def effect(tx: Tx) -> None:
            values = {"progress": 100, "ended_at": self.now()}
            if await store.move(tx, begun.id, Status.SUCCEEDED, {Status.RUNNING}, **values) is None:
                return
            await library.bring(tx, begun.who, prepared, now=self.now())
            await self.trail().record("track.create", "done", subject_id=prepared.track.id, actor_id=begun.user_id)

        return effect

    def _ended(self, generation_id: GenerationId, status: Status, sentence: str | None = None) -> Effect:
        async def effect(tx: Tx) -> None:
            await settle(tx, generation_id, status, sentence, now=self.now())

        return effect


@dataclass(slots=True)
class _Watch:
    """While a piece is made: writes down how far it is, and looks whether it is still wanted."""

    database: Database
    generation_id: GenerationId
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)
    _percent: int = 0
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _looking: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._looking = asyncio.create_task(self._look())
        return self

    def __exit__(self, *_: object) -> None:
        if self._looking is not None:
            self._looking.cancel()

    def reached(self, share: float) -> None:
        """The last hundredth is the listening, and the putting away."""
        percent = min(99, int(share * 100))
        if percent > self._percent:
            self._percent = percent
            self._told.set()

    async def _look(self) -> None:
        """Writes the first step at once and the others at intervals. A database that is away is asked again."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _LOOK_EVERY_S)
            try:
                await self._once()
            except Exception:  # noqa: BLE001 - whether the work goes on is not for this to decide
                _log.warning("how far a piece is could not be written down", generation_id=self.generation_id)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _once(self) -> None:
        if self._told.is_set():
            self._told.clear()
            async with self.database.transaction() as tx:
                await store.reach(tx, self.generation_id, self._percent)
        async with self.database.reading() as tx:
            found = await store.find(tx, self.generation_id)
        if found is None or found.cancel_at is not None or not Status(found.status).active:
            self.unwanted.set()
