"""The table of who has which track in their library, and since when."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from segue.database import metadata

library = Table(
    "library",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("track_id", ForeignKey("tracks.id"), nullable=False, index=True),
    Column("source", String, nullable=False),
    # The link that a shared track came by. Its table stands on a higher floor, so nothing refers to it here.
    Column("share_id", String),
    # The raw licence facts of the day, as JSON: what the saver was told.
    Column("licence", Text),
    # These two never change for a track, so they may stand here too, where lists are led by them.
    Column("engine", String, nullable=False),
    Column("mode", String, nullable=False),
    # Later saves have higher numbers.
    Column("nth", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # Set when the track was removed by its creator. The row stays: it says what was saved, and on which terms.
    Column("withdrawn_at", BigInteger),
    UniqueConstraint("organization_id", "user_id", "track_id"),
    Index("ix_library_newest", "organization_id", "user_id", "withdrawn_at", "nth"),
    Index("ix_library_engine", "organization_id", "user_id", "withdrawn_at", "engine", "nth"),
    Index("ix_library_mode", "organization_id", "user_id", "withdrawn_at", "mode", "nth"),
    Index("ix_library_engine_mode", "organization_id", "user_id", "withdrawn_at", "engine", "mode", "nth"),
    Index("ix_library_nth", "organization_id", "user_id", "nth"),
    sqlite_with_rowid=False,
)
