"""What the reference shows of links: the API's own examples."""

from msgspec.structs import replace

from segue.library import EdgeView
from segue.shares.owner_view import ListedShareView, NewShareView

_TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"  # noqa: S105 - the reference's example
NEW = NewShareView(
    id="mslink_3a7f2c9e8b14",
    token=_TOKEN,
    url=f"https://music.example/v1/music/shared/{_TOKEN}",
    target_type="track",
    visibility="link_only",
    expires_at="2026-07-28T10:30:00Z",
    created_at="2026-06-28T10:30:00Z",
)
NEW_COLLECTION = replace(NEW, target_type="collection", visibility="public", expires_at=None)
LISTED = ListedShareView(
    id=NEW.id,
    target_type="track",
    target_id="mtrack_b4d9e1c6a72f",
    visibility="link_only",
    label="For the label",
    state="open",
    opens=None,
    max_opens=None,
    allow_save=True,
    expires_at=NEW.expires_at,
    revoked_at=None,
    created_at=NEW.created_at,
)
SAVED = EdgeView(
    id="mlib_6d2f9a4c1e83",
    track_id="mtrack_b4d9e1c6a72f",
    source="shared",
    share_link_id=NEW.id,
    created_at="2026-06-28T10:30:00Z",
)
