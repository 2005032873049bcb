"""The public call of links as its reference shows it. It is answered before the routes of the API are looked at."""

from segue.errors import TooMany
from segue.http import Operation, room_of
from segue.shares.examples import NEW
from segue.shares.rules import dead
from segue.shares.view import LicenceView, ResolvedView, SharedTrackView, ShareView

_TAG, _ABOUT = room_of(__name__)

RESOLVED = ResolvedView(
    kind="track",
    available=True,
    message=None,
    share=ShareView("track", "link_only", NEW.expires_at),
    track=SharedTrackView(
        id="mtrack_b4d9e1c6a72f",
        title="Late Night Study",
        engine="studio",
        mode="creation",
        measured_duration_seconds=120.4,
        instrumental=True,
        playback_url="https://music.example/media/mtrack_b4d9e1c6a72f/master?…",
        licence=LicenceView("personal_only", "2026-11", commercial_use=False, requires_attribution=False),
    ),
    collection=None,
    tracks=None,
)

OPERATIONS = (
    Operation(
        name="resolve_share",
        tag=_TAG,
        about_tag=_ABOUT,
        method="GET",
        path="/v1/music/shared/{token}",
        text=(
            "Open a link: what is behind it, with playback addresses. Anybody may, from any origin; credentials are "
            "ignored, and each open is recorded. Unknown, revoked, expired and used-up links are one answer. When the "
            "content behind a live link was removed, `available` is false and all else but `message` is null. A client "
            "that would rather have `text/html` gets the share page, which is no open."
        ),
        status=200,
        answers=ResolvedView,
        example=RESOLVED,
        media_types=("application/json", "text/html"),
        errors=(
            dead(),
            TooMany(
                "Too many requests. Please try again later.",
                system_message="Share resolve rate limit exceeded for client IP",
                retry_after_s=1,
            ),
        ),
    ),
)
