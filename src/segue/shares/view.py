"""Pure. The answers of the public resolve, field by field as the API documents them."""

from collections.abc import Callable

import msgspec

from segue import licences
from segue.clock import utc_text_or_none
from segue.playback import STREAM
from segue.shares.store import Opened, SharedCollection, SharedTrack


class LicenceView(msgspec.Struct):
    """What may be done with a track. `commercial_use` follows from the class and is stored nowhere."""

    licence_class: str
    licence_version: str
    commercial_use: bool
    requires_attribution: bool


class SharedTrackView(msgspec.Struct):
    """A track behind a link, with a playback address of its own."""

    id: str
    title: str | None
    engine: str
    mode: str
    measured_duration_seconds: float
    instrumental: bool
    playback_url: str
    licence: LicenceView


class SharedCollectionView(msgspec.Struct):
    """A collection behind a link."""

    id: str
    name: str
    description: str | None


class ShareView(msgspec.Struct):
    """What the holder of a link may know of the link."""

    target_type: str
    visibility: str
    expires_at: str | None


class ResolvedView(msgspec.Struct):
    """The body of `GET /v1/music/shared/{token}`."""

    kind: str
    available: bool
    message: str | None
    share: ShareView | None
    track: SharedTrackView | None
    collection: SharedCollectionView | None
    tracks: list[SharedTrackView] | None


# Worked out once for the four classes: it follows from the class and is stored nowhere.
_COMMERCIAL = {str(each): each.commercial_use for each in licences.LicenceClass}

GONE = "The person who shared this has removed it."


def is_available(opened: Opened) -> bool:
    """Whether the content behind a live link is still there. An empty collection is."""
    return opened.collection is not None if opened.is_collection else bool(opened.tracks)


def resolved_view(opened: Opened, url: Callable[[str, str, str], str]) -> ResolvedView:
    """The body for a link that is open. `url` mints addresses from track id, rendition and action."""
    kind = "collection" if opened.is_collection else "track"
    if not is_available(opened):
        return ResolvedView(kind, False, GONE, None, None, None, None)
    views = [_track_view(track, url(track.id, track.playback, STREAM)) for track in opened.tracks]
    collection = opened.collection
    return ResolvedView(
        kind=kind,
        available=True,
        message=None,
        share=ShareView(kind, opened.visibility, utc_text_or_none(opened.terms.expires_at)),
        track=None if opened.is_collection else views[0],
        collection=None if collection is None else _collection_view(collection),
        tracks=views if opened.is_collection else None,
    )


def _collection_view(collection: SharedCollection) -> SharedCollectionView:
    return SharedCollectionView(collection.id, collection.name, collection.description)


def _track_view(track: SharedTrack, playback_url: str) -> SharedTrackView:
    return SharedTrackView(
        track.id,
        track.title,
        track.engine,
        track.mode,
        round(track.duration_s, 3),
        bool(track.instrumental),
        playback_url,
        LicenceView(
            track.licence_class,
            track.licence_version,
            _COMMERCIAL[track.licence_class],
            bool(track.requires_attribution),
        ),
    )
