"""The track object of the API."""

import msgspec

from segue.clock import utc_text
from segue.tracks.store import Track


class TrackView(msgspec.Struct):
    """A track as its creator and whoever saved it see it. URLs are null in lists."""

    id: str
    title: str | None
    engine: str
    mode: str
    measured_duration_seconds: float | None
    instrumental: bool
    licence_class: str
    created_at: str
    playback_url: str | None
    stem_urls: dict[str, str] | None


def track_view(track: Track, *, playback_url: str | None = None) -> TrackView:
    return TrackView(
        id=track.id,
        title=track.title,
        engine=track.engine,
        mode=track.mode,
        measured_duration_seconds=round(track.duration_s, 3),
        instrumental=track.instrumental,
        licence_class=track.licence_class,
        created_at=utc_text(track.created_at),
        playback_url=playback_url,
        stem_urls=None,
    )
