"""Whether the bytes behind a link may still be had, asked again for every range of a running playback."""

from segue.database import Reader
from segue.errors import NotFound
from segue.playback import Gate, Grant, Rendition
from segue.shares import store
from segue.shares.rules import standing, still_plays


def share_gate(reader: Reader) -> Gate:
    """The gate for grants to links: the link stands, under the secret it was opened by, and shows this track now."""

    async def gate(grant: Grant, now: int) -> Rendition:
        share_id = grant.grantee.partition(".")[0]
        found = await store.streamed(reader, share_id, grant.track_id, grant.rendition)
        if found is not None:
            terms, rotations, rendition = found
            if still_plays(standing(terms, now)) and grant.grantee == store.grantee(share_id, rotations):
                return rendition
        raise NotFound("This share link is no longer available.")

    return gate
