"""Jobs wait in lanes, by rank and age, and what is done leaves the table; on PostgreSQL procrastinate keeps them.

Its schema is the one that its installed version brings along, and a comment at its table says which that was: a
later migration applies what its later versions have added since, by the numbers in the names of its own migrations.
A migration is never edited once released; it is followed by another.
"""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_index("ix_jobs_due", "jobs")
    op.rename_table("jobs", "jobs_before")
    if op.get_bind().dialect.name == "sqlite":
        _lanes()
    else:
        _procrastinate()
    op.drop_table("jobs_before")


def _lanes() -> None:
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "due_at"])
    op.create_index("ix_jobs_lane", "jobs", ["queue", "state", "due_at"])
    op.execute("""
        INSERT INTO jobs (queue, rank, kind, payload, state, attempts, due_at, created_at, ended_at, fault)
        SELECT 'upkeep', 0, kind, payload, state, attempts, due_at, created_at, ended_at, fault
        FROM jobs_before WHERE state <> 'done' ORDER BY created_at, id
    """)


def _procrastinate() -> None:
    # Many statements and functions at once: only the driver itself takes them so, in the transaction that is open.
    driver: Any = op.get_bind().connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute(_schema()))
    op.execute(f"COMMENT ON TABLE procrastinate_jobs IS 'procrastinate {version('procrastinate')}'")
    op.execute("""
        INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, scheduled_at)
        SELECT 'upkeep', kind, jsonb_build_object('payload', payload::jsonb)
                || CASE WHEN state = 'failed' THEN jsonb_build_object('fault', fault, 'failed_at', ended_at::text)
                        ELSE '{}'::jsonb END,
            CASE state WHEN 'open' THEN 'todo' ELSE 'failed' END::procrastinate_job_status,
            attempts, to_timestamp(due_at)
        FROM jobs_before WHERE state <> 'done' ORDER BY created_at, id
    """)


def _schema() -> str:
    """Found without importing it: that would bring a driver in which the migration does not need."""
    found: Any = find_spec("procrastinate")
    return (Path(found.origin).parent / "sql" / "schema.sql").read_text("utf-8")
