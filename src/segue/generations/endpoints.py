"""Generations over HTTP: submit, list, get, cancel."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.changes import Change
from segue.database import Database, Tx
from segue.engines import Offer, Registry
from segue.errors import Conflict, Invalid, NotFound, TooMany
from segue.generations import store
from segue.generations.cancel import cancel
from segue.generations.request import Once, Policy, request
from segue.generations.rules import Status
from segue.generations.store import Generation
from segue.generations.view import GenerationView, ResultView, StatusWord, generation_view, result_view
from segue.generations.wishes import Wish
from segue.http import Call, Page, Reply, get, post
from segue.limits import (
    IDEMPOTENCY_KEY_CHARS_MAX,
    LYRICS_CHARS_MAX,
    PROMPT_CHARS_MAX,
    SEED_MAX,
    STYLE_TAG_CHARS_MAX,
    STYLE_TAGS_MAX,
    TITLE_CHARS_MAX,
)
from segue.playback import Signer
from segue.tracks import Mode

NO_GENERATION = NotFound("There is no such generation.")
NO_ENGINE = "There is no such engine. The list of engines says which there are."

# Called when a job was queued, so that a worker in this process looks at once.
Wake = Callable[[], None]

_Tag = Annotated[str, Meta(min_length=1, max_length=STYLE_TAG_CHARS_MAX)]


class NewGeneration(msgspec.Struct, forbid_unknown_fields=True):
    """A piece to be made. `seed` makes it the same piece again, where an engine can do that."""

    engine: Annotated[str, Meta(description="The key of an engine of the list.")]
    prompt: Annotated[
        str, Meta(min_length=1, max_length=PROMPT_CHARS_MAX, description="Genre, mood, instruments, structure.")
    ]
    duration_seconds: Annotated[int, Meta(ge=1, description="At most what the engine can do.")]
    mode: Mode = "creation"
    instrumental: Annotated[bool, Meta(description="No vocals.")] = False
    lyrics: Annotated[str, Meta(min_length=1, max_length=LYRICS_CHARS_MAX)] | None = None
    seed_track_id: Annotated[str, Meta(description="A track to go on from.")] | None = None
    style_tags: Annotated[list[_Tag], Meta(max_length=STYLE_TAGS_MAX)] = []
    title: (
        Annotated[str, Meta(min_length=1, max_length=TITLE_CHARS_MAX, extra_json_schema={"format": "one-line"})] | None
    ) = None
    seed: Annotated[int, Meta(ge=0, le=SEED_MAX)] | None = None
    idempotency_key: (
        Annotated[
            str,
            Meta(
                pattern="^[!-~]+$",
                max_length=IDEMPOTENCY_KEY_CHARS_MAX,
                description="The same as the header, which comes first.",
            ),
        ]
        | None
    ) = None

    def wish(self) -> Wish:
        return Wish(
            engine=self.engine,
            prompt=self.prompt,
            duration_s=self.duration_seconds,
            mode=self.mode,
            instrumental=self.instrumental,
            lyrics=self.lyrics,
            seed_track_id=self.seed_track_id,
            style_tags=tuple(self.style_tags),
            title=self.title,
            seed=self.seed,
        )

    def fingerprint(self) -> bytes:
        """What has to be the same for a request under the same key to be the same."""
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, idempotency_key=None))).digest()


class GenerationQuery(Page, frozen=True):
    """Which of the caller's generations are wanted."""

    status: StatusWord | None = None


class GenerationPage(msgspec.Struct):
    """One page of the caller's generations, newest first."""

    jobs: list[GenerationView]
    limit: int
    offset: int


_DONE = GenerationView(
    id="mgen_2f8b1c4e9a7d",
    status="succeeded",
    progress=100,
    engine="studio",
    mode="creation",
    created_at="2026-06-28T10:30:00Z",
    result_track_id="mtrack_7c1a9e2f4b8d",
    error_message=None,
    refusal_reason=None,
    playback_url="https://music.example/media/mtrack_7c1a9e2f4b8d/master?grant=…",
    track=ResultView(
        id="mtrack_7c1a9e2f4b8d",
        title="Late night lo-fi",
        engine="studio",
        mode="creation",
        instrumental=True,
        measured_duration_seconds=120.0,
        mime_type="audio/mpeg",
        licence_class="commercial_cleared",
        playback_url="https://music.example/media/mtrack_7c1a9e2f4b8d/master?grant=…",
    ),
)
_QUEUED = msgspec.structs.replace(
    _DONE, status="queued", progress=0, result_track_id=None, playback_url=None, track=None
)
_LISTED = msgspec.structs.replace(_DONE, playback_url=None, track=None)


