"""The table of the audit. On SQLite it lies in a file of its own, so that its commits wait for nobody's."""

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
    Index("ix_audit_share_id", "share_id", "at_us"),
)

COLUMNS = ("at_us", "event", "outcome", "share_id", "subject_id", "actor_id", "client", "agent", "request_id")
