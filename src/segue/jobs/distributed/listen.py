"""Hears at once what happens in the lanes: one connection of its own listens for all of them.

What is said while nobody listens is not heard, so every lane looks for itself whenever listening begins.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

import msgspec
import psycopg
import structlog
from psycopg import sql

from segue.ids import JobId
from segue.jobs.distributed.lane import Lane

_ASK_AGAIN_S = 1.0

_log = structlog.get_logger()


class Notice(msgspec.Struct):
    """What is said of a job: it was put in, or it shall end."""

    type: Literal["job_inserted", "abort_job_requested"]
    job_id: int


async def listen(url: str, lanes: Sequence[Lane]) -> None:
    """Until cancelled, through every loss of the connection."""
    channels = {f"procrastinate_queue_v1#{lane.name}": lane for lane in lanes}
    while True:
        try:
            await _listen(url, channels)
        except (psycopg.Error, OSError) as error:
            _log.warning("jobs are not listened for at the moment", error=type(error).__name__)
        await asyncio.sleep(_ASK_AGAIN_S)


async def _listen(url: str, channels: dict[str, Lane]) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, keepalives_idle=30) as connection:
        for channel in channels:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        for lane in channels.values():
            lane.look()
        async for notice in connection.notifies():
            _tell(channels[notice.channel], msgspec.json.decode(notice.payload, type=Notice))


def _tell(lane: Lane, notice: Notice) -> None:
    if notice.type == "job_inserted":
        lane.look()
    else:
        lane.lose(JobId(str(notice.job_id)))
