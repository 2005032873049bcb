"""The table of share links. Of the secret it holds the digest only: with a copy of it nobody can open a link."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from segue.database import metadata

shares = Table(
    "shares",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("track_id", ForeignKey("tracks.id"), index=True),
    Column("collection_id", ForeignKey("collections.id"), index=True),
    Column("visibility", String, nullable=False),
    Column("label", String),
    Column("max_opens", Integer),
    Column("opens", Integer, nullable=False),
    Column("allow_save", Boolean, nullable=False),
    # How often the secret was changed; what was signed under an earlier one is no longer good.
    Column("rotations", Integer, nullable=False),
    # Later ones have higher numbers.
    Column("nth", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    CheckConstraint("(track_id IS NULL) <> (collection_id IS NULL)", name="one_target"),
    Index("ix_shares_newest", "organization_id", "owner_id", "nth"),
    sqlite_with_rowid=False,
)
