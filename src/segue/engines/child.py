"""The process in which an engine makes one piece: an order on standard input, lines of answers, then it ends.

Started as `python -I -m segue.engines.child` by `segue.engines.run` and by nobody else. When standard input ends,
the piece is no longer wanted.
"""

import os
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.orders import Failed, Halted, Line, Made, Order, Reached, Refused
from segue.sandbox import Bounds, confine, die_with

if TYPE_CHECKING:
    from segue.engines.engine import Make

# Nobody who opens a link waits for somebody who makes a piece.
_NICENESS = 19
_TOLD_EVERY_S = 0.2
_SENTENCE_CHARS_MAX = 400


def main() -> None:
    """Obeys one order. A fault of the engine is a traceback on standard error and exit status 1."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints is no answer
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    die_with(order.parent_pid)
    os.nice(_NICENESS)
    confine(Bounds(order.output_bytes_max, order.memory_bytes_max))
    answers.write(_line(_obey(order, _Telling(answers), _unwanted())))
    os._exit(0)  # nothing is left that an orderly shutdown would have to do


def _obey(order: Order, telling: "_Telling", unwanted: threading.Event) -> Line:
    sys.path[:] = order.search
    module, _, name = order.reference.partition(":")
    make: Make = getattr(import_module(module), name)
    workdir = Path(order.workdir)
    os.chdir(workdir)
    try:
        return Made(make(order.setup).render(order.brief, workdir, telling.reached, unwanted.is_set))
    except EngineFailed as failure:
        return Failed(_sentence(failure))
    except EngineRefused as refusal:
        return Refused(_sentence(refusal))
    except Stopped:
        return Halted()


def _sentence(said: Exception) -> str:
    """What can be printed of it, on one line and of a bearable length."""
    return "".join(char if char.isprintable() else " " for char in str(said))[:_SENTENCE_CHARS_MAX]


class _Telling:
    """Passes on how far the engine is, often enough to watch and seldom enough to cost nothing."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._told_at = -_TOLD_EVERY_S

    def reached(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told_at >= _TOLD_EVERY_S:
            self._told_at = now
            self._answers.write(_line(Reached(min(max(float(share), 0.0), 1.0))))


def _unwanted() -> threading.Event:
    """Set when standard input ends."""
    ended = threading.Event()

    def wait() -> None:
        while os.read(0, 4_096):
            pass
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    return ended


def _line(answer: Line) -> bytes:
    return msgspec.json.encode(answer) + b"\n"


if __name__ == "__main__":
    main()
