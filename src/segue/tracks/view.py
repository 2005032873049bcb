"""The track object of the API, and the terms of a track as whoever has it sees them."""

from typing import Literal, Protocol

import msgspec

from segue import licences
from segue.clock import utc_text
from segue.licences import LicenceFacts

LicenceClass = Literal["commercial_cleared", "commercial_enterprise", "personal_only", "unclear"]
Mode = Literal["creation", "focus"]


class TrackView(msgspec.Struct):
    """A track as its creator and whoever saved it see it. URLs are null in lists."""

    id: str
    title: str | None
    engine: str
    mode: Mode
    measured_duration_seconds: float | None
    instrumental: bool
    licence_class: LicenceClass
    created_at: str
    playback_url: str | None
    stem_urls: dict[str, str] | None


class TermsView(msgspec.Struct):
    """What may be done with a track, and whose word that is. `lines` say it in words."""

    track_id: str
    licence: str | None
    licence_class: LicenceClass
    licence_version: str
    commercial_use: bool
    requires_attribution: bool
    shareable: bool
    asserted_by: Literal["engine", "operator", "uploader", "file"]
    credits: list[str]
    sources: list[str]
    credit_line: str | None
    lines: list[str]


class Seen(Protocol):
    """As much of a track as its view needs."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def engine(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def instrumental(self) -> bool: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def licence_class(self) -> str: ...
    @property
    def created_at(self) -> int: ...


def track_view(track: Seen, *, playback_url: str | None = None, stem_urls: dict[str, str] | None = None) -> TrackView:
    return TrackView(
        id=track.id,
        title=track.title,
        engine=track.engine,
        mode=track.mode,  # type: ignore[arg-type]
        measured_duration_seconds=round(track.duration_s, 3),
        instrumental=bool(track.instrumental),
        licence_class=track.licence_class,  # type: ignore[arg-type]
        created_at=utc_text(track.created_at),
        playback_url=playback_url,
        stem_urls=stem_urls,
    )


def terms_view(track_id: str, facts: LicenceFacts) -> TermsView:
    shown = licences.shown(facts)
    return TermsView(
        track_id=track_id,
        licence=facts.expression,
        licence_class=shown.licence_class.value,
        licence_version=shown.licence_version,
        commercial_use=shown.commercial_use,
        requires_attribution=shown.requires_attribution,
        shareable=shown.shareable,
        asserted_by=facts.asserted_by,
        credits=sorted(facts.credits),
        sources=sorted(facts.origins),
        credit_line=licences.credit_line(facts),
        lines=list(licences.use_lines(facts)),
    )
