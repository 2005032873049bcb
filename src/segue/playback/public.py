"""The public call of playback as its reference shows it. It is answered before the routes of the API are looked at."""

from segue.errors import NotFound, Unauthenticated
from segue.http import Operation, room_of

_TAG, _ABOUT = room_of(__name__)
_SIGNED = ("grant", "action", "expires", "key", "signature")

OPERATIONS = (
    Operation(
        name="get_media",
        tag=_TAG,
        about_tag=_ABOUT,
        method="GET",
        path="/media/{track_id}/{rendition}",
        text=(
            "Get the bytes behind a playback address. The server makes such addresses whole; nobody puts one together. "
            "One is good for a few minutes, and only while the right behind it stands: this is asked again for every "
            "range. An open-ended range may come in pieces, as the status 206 says."
        ),
        status=200,
        also=(206, 304, 416),
        media_types=("audio/*", "image/*", "application/octet-stream"),
        parameters=(
            *(
                {"name": name, "in": "query", "required": True, "schema": {"type": "string"}, "description": "As made."}
                for name in _SIGNED
            ),
            {
                "name": "Range",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "One range of bytes (RFC 9110, section 14), such as `bytes=0-65535`.",
            },
        ),
        errors=(
            Unauthenticated("This address is no longer valid. Open the link again.", code="TOKEN_INVALID"),
            NotFound("This share link is no longer available."),
            NotFound("This track is no longer available."),
        ),
    ),
)
