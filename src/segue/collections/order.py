"""Pure. What an order means that somebody asks for."""

from collections.abc import Sequence

from segue.errors import Invalid
from segue.ids import TrackId


def reordered(present: Sequence[TrackId], wished: Sequence[str]) -> list[TrackId]:
    """The members in their new order: the wished ones first, the others after them as they stood.

    Ids that are no members are ignored. Raises `Invalid` for an id that comes twice.
    """
    if len(set(wished)) != len(wished):
        sentence = "A track stands in the order twice."
        raise Invalid(sentence, faults={"ordered_track_ids": sentence})
    members = set(present)
    listed = [TrackId(track_id) for track_id in wished if track_id in members]
    return listed + [track_id for track_id in present if track_id not in set(listed)]
