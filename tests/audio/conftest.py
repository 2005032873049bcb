"""The child of `segue.audio` as the tests see it: asked by name, seen in /proc, and gone after every test."""

from functools import partial
from pathlib import Path

import pytest
from factories import processes
from factories.sound import RATE_HZ, riff

from segue.audio import AudioLimits, inspect
from segue.audio.measure import measure


@pytest.fixture
def children():
    """The process ids of this process's children that read files."""
    return partial(processes.children, "segue.audio.child")


@pytest.fixture(autouse=True)
def _nothing_left_running(children):
    yield
    assert children() == []


@pytest.fixture
def into(tmp_path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


@pytest.fixture
def inspected(into):
    async def run(path, **limits):
        return await inspect(path, into, AudioLimits(**limits))

    return run


@pytest.fixture
def measured(into):
    """The child's own measuring, in this process: for rules that do not care which process they are in."""
    return lambda path: measure(path, into, AudioLimits().seconds_max)


@pytest.fixture
def endless(tmp_path) -> Path:
    """A good sound file of two hours that takes no space on the disk and seconds to read."""
    path = tmp_path / "endless.wav"
    header = riff(data_bytes=4 * RATE_HZ * 7_000)
    path.write_bytes(header)
    with path.open("r+b") as file:
        file.truncate(len(header) + 4 * RATE_HZ * 7_000)
    return path
