"""The table of the audit. On SQLite it lies in a file of its own, so that its commits wait for nobody's.

There it is a journal: rows go to its end and nowhere else. An index by share would make every commit write one page
more for every link in it (see docs/decisions/0003-the-audit-is-a-journal.md), so that lies behind it, in `index.py`.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

# A metadata of its own: this table is migrated apart from the others.
metadata = MetaData()

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("share_id", String),
    Column("subject_id", String),
    Column("actor_id", String),
    Column("client", String),
    Column("agent", String),
    Column("request_id", String),
    Index("ix_audit_by_share", "share_id", "at_us").ddl_if(dialect="postgresql"),
)

COLUMNS = ("at_us", "event", "outcome", "share_id", "subject_id", "actor_id", "client", "agent", "request_id")
