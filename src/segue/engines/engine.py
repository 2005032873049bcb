"""What an engine is: the shape that every one of them has, Segue's own and those of others."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from segue.engines.brief import Brief, Rendered
from segue.engines.facts import EngineFacts, Setup

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


class Engine(Protocol):
    """What makes music. An entry point leads to a function that makes one of a `Setup`; making one is cheap and
    touches nothing: the server does it at every start.
    """

    @property
    def facts(self) -> EngineFacts: ...

    def obstacle(self) -> str | None:
        """Why it cannot be used on this machine, and what to do, in one sentence; None when it can."""
        ...

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        """Make the piece, in a process of its own. All that it writes lies in `workdir`.

        `progress` is told the share that is done, from 0 to 1; `cancelled` is asked often, and once it says so the
        engine stops by raising `Stopped`. Raises `EngineFailed` with a sentence that a user understands, and
        `EngineRefused` with the reason why this piece is not made. Any other exception is a fault of the engine.
        """
        ...


Make = Callable[[Setup], Engine]
