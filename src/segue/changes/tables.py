"""The table of answers that are remembered for clients that ask again."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from segue.database import metadata

remembered = Table(
    "remembered_answers",
    metadata,
    Column("scope", String, primary_key=True),
    Column("key_digest", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    # Null only inside the transaction that makes the answer.
    Column("status", Integer),
    # A new link's answer holds its secret, so what rests here is sealed: see `seal`.
    Column("sealed", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_remembered_answers_age", "created_at"),
    sqlite_with_rowid=False,
)
