"""The tables of what users have spent on each day, and of what the operator lets an organization spend."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from segue.database import metadata

spend_days = Table(
    "spend_days",
    metadata,
    Column("organization_id", ForeignKey("organizations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    # Days since 1970, by UTC.
    Column("day", Integer, primary_key=True),
    Column("engine", String, primary_key=True),
    Column("track_count", BigInteger, nullable=False),
    Column("cost_chf_e4", BigInteger, nullable=False),
    CheckConstraint("track_count >= 0 AND cost_chf_e4 >= 0", name="not_negative"),
    Index("ix_spend_days_organization", "organization_id", "day"),
    sqlite_with_rowid=False,
)

spend_caps = Table(
    "spend_caps",
    metadata,
    Column("organization_id", ForeignKey("organizations.id"), primary_key=True),
    Column("window", String, primary_key=True),
    Column("limit_chf_e4", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
