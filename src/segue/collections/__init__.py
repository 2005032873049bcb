"""Collections: ordered lists of tracks that one user keeps."""

from segue.collections.edit import add_track, create, members_of, own, reorder
from segue.collections.endpoints import ENDPOINTS
from segue.collections.store import Collection, members, named
from segue.collections.tables import collection_tracks, collections

__all__ = [
    "ENDPOINTS",
    "Collection",
    "add_track",
    "collection_tracks",
    "collections",
    "create",
    "members",
    "members_of",
    "named",
    "own",
    "reorder",
]
