"""The table of generations: what was asked for, where it stands, and what became of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from segue.database import metadata

generations = Table(
    "generations",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    # Later ones have higher numbers.
    Column("nth", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("progress", Integer, nullable=False),
    Column("engine", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("title", String),
    # What the engine is asked for, as JSON.
    Column("brief", Text, nullable=False),
    Column("seed_track_id", ForeignKey("tracks.id")),
    # The id that the track has or will have: it is there before the track is, so that a piece which is made twice
    # lies in one place.
    Column("track_id", String, nullable=False, unique=True),
    Column("cost_chf_e4", BigInteger, nullable=False),
    Column("error_message", String),
    Column("refusal_reason", String),
    Column("key_digest", LargeBinary),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("cancel_at", BigInteger),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Index("ix_generations_newest", "organization_id", "user_id", "nth"),
    Index("ix_generations_status", "organization_id", "user_id", "status", "nth"),
    Index("ix_generations_key", "organization_id", "user_id", "key_digest", unique=True),
    # How long the last ones took.
    Index("ix_generations_ended", "engine", "status", "ended_at"),
    sqlite_with_rowid=False,
)
