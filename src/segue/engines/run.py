"""Has an engine make one piece in a process of its own, and sees to it that nothing of it is left however it ends."""

import asyncio
import os
import signal
import stat
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import structlog

from segue.engines.brief import Brief, Rendered
from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.orders import Failed, Halted, Line, Made, Order, Reached, Refused
from segue.engines.registry import Offer
from segue.errors import Unavailable

_COMMAND = (sys.executable, "-I", "-m", "segue.engines.child")
_LINE_BYTES_MAX = 256 * 1_024
_LOG_BYTES_MAX = 8 * 1_024

CRASHED = "The engine stopped with an error. Try again, or choose another engine."
MEMORY = "The engine ran out of memory. Try a shorter piece."
TOO_SLOW = "The engine did not finish in time. Try a shorter piece."
RUBBISH = "The engine handed back something that is not music. Try again, or choose another engine."

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """What one piece may cost: seconds from start to end, and bytes of each file. An engine that is told to stop has
    `grace_s` to do so by itself.
    """

    seconds_max: float = 3_600
    output_bytes_max: int = 2_000_000_000
    grace_s: float = 5


_DEFAULTS = RenderLimits()


async def render(
    offer: Offer,
    brief: Brief,
    workdir: Path,
    limits: RenderLimits = _DEFAULTS,
    *,
    reached: Callable[[float], None],
    unwanted: asyncio.Event,
) -> Rendered:
    """The piece, as files in `workdir`, which are there but have not been listened to. `reached` is told the share that
    is done; once `unwanted` is set the engine is stopped, if need be by force.

    Raises `EngineFailed` with a sentence for the user, `EngineRefused` with the reason, `Stopped` when it was
    unwanted, and `Unavailable` when this machine cannot start a process. Cancelling kills the process.
    """
    child = await _started()
    try:
        async with asyncio.timeout(limits.seconds_max):
            return await _answer(child, offer, _order(offer, brief, workdir, limits), reached, unwanted, limits.grace_s)
    except TimeoutError:
        raise EngineFailed(TOO_SLOW) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.communicate()


def _order(offer: Offer, brief: Brief, workdir: Path, limits: RenderLimits) -> bytes:
    return msgspec.json.encode(
        Order(
            reference=offer.reference,
            setup=offer.setup,
            brief=brief,
            workdir=str(workdir.absolute()),
            search=tuple(sys.path),
            output_bytes_max=limits.output_bytes_max,
            memory_bytes_max=offer.facts.memory_bytes_max,
            parent_pid=os.getpid(),
        )
    )


async def _started() -> Process:
    """The environment is handed on, for runtimes of graphics cards need it; Segue's own settings are not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    try:
        return await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            cwd="/",
            start_new_session=True,
            limit=_LINE_BYTES_MAX,
        )
    except OSError as error:
        raise Unavailable("No process could be started for the engine. Try again later.") from error


async def _answer(
    child: Process,
    offer: Offer,
    order: bytes,
    reached: Callable[[float], None],
    unwanted: asyncio.Event,
    grace_s: float,
) -> Rendered:
    stdin = cast("StreamWriter", child.stdin)
    stdin.write(order + b"\n")
    stopping = asyncio.create_task(_stop_when(unwanted, child, stdin, grace_s))
    listening = asyncio.create_task(_end_of(cast("StreamReader", child.stderr)))
    try:
        last = await _last_line(cast("StreamReader", child.stdout), reached)
        log = await listening
    finally:
        stopping.cancel()
        listening.cancel()
    match last:
        case Made(rendered):
            return _checked(rendered, offer)
        case Failed(sentence):
            raise EngineFailed(sentence)
        case Refused(reason):
            raise EngineRefused(reason)
        case Halted():
            raise Stopped
    if unwanted.is_set():
        raise Stopped(by_force=True)
    _log.warning("an engine ended without an answer", engine=offer.facts.engine_key, log=log.decode(errors="replace"))
    raise EngineFailed(MEMORY if b"MemoryError" in log else CRASHED)


async def _stop_when(unwanted: asyncio.Event, child: Process, stdin: StreamWriter, grace_s: float) -> None:
    await unwanted.wait()
    stdin.close()
    await asyncio.sleep(grace_s)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


async def _last_line(answers: StreamReader, reached: Callable[[float], None]) -> Line | None:
    """Passes on how far it is until something else is said. None when nothing is, or nothing that can be read."""
    while True:
        try:
            line: Line = msgspec.json.decode(await answers.readline(), type=Line)
        except (msgspec.DecodeError, ValueError, ConnectionError):
            return None
        if not isinstance(line, Reached):
            return line
        reached(line.share)


async def _end_of(stream: StreamReader) -> bytes:
    """The last of what comes, once it has ended: there an error stands."""
    kept = b""
    while chunk := await stream.read(64 * 1_024):
        kept = (kept + chunk)[-_LOG_BYTES_MAX:]
    return kept


def _checked(rendered: Rendered, offer: Offer) -> Rendered:
    """Raises `EngineFailed` where terms are claimed that the engine does not have."""
    if rendered.terms is not None and rendered.terms.licence_class > offer.facts.terms.licence_class:
        _log.warning("an engine claims better terms than its own", engine=offer.facts.engine_key)
        raise EngineFailed(RUBBISH)
    return rendered


def made_file(workdir: Path, name: str) -> Path:
    """A file that an engine says it has made. Raises `EngineFailed` when it is none: a link could lead anywhere."""
    path = workdir / name
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return path
    except OSError:
        pass
    raise EngineFailed(RUBBISH)
