"""A generation as the API shows it: the job, and the track that came of it."""

from typing import Literal

import msgspec

from segue.clock import utc_text
from segue.generations.store import Generation, Result
from segue.tracks import LicenceClass, Mode

StatusWord = Literal["queued", "running", "succeeded", "failed", "cancelled", "refused"]


class ResultView(msgspec.Struct):
    """The track that came of a generation."""

    id: str
    title: str | None
    engine: str
    mode: Mode
    instrumental: bool
    measured_duration_seconds: float | None
    mime_type: str
    licence_class: LicenceClass
    playback_url: str


class GenerationView(msgspec.Struct):
    """A job that makes a piece. `progress` is from 0 to 100; `playback_url` and `track` are null in lists."""

    id: str
    status: StatusWord
    progress: int
    engine: str
    mode: Mode
    created_at: str
    result_track_id: str | None
    error_message: str | None
    refusal_reason: str | None
    playback_url: str | None
    track: ResultView | None


def generation_view(found: Generation, track: ResultView | None = None) -> GenerationView:
    return GenerationView(
        id=found.id,
        status=found.status,  # type: ignore[arg-type]
        progress=found.progress,
        engine=found.engine,
        mode=found.mode,  # type: ignore[arg-type]
        created_at=utc_text(found.created_at),
        result_track_id=found.track_id if found.status == "succeeded" else None,
        error_message=found.error_message,
        refusal_reason=found.refusal_reason,
        playback_url=None if track is None else track.playback_url,
        track=track,
    )


def result_view(found: Result, playback_url: str) -> ResultView:
    return ResultView(
        id=found.id,
        title=found.title,
        engine=found.engine,
        mode=found.mode,  # type: ignore[arg-type]
        instrumental=bool(found.instrumental),
        measured_duration_seconds=round(found.duration_s, 3),
        mime_type=found.mime_type,
        licence_class=found.licence_class,  # type: ignore[arg-type]
        playback_url=playback_url,
    )
