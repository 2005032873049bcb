"""Whether the bytes behind a link may still be had, asked again for every range of a running playback."""

from segue.database import Reader
from segue.errors import NotFound
from segue.playback import Gate, Grant, Rendition
from segue.shares import store
from segue.shares.rules import standing, still_plays


def share_gate(reader: Reader) -> Gate:
    """The gate for grants to links: the link stands, and shows this track now."""

    async def gate(grant: Grant, now: int) -> Rendition:
        found = await store.streamed(reader, grant.grantee, grant.track_id, grant.rendition)
        if found is None or not still_plays(standing(found[0], now)):
            raise NotFound("This share link is no longer available.")
        return found[1]

    return gate
