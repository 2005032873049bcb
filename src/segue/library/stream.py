"""Whether a signed-in listener may still have the bytes that a signature names."""

from segue.database import Reader
from segue.errors import NotFound
from segue.library import store
from segue.playback import Gate, Grant, Rendition


def user_gate(reader: Reader) -> Gate:
    """The gate for grants to users: no organization has shut the user out, and the track is there and his or saved."""

    async def gate(grant: Grant, _now: int) -> Rendition:
        rendition = await store.playable(reader, grant.grantee, grant.track_id, grant.rendition)
        if rendition is None:
            raise NotFound("This track is no longer available.")
        return rendition

    return gate
