"""What users spend on each day, and the caps of organizations.

A migration is never edited once released; it is followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "spend_days",
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("track_count", sa.BigInteger(), nullable=False),
        sa.Column("cost_chf_e4", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("track_count >= 0 AND cost_chf_e4 >= 0", name=op.f("ck_spend_days_not_negative")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_spend_days_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_spend_days_user_id")),
        sa.PrimaryKeyConstraint("organization_id", "user_id", "day", "engine", name=op.f("pk_spend_days")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_spend_days_organization", "spend_days", ["organization_id", "day"])
    op.create_table(
        "spend_caps",
        sa.Column("organization_id", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("limit_chf_e4", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_spend_caps_organization_id")),
        sa.PrimaryKeyConstraint("organization_id", "window", name=op.f("pk_spend_caps")),
        sqlite_with_rowid=False,
    )
