"""Starts the child for one file, waits for its answer, and makes sure that nothing of either is left when it fails."""

import asyncio
import logging
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from segue.audio import refusals
from segue.audio.model import (
    ARTWORK_NAME,
    WAVEFORM_NAME,
    AudioLimits,
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
from segue.errors import Invalid, Unavailable

_ANSWER_BYTES_MAX = 256 * 1_024
_LOG_BYTES_MAX = 8 * 1_024
_COMMAND = (sys.executable, "-I", "-m", "segue.audio.child")
# Nothing of ours is inherited: settings and secrets are in the environment of a server.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}

_DEFAULTS = AudioLimits()
_log = logging.getLogger(__name__)

_Facts = TypeVar("_Facts", SoundFacts, MasterFacts, Drawn)


async def inspect(source: Path, into: Path, limits: AudioLimits = _DEFAULTS) -> SoundFacts:
    """The facts of the sound file at `source`; writes `waveform.dat` into `into`, and `artwork.jpg` if it has a cover.

    Invalid, with one sentence for a person, when the file is not whole, readable sound within `limits`, and Unavailable
    when this machine failed; then nothing is left in `into`. Cancelling kills the child.
    """
    task = Inspect(source=_absolute(source), into=_absolute(into))
    try:
        return await _run(task, limits, SoundFacts, (into / WAVEFORM_NAME, into / ARTWORK_NAME))
    except Invalid as refusal:
        raise Invalid(f"{refusal.message} Nothing was stored.") from refusal


async def encode_master(source: Path, target: Path, limits: AudioLimits = _DEFAULTS) -> MasterFacts:
    """Writes the streaming master of `source` to `target`: MP3, 192 kb/s, at most stereo and 48 kHz, without tags.

    An MP3 keeps its own frames. Errors are those of `inspect`; the child runs at low priority.
    """
    task = EncodeMaster(source=_absolute(source), target=_absolute(target))
    return await _run(task, limits, MasterFacts, (target,))


async def encode_artwork(source: Path, target: Path, limits: AudioLimits = _DEFAULTS) -> None:
    """Draws the picture at `source` anew to `target`, a JPEG of at most 1200 pixels a side without metadata.

    Errors are those of `inspect`.
    """
    task = DrawArtwork(source=_absolute(source), target=_absolute(target))
    await _run(task, limits, Drawn, (target,))


async def _run(
    task: Inspect | EncodeMaster | DrawArtwork, limits: AudioLimits, facts: type[_Facts], outputs: tuple[Path, ...]
) -> _Facts:
    order = msgspec.json.encode(Order(task=task, limits=limits, parent_pid=os.getpid()))
    try:
        return _facts(*await _converse(order, limits.wall_s_max), facts)
    except BaseException:
        _remove(outputs)
        raise


async def _converse(order: bytes, wall_s_max: float) -> tuple[int, bytes, bytes]:
    """The child's exit status (negative: its signal), answer and log. However this ends, the child has ended too."""
    try:
        child = await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_ENVIRONMENT, cwd="/", start_new_session=True
        )
    except OSError as error:
        raise Unavailable("No process could be started to read the file. Try again later.") from error
    try:
        async with asyncio.timeout(wall_s_max):
            _, answer, log = await asyncio.gather(
                _tell(cast("StreamWriter", child.stdin), order),
                _read(cast("StreamReader", child.stdout), _ANSWER_BYTES_MAX),
                _read(cast("StreamReader", child.stderr), _LOG_BYTES_MAX),
            )
            return await child.wait(), answer, log
    except TimeoutError:
        raise Invalid(refusals.TIME) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()


def _facts(status: int, answer: bytes, log: bytes, facts: type[_Facts]) -> _Facts:
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise Invalid(refusals.TIME)
    try:
        decoded = msgspec.json.decode(answer, type=facts | Refusal | Breakdown)
    except msgspec.DecodeError as error:
        _log.warning("the child that read a file ended with status %d and said %r", status, log)
        raise Invalid(refusals.CRASH) from error
    if isinstance(decoded, Refusal):
        raise Invalid(decoded.sentence)
    if isinstance(decoded, Breakdown):
        raise Unavailable(decoded.sentence)
    return decoded


async def _tell(child: StreamWriter, order: bytes) -> None:
    child.write(order)
    with suppress(ConnectionError):  # it has died; its status says of what
        await child.drain()
    child.close()


async def _read(stream: StreamReader, bytes_max: int) -> bytes:
    """The start of what comes, to its end: what goes beyond is read and dropped, so that the writer never waits."""
    kept = bytearray()
    while chunk := await stream.read(64 * 1_024):
        kept += chunk[: bytes_max - len(kept)]
    return bytes(kept)


def _absolute(path: Path) -> str:
    return str(path.absolute())


def _remove(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if path.is_file():  # and not a device that somebody named as the target
            path.unlink()
