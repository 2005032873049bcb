"""Does one long thing while it asks, at least once a second, whether it is still wanted.

Whatever the thing is waiting for, the answer "cancelled" ends the wait at once, by `Stopped`.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from segue.engines.endings import Stopped
from segue.engines.engine import Cancelled, Progress

T = TypeVar("T")

TICK_S = 0.5


def conversed(talk: Coroutine[Any, Any, T], cancelled: Cancelled, *, tick_s: float = TICK_S) -> T:
    """What the coroutine returns, in an event loop of its own. When it is cancelled, its connections are closed."""
    return asyncio.run(_conversed(talk, cancelled, tick_s))


async def _conversed(talk: Coroutine[Any, Any, T], cancelled: Cancelled, tick_s: float) -> T:
    task = asyncio.create_task(talk)
    try:
        while not task.done():
            if cancelled():
                raise Stopped
            await asyncio.wait({task}, timeout=tick_s)
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def in_time(work: Coroutine[Any, Any, T], seconds: float) -> T | None:
    """What the coroutine returns, or None when it took longer than that."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        return None


class Work(Generic[T]):
    """A function that blocks for long, in a thread beside the one that asks.

    A thread cannot be ended from outside: it is told at its next `advance`, and the one that asked does not wait for
    that, since the process ends soon after. Progress is told by the one that asks, so that it comes from one thread.
    """

    def __init__(self, function: Callable[["Work[T]"], T]) -> None:
        self._function = function
        self._stop = threading.Event()
        self._news = threading.Event()
        self._done = False
        self._share = 0.0
        self._made: list[T] = []
        self._error: BaseException | None = None

    def advance(self, share: float) -> None:
        """For the function: so much of it is done, from 0 to 1. Raises `Stopped` once nobody wants it any more."""
        if self._stop.is_set():
            raise Stopped
        self._share = share
        self._news.set()

    def wait(self, progress: Progress, cancelled: Cancelled, *, tick_s: float = TICK_S) -> T:
        """What the function returns or raises; `Stopped` as soon as it is cancelled."""
        progress(0.0)
        threading.Thread(target=self._run, daemon=True).start()
        while not self._done:
            self._news.wait(tick_s)
            self._news.clear()
            if cancelled():
                self._stop.set()
                raise Stopped
            progress(self._share)
        if self._error is not None:
            raise self._error
        progress(1.0)
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._function(self))
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            self._error = error
        finally:
            self._done = True
            self._news.set()
