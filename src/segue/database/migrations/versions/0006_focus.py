"""Focus sessions and their segments.

A migration is never edited once released; it is followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "focus_sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("target_minutes", sa.Integer(), nullable=False),
        sa.Column("custom_prompt", sa.Text(), nullable=True),
        sa.Column("intensity", sa.String(), nullable=False),
        sa.Column("divergence", sa.Double(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_focus_sessions_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_focus_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_focus_sessions_status", "focus_sessions", ["organization_id", "user_id", "status"])
    op.create_table(
        "focus_segments",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("segment_index", sa.Integer(), nullable=False),
        sa.Column("generation_id", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["focus_sessions.id"], name=op.f("fk_focus_segments_session_id")),
        sa.ForeignKeyConstraint(["generation_id"], ["generations.id"], name=op.f("fk_focus_segments_generation_id")),
        sa.PrimaryKeyConstraint("session_id", "segment_index", name=op.f("pk_focus_segments")),
        sqlite_with_rowid=False,
    )
