"""A track's place in somebody's library, as the API shows it."""

from typing import Literal

import msgspec

from segue.clock import utc_text
from segue.library.store import Edge

Source = Literal["generated", "uploaded", "shared", "saved"]


class EdgeView(msgspec.Struct):
    """A saved track. `share_link_id` is the link that it came by, if it came by one."""

    id: str
    track_id: str
    source: Source
    share_link_id: str | None
    created_at: str


def edge_view(edge: Edge) -> EdgeView:
    return EdgeView(
        id=edge.id,
        track_id=edge.track_id,
        source=edge.source,  # type: ignore[arg-type]
        share_link_id=edge.share_id,
        created_at=utc_text(edge.created_at),
    )
