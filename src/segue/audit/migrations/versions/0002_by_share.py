"""An index by share, on PostgreSQL only: on SQLite the journal stays without one, and an index lies behind it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_audit_by_share", "audit", ["share_id", "at_us"])
