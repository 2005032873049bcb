"""The process that reads a file: what it is allowed, and that nothing outlives the call that started it."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from factories.sound import sine, write

from segue import audio
from segue.audio import AudioLimits, encode_master, inspect
from segue.audio.model import MasterFacts, SoundFacts
from segue.audio.run import _facts
from segue.errors import Invalid, Unavailable

TIME = "Reading that file takes longer than one file may take. Nothing was stored."
MEMORY = "Reading that file takes more memory than one file may use. Nothing was stored."
CRASH = "That file cannot be read: the decoder gave up on it. Nothing was stored."


async def started(children) -> int:
    """The child's process id, once it has read its order and limited itself."""
    while True:
        await asyncio.sleep(0)
        for process_id in children():
            if granted(process_id)["Max open files"] == "64":
                return process_id


def granted(process_id: int) -> dict[str, str]:
    """The process's own limits, as the kernel has them."""
    rows = Path(f"/proc/{process_id}/limits").read_text().splitlines()
    return {row[:26].strip(): row[26:47].strip() for row in rows}


def about(process_id: int, what: str) -> str:
    return Path(f"/proc/{process_id}/{what}").read_text()


async def test_the_child_is_limited_and_inherits_nothing(into, children, endless, monkeypatch):
    monkeypatch.setenv("SEGUE_SECRET", "do not tell")
    limits = AudioLimits(cpu_s_max=77, memory_bytes_max=400_000_000, output_bytes_max=123_456)
    task = asyncio.create_task(inspect(endless, into, limits))
    process_id = await started(children)
    environment, status, found = about(process_id, "environ"), about(process_id, "status"), granted(process_id)
    task.cancel()

    assert "SEGUE" not in environment
    assert "PATH" not in environment
    assert found["Max cpu time"] == "77"
    assert found["Max address space"] == "400000000"
    assert found["Max file size"] == "123456"
    assert "NoNewPrivs:\t1" in status
    assert "Threads:\t1" in status
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_child_that_is_killed_is_one_sentence(into, children, endless, number):
    task = asyncio.create_task(inspect(endless, into, AudioLimits()))
    os.kill(await started(children), number)
    with pytest.raises(Invalid) as failure:
        await task
    assert failure.value.message == (TIME if number == signal.SIGKILL else CRASH)
    assert list(into.iterdir()) == []


async def test_the_wall_clock(inspected, endless, into):
    with pytest.raises(Invalid) as failure:
        await inspected(endless, wall_s_max=0.3)
    assert failure.value.message == TIME
    assert list(into.iterdir()) == []


async def test_the_cpu_clock(inspected, endless):
    with pytest.raises(Invalid) as failure:
        await inspected(endless, cpu_s_max=1)
    assert failure.value.message == TIME


async def test_the_memory(tmp_path, inspected):
    path = write(tmp_path / "x.flac", sine(3), "flac")
    with pytest.raises(Invalid) as failure:
        await inspected(path, memory_bytes_max=64 * 1_024 * 1_024)
    assert failure.value.message in {MEMORY, CRASH}  # not every library survives to say why


async def test_the_least_memory_that_is_promised_to_be_enough(tmp_path, inspected):
    path = write(tmp_path / "x.flac", sine(4, rate_hz=96_000, channels=8), "flac-s24", rate_hz=96_000)
    assert (await inspected(path, memory_bytes_max=384 * 1_024 * 1_024)).duration_s == 4


async def test_the_longest_length(inspected, endless):
    with pytest.raises(Invalid) as failure:
        await inspected(endless, seconds_max=90)
    assert failure.value.message == (
        "That file plays for longer than 90 seconds, which is the most that is kept. Nothing was stored."
    )


async def test_cancelling_kills_the_child(tmp_path, into, children, endless):
    for call in (inspect(endless, into, AudioLimits()), encode_master(endless, tmp_path / "m.mp3", AudioLimits())):
        task = asyncio.create_task(call)
        await started(children)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert children() == []
    assert list(into.iterdir()) == []
    assert not (tmp_path / "m.mp3").exists()


PARENT = """
import asyncio, sys
from pathlib import Path
from segue import audio
from segue.audio import AudioLimits, encode_master
async def main():
    task = asyncio.create_task(encode_master(Path(sys.argv[1]), Path(sys.argv[2]), AudioLimits()))
    target = Path(sys.argv[2])
    while not (target.exists() and target.stat().st_size):
        await asyncio.sleep(0)
    children = [one for file in Path("/proc/self/task").glob("*/children") for one in file.read_text().split()]
    print(*children, flush=True)
    await task
asyncio.run(main())
"""


def test_a_parent_that_is_killed_takes_its_child_along(tmp_path, endless):
    command = [sys.executable, "-c", PARENT, endless, tmp_path / "m.mp3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        handle = os.pidfd_open(child)
        niceness = os.getpriority(os.PRIO_PROCESS, child)
        parent.kill()
    ended, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    assert ended
    assert niceness > os.getpriority(os.PRIO_PROCESS, 0)


async def test_a_machine_that_fails_is_not_the_files_fault(tmp_path, into):
    path = write(tmp_path / "x.wav", sine(1))
    with pytest.raises(Unavailable, match="No such file"):
        await inspect(tmp_path / "gone.wav", into, AudioLimits())
    with pytest.raises(Unavailable, match="No such file"):
        await inspect(path, tmp_path / "nowhere", AudioLimits())
    with pytest.raises(Unavailable, match="No such file"):
        await encode_master(path, tmp_path / "nowhere" / "m.mp3", AudioLimits())


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}", b'{"type":"SoundFacts"}', b'{"type":"MasterFacts","duration_s":1,"mime_type":"%s"}' % (b"x" * 99)],
)
def test_an_answer_that_no_honest_child_gives(answer):
    for facts in (SoundFacts, MasterFacts):
        with pytest.raises(Invalid):
            _facts(0, answer, b"", facts)


@pytest.mark.parametrize(
    ("module", "absent"),
    [("segue.audio", {"av", "numpy", "PIL", "asyncio"}), ("segue.audio.run", {"av", "numpy", "PIL"})],
)
def test_the_front_door_is_light(module, absent):
    probe = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", probe], check=True, capture_output=True, text=True).stdout
    assert not absent & set(loaded.split())


def test_the_front_door_has_nothing_else_behind_it():
    with pytest.raises(AttributeError, match="no attribute 'decode_everything'"):
        _ = audio.decode_everything
