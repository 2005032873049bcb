"""The limited process that reads one file: an order on standard input, an answer on standard output, then it ends.

Started as `python -I -m segue.audio.child` by `segue.audio.run` and by nobody else.
"""

import errno
import os
import sys
from pathlib import Path

import av
import msgspec

from segue.audio import refusals
from segue.audio.encode import encode
from segue.audio.measure import draw, measure
from segue.audio.model import (
    Breakdown,
    DrawArtwork,
    Drawn,
    EncodeMaster,
    Inspect,
    MasterFacts,
    Order,
    Refusal,
    SoundFacts,
)
from segue.errors import Invalid
from segue.sandbox import Bounds, confine, die_with

# Encoding is never what somebody waits for.
_ENCODE_NICENESS = 15
_FILES_MAX = 64

# What the kernel says when a limit is met.
_LIMITS = {errno.EFBIG: refusals.SPACE, errno.ENOMEM: refusals.MEMORY}

Answer = SoundFacts | MasterFacts | Drawn | Refusal | Breakdown


def main() -> None:
    """Reads the order, obeys, answers. A fault of ours is a traceback and exit status 1, for the log."""
    answer_fd = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    die_with(order.parent_pid)
    limits = order.limits
    confine(Bounds(limits.output_bytes_max, limits.memory_bytes_max, limits.cpu_s_max, _FILES_MAX))
    with os.fdopen(answer_fd, "wb") as answer:
        answer.write(msgspec.json.encode(_answer(order)))
    os._exit(0)  # nothing is left that an orderly shutdown would have to do


def _answer(order: Order) -> Answer:
    try:
        return _obey(order.task, order.limits.seconds_max)
    except Invalid as refusal:
        return Refusal(refusal.message)
    except MemoryError:
        return Refusal(refusals.MEMORY)
    except (OSError, av.FFmpegError) as error:
        if error.errno in _LIMITS:
            return Refusal(_LIMITS[error.errno])
        return Breakdown(f"Reading or writing a sound file failed: {os.strerror(error.errno or 0)}.")


def _obey(task: Inspect | EncodeMaster | DrawArtwork, seconds_max: float) -> SoundFacts | MasterFacts | Drawn:
    if isinstance(task, Inspect):
        return measure(Path(task.source), Path(task.into), seconds_max)
    if isinstance(task, DrawArtwork):
        if not draw(Path(task.source).read_bytes(), Path(task.target)):
            raise Invalid(refusals.NO_PICTURE)
        return Drawn()
    os.nice(_ENCODE_NICENESS)
    return encode(Path(task.source), Path(task.target), seconds_max)


if __name__ == "__main__":
    main()