@post(
    "/v1/music/{organization_id}/generations",
    status=202,
    errors=(
        NotFound("There is no such track."),
        Conflict("This idempotency key was used for another request.", code="IDEMPOTENCY_KEY_REUSED"),
        TooMany(
            "This would exceed what your organization may spend in a day: 10.00 CHF.",
            code="SPEND_LIMIT_EXCEEDED",
            retry_after_s=60,
        ),
    ),
    asks=NewGeneration("studio", "late night lo-fi study beat, warm keys", 120, title="Late Night Study"),
    example=_QUEUED,
)
async def create_generation(
    who: Caller,
    body: NewGeneration,
    call: Call,
    change: Change,
    engines: Registry,
    policy: Policy,
    wake: Wake,
    now: int,
) -> Reply[GenerationView]:
    """Have a piece made. The answer comes at once; the piece is there when its job has succeeded.

    The same `Idempotency-Key` gives the job that there is, for as long as there is one.
    """
    once = Once(change.named(body.idempotency_key), body.fingerprint())
    async with change as tx:
        offer = engine_of(engines, body.engine)
        rolled = secrets.randbelow(SEED_MAX + 1)
        made, new = await request(tx, who, body.wish(), offer, policy, once, seed=rolled, now=now)
        if not new:
            call.headers.append(("idempotent-replayed", "true"))
        outcome = made.status if new else "unchanged"
        done = await change.done(generation_view(made), "generation.create", outcome=outcome, subject_id=made.id)
    wake()
    return done


def engine_of(engines: Registry, engine_key: str) -> Offer:
    """Raises `Invalid` where there is no engine of this key that may be used."""
    offer = engines.find(engine_key)
    if offer is None:
        raise Invalid(NO_ENGINE, faults={"engine": NO_ENGINE})
    return offer


@get("/v1/music/{organization_id}/generations", cached=True, example=GenerationPage([_LISTED], 50, 0))
async def list_generations(who: Caller, query: GenerationQuery, database: Database) -> GenerationPage:
    """List the caller's generations, newest first."""
    async with database.reading() as tx:
        found = await store.newest(tx, who, query.status, limit=query.limit, offset=query.offset)
    return GenerationPage([generation_view(each) for each in found], query.limit, query.offset)


@get("/v1/music/{organization_id}/generations/{job_id}", errors=(NO_GENERATION,), example=_DONE)
async def get_generation(job_id: str, who: Caller, database: Database, signer: Signer, now: int) -> GenerationView:
    """Get a generation. Meant to be asked for again until it has ended; each time with a fresh playback address."""
    async with database.reading() as tx:
        found = await store.find_own(tx, who, job_id)
        if found is None:
            raise NotFound(NO_GENERATION.message)
        return await _seen(tx, found, signer, now=now)


@post(
    "/v1/music/{organization_id}/generations/{job_id}/cancel",
    status=200,
    errors=(NO_GENERATION,),
    example=msgspec.structs.replace(_QUEUED, status="cancelled"),
)
async def cancel_generation(
    job_id: str, who: Caller, change: Change, signer: Signer, now: int
) -> Reply[GenerationView]:
    """Cancel a generation. One that is being made stops at the next moment that suits it; one that has ended stays as
    it is.
    """
    async with change as tx:
        found = await cancel(tx, who, job_id, now=now)
        stops = found.cancel_at == now or found.status == Status.CANCELLED.value
        seen = await _seen(tx, found, signer, now=now)
        return await change.done(
            seen, "generation.cancel", outcome="done" if stops else "unchanged", subject_id=found.id
        )


async def _seen(tx: Tx, found: Generation, signer: Signer, *, now: int) -> GenerationView:
    """With the track, if there is one."""
    track = await store.result(tx, found.track_id) if found.status == Status.SUCCEEDED.value else None
    if track is None:
        return generation_view(found)
    url = signer.url(found.user_id, track.id, track.playback, now=now)
    return generation_view(found, result_view(track, url))


ENDPOINTS = (create_generation, list_generations, get_generation, cancel_generation)
