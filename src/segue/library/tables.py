"""The table of who has which track in their library, and since when."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, UniqueConstraint

from segue.database import metadata

library = Table(
    "library",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("track_id", ForeignKey("tracks.id"), nullable=False, index=True),
    Column("source", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("organization_id", "user_id", "track_id"),
    Index("ix_library_newest", "organization_id", "user_id", "created_at", "id"),
    sqlite_with_rowid=False,
)
