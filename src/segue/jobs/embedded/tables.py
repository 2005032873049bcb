"""The table of jobs: what is to be done, who holds it now, and until when. What is done leaves it."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from segue.database import metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("queue", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("holder", String),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("fault", String),
    Index("ix_jobs_due", "state", "due_at"),
    Index("ix_jobs_lane", "queue", "state", "due_at"),
    info={"only": "sqlite"},  # elsewhere the queue has tables of its own
    # A number is never given twice, although rows go: the order is the age.
    sqlite_autoincrement=True,
)
