"""Collections: ordered lists of tracks that one user keeps."""

from segue.collections.edit import add_track, create, own, reorder
from segue.collections.endpoints import (
    add_collection_track,
    create_collection,
    get_collection,
    list_collection_tracks,
    list_collections,
    reorder_collection,
)
from segue.collections.store import Collection, find, members, named
from segue.collections.tables import collection_tracks, collections

ENDPOINTS = (
    create_collection,
    list_collections,
    get_collection,
    list_collection_tracks,
    add_collection_track,
    reorder_collection,
)

__all__ = [
    "ENDPOINTS",
    "Collection",
    "add_track",
    "collection_tracks",
    "collections",
    "create",
    "find",
    "members",
    "named",
    "own",
    "reorder",
]
