"""The tables of organizations, users and their memberships, and of all that proves who they are. No secret rests in
them readable.

`without rowid` on SQLite: every table is found by its own key, and its rows lie in that key's tree.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table

from segue.database import metadata

organizations = Table(
    "organizations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    sqlite_with_rowid=False,
)

users = Table(
    "users",
    metadata,
    Column("id", String, primary_key=True),
    Column("email", String, nullable=False, unique=True),
    # An Argon2id hash in its own notation; null for whoever cannot sign in by password.
    Column("password", String),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
    sqlite_with_rowid=False,
)

memberships = Table(
    "memberships",
    metadata,
    Column("organization_id", ForeignKey("organizations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("role", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    # Set while the user or the organization is disabled or the membership has ended: the one thing that whoever asks
    # about a member's rights looks at.
    Column("barred_at", BigInteger),
    sqlite_with_rowid=False,
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("hint", String, nullable=False),
    Column("name", String, nullable=False),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    # To the minute: see `LastUsed`.
    Column("last_used_at", BigInteger),
    Index("ix_api_keys_newest", "organization_id", "user_id", "created_at", "id"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    sqlite_with_rowid=False,
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("email", String, nullable=False),
    Column("role", String, nullable=False),
    Column("invited_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("ix_invitations_newest", "organization_id", "created_at", "id"),
    sqlite_with_rowid=False,
)
