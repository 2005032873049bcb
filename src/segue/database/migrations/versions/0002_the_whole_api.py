"""What the whole API needs: sessions, invitations, remembered answers, snapshots of saved tracks, exact orders.

A migration is never edited once released; it is followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _accounts()
    _remembered_answers()
    op.add_column("collections", sa.Column("nth", sa.BigInteger(), nullable=False, server_default="0"))
    _number("collections", "owner_id")
    op.drop_index("ix_collections_newest", table_name="collections")
    op.create_index("ix_collections_newest", "collections", ["organization_id", "owner_id", "removed_at", "nth"])
    op.create_index("ix_collections_nth", "collections", ["organization_id", "owner_id", "nth"])
    op.add_column("shares", sa.Column("allow_save", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("shares", sa.Column("rotations", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("shares", sa.Column("nth", sa.BigInteger(), nullable=False, server_default="0"))
    _number("shares", "owner_id")
    op.drop_index("ix_shares_newest", table_name="shares")
    op.create_index("ix_shares_newest", "shares", ["organization_id", "owner_id", "nth"])
    _library()


def _accounts() -> None:
    op.add_column("users", sa.Column("password", sa.String()))
    op.add_column("api_keys", sa.Column("last_used_at", sa.BigInteger()))
    op.create_index("ix_api_keys_newest", "api_keys", ["organization_id", "user_id", "created_at", "id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_invitations_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_newest", "invitations", ["organization_id", "created_at", "id"])


def _remembered_answers() -> None:
    op.create_table(
        "remembered_answers",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key_digest", name=op.f("pk_remembered_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_remembered_answers_age", "remembered_answers", ["created_at"])


def _library() -> None:
    op.add_column("library", sa.Column("share_id", sa.String()))
    op.add_column("library", sa.Column("licence", sa.Text()))
    op.add_column("library", sa.Column("engine", sa.String(), nullable=False, server_default=""))
    op.add_column("library", sa.Column("mode", sa.String(), nullable=False, server_default=""))
    op.add_column("library", sa.Column("nth", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("library", sa.Column("withdrawn_at", sa.BigInteger()))
    op.execute(
        "UPDATE library SET engine = tracks.engine, mode = tracks.mode, licence = tracks.licence, "
        "withdrawn_at = tracks.removed_at FROM tracks WHERE tracks.id = library.track_id"
    )
    _number("library", "user_id")
    op.drop_index("ix_library_newest", table_name="library")
    owned = ["organization_id", "user_id", "withdrawn_at"]
    op.create_index("ix_library_newest", "library", [*owned, "nth"])
    op.create_index("ix_library_engine", "library", [*owned, "engine", "nth"])
    op.create_index("ix_library_mode", "library", [*owned, "mode", "nth"])
    op.create_index("ix_library_engine_mode", "library", [*owned, "engine", "mode", "nth"])
    op.create_index("ix_library_nth", "library", ["organization_id", "user_id", "nth"])


def _number(table: str, owner: str) -> None:
    """Number the rows of each owner in the order in which they came."""
    op.execute(
        f"UPDATE {table} SET nth = numbered.n FROM (SELECT id, row_number() OVER "  # noqa: S608 - our own names
        f"(PARTITION BY organization_id, {owner} ORDER BY created_at, id) AS n FROM {table}) AS numbered "
        f"WHERE numbered.id = {table}.id"
    )
