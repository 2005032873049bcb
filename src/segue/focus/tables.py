"""The tables of focus sessions and of their segments, each of which is a generation."""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from segue.database import metadata

focus_sessions = Table(
    "focus_sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("status", String, nullable=False),
    Column("goal", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("target_minutes", Integer, nullable=False),
    Column("custom_prompt", Text),
    Column("intensity", String, nullable=False),
    Column("divergence", Double, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("ix_focus_sessions_status", "organization_id", "user_id", "status"),
    sqlite_with_rowid=False,
)

focus_segments = Table(
    "focus_segments",
    metadata,
    Column("session_id", ForeignKey("focus_sessions.id"), primary_key=True),
    Column("segment_index", Integer, primary_key=True),
    # The last of them: one that failed is followed by another.
    Column("generation_id", ForeignKey("generations.id"), nullable=False),
    Column("tries", Integer, nullable=False),
    sqlite_with_rowid=False,
)
