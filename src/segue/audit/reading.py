"""Reads the audit back, oldest first, a page at a time and without holding the writer up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import select

from segue.audit.log import Entry
from segue.audit.table import COLUMNS, audit
from segue.database import Database

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of one share, of one event, from a moment on. None leaves a side open."""

    share_id: str | None = None
    event: str | None = None
    since_us: int | None = None


async def entries(database: Database, wanted: Filter) -> AsyncIterator[Entry]:
    """Every entry that fits, in the order in which they were written."""
    after = 0
    while True:
        statement = select(audit.c.id, *(audit.c[name] for name in COLUMNS)).where(audit.c.id > after)
        if wanted.share_id is not None:
            statement = statement.where(audit.c.share_id == wanted.share_id)
        if wanted.event is not None:
            statement = statement.where(audit.c.event == wanted.event)
        if wanted.since_us is not None:
            statement = statement.where(audit.c.at_us >= wanted.since_us)
        async with database.reading() as tx:
            rows = (await tx.execute(statement.order_by(audit.c.id).limit(_PAGE))).all()
        for row in rows:
            yield Entry(*row[1:])
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]
