"""The tables of collections and their ordered members."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from segue.database import metadata

collections = Table(
    "collections",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("description", String),
    Column("cover_track_id", ForeignKey("tracks.id")),
    Column("cover_image_url", String),
    # Later ones have higher numbers.
    Column("nth", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Index("ix_collections_newest", "organization_id", "owner_id", "removed_at", "nth"),
    Index("ix_collections_nth", "organization_id", "owner_id", "nth"),
    sqlite_with_rowid=False,
)

collection_tracks = Table(
    "collection_tracks",
    metadata,
    Column("collection_id", ForeignKey("collections.id"), primary_key=True),
    Column("track_id", ForeignKey("tracks.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Index("ix_collection_tracks_order", "collection_id", "position"),
    sqlite_with_rowid=False,
)
