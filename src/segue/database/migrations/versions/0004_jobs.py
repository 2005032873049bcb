"""Jobs wait in lanes, by rank and age, and what is done leaves the table.

A migration is never edited once released; it is followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KEPT = "kind, payload, state, attempts, due_at, created_at, ended_at, fault"


def upgrade() -> None:
    op.drop_index("ix_jobs_due", "jobs")
    op.rename_table("jobs", "jobs_before")
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_numbered")),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"INSERT INTO jobs (queue, rank, {_KEPT}) SELECT 'upkeep', 0, {_KEPT} FROM jobs_before"  # noqa: S608 - our own names
        " WHERE state <> 'done' ORDER BY created_at, id"
    )
    op.drop_table("jobs_before")
    op.create_index("ix_jobs_due", "jobs", ["state", "due_at"])
    op.create_index("ix_jobs_lane", "jobs", ["queue", "state", "due_at"])
