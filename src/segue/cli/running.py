"""How a command runs: its settings, its log, its event loop, the installation it acts on, and its moving line."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
import uvloop
from rich.console import Console

from segue.operations import Installation, Layout, Local, local, open_installation
from segue.settings import Settings, load

T = TypeVar("T")


def settings_of(data: str | None) -> Settings:
    settings = load(os.environ, data_dir=data)
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    before: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso")]
    if settings.log_format == "json":
        before.append(structlog.processors.format_exc_info)
    structlog.configure([*before, renderer], logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return settings


def run(work: Any) -> Any:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def opened(data: str | None, work: Callable[[Installation], Awaitable[T]]) -> T:
    """Do something with the whole installation, as its operator."""

    async def inside() -> T:
        async with open_installation(Layout(settings_of(data))) as parts:
            return await work(parts)

    done: T = run(inside())
    return done


def as_person(data: str | None, email: str | None, work: Callable[[Local], Awaitable[T]]) -> T:
    """Do something as a person at the machine."""

    async def inside(parts: Installation) -> T:
        return await work(await local(parts, email))

    return opened(data, inside)


def progress(what: str) -> Any:
    """A moving line on a terminal, nothing in a pipe."""
    return Console(stderr=True).status(f"Looking at {what}")
