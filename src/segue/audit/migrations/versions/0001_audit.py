"""The audit table. A migration is never edited once released; it is followed by another."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("share_id", sa.String()),
        sa.Column("subject_id", sa.String()),
        sa.Column("actor_id", sa.String()),
        sa.Column("client", sa.String()),
        sa.Column("agent", sa.String()),
        sa.Column("request_id", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
