"""Generations, and how engines made what they made.

A migration is never edited once released; it is followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "makings",
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("engine_version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("seed_track_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name=op.f("fk_makings_track_id")),
        sa.ForeignKeyConstraint(["seed_track_id"], ["tracks.id"], name=op.f("fk_makings_seed_track_id")),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_makings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "generations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("nth", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("seed_track_id", sa.String(), nullable=True),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("cost_chf_e4", sa.BigInteger(), nullable=False),
        sa.Column("error_message", sa.String(), nullable=True),
        sa.Column("refusal_reason", sa.String(), nullable=True),
        sa.Column("key_digest", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("cancel_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_generations_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_generations_user_id")),
        sa.ForeignKeyConstraint(["seed_track_id"], ["tracks.id"], name=op.f("fk_generations_seed_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
        sa.UniqueConstraint("track_id", name=op.f("uq_generations_track_id")),
        sqlite_with_rowid=False,
    )
    owner = ["organization_id", "user_id"]
    op.create_index("ix_generations_newest", "generations", [*owner, "nth"])
    op.create_index("ix_generations_status", "generations", [*owner, "status", "nth"])
    op.create_index("ix_generations_key", "generations", [*owner, "key_digest"], unique=True)
    op.create_index("ix_generations_ended", "generations", ["engine", "status", "ended_at"])
