"""Bytes by key: whole or not at all; and a quarantine that keeps nothing of the dead."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from segue.blobs import LocalBlobs, Quarantine, rendition_key

KEY = rendition_key("mtrack_7c1a9e2f4b8d", "original", "ab" * 32, "flac")


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "blobs")


def put(blobs, tmp_path, content=b"sound"):
    source = tmp_path / "source"
    source.write_bytes(content)
    blobs.put(KEY, source)
    return source


def test_a_file_is_taken_over(blobs, tmp_path):
    assert blobs.size(KEY) is None
    source = put(blobs, tmp_path)
    assert blobs.path(KEY).read_bytes() == b"sound"
    assert blobs.size(KEY) == 5
    assert not source.exists()
    assert [path.name for path in blobs.path(KEY).parent.iterdir()] == [blobs.path(KEY).name], "nothing beside it"


def test_twice_is_once(blobs, tmp_path):
    put(blobs, tmp_path)
    put(blobs, tmp_path)
    blobs.delete(KEY)
    blobs.delete(KEY)
    assert blobs.size(KEY) is None


def test_the_bytes_and_every_folder_on_the_way_to_them_are_on_disk(blobs, tmp_path, monkeypatch):
    """A file whose folder was never synced is gone after a power cut, although its row is there."""
    synced = []
    fsync = os.fsync

    def seen(number):
        synced.append(Path(f"/proc/self/fd/{number}").resolve())
        fsync(number)

    monkeypatch.setattr(os, "fsync", seen)
    source = put(blobs, tmp_path)
    target = blobs.path(KEY)
    tracks = tmp_path / "blobs" / "tracks"
    assert synced == [tracks.parent, tracks, target.parents[1], source, target.parent]


def test_a_file_from_another_file_system_is_taken_over_whole(blobs, tmp_path):
    other = Path("/dev/shm")  # noqa: S108 - the one file system of its own that every Linux has
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system")
    source = other / f"segue-test-{os.getpid()}"
    source.write_bytes(b"sound")
    blobs.put(KEY, source)
    assert not source.exists()
    assert blobs.path(KEY).read_bytes() == b"sound"
    assert len(list(blobs.path(KEY).parent.iterdir())) == 1


def test_a_piece_that_was_just_written_is_in_memory(blobs, tmp_path):
    put(blobs, tmp_path, bytes(range(256)) * 100)
    assert blobs.in_memory(KEY, 256, 512) == bytes(range(256))
    assert blobs.in_memory(rendition_key("mtrack_7c1a9e2f4b8d", "master", "ab" * 32, "mp3"), 0, 1) is None


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "x" * 65, "a\0"])
def test_nobody_spells_a_way_out_of_the_folder(name):
    with pytest.raises(ValueError, match="not a part"):
        rendition_key(name, "original", "ab" * 32, "flac")
    with pytest.raises(ValueError, match="not a part"):
        rendition_key("mtrack_7c1a9e2f4b8d", name, "ab" * 32, "flac")
    with pytest.raises(ValueError, match="not an extension"):
        rendition_key("mtrack_7c1a9e2f4b8d", "original", "ab" * 32, "fl/ac")


def test_a_working_folder_is_gone_however_its_block_ends(tmp_path):
    quarantine = Quarantine(tmp_path)
    with quarantine.folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, "nobody else looks into it"
        (folder / "file").write_bytes(b"x")
    assert not folder.exists()
    with pytest.raises(RuntimeError), quarantine.folder() as folder:
        raise RuntimeError
    assert not folder.exists()


CHILD = """
import sys, time
from pathlib import Path
from segue.blobs import Quarantine
with Quarantine(Path(sys.argv[1])).folder() as folder:
    print(folder, flush=True)
    time.sleep(600)
"""


def test_a_sweep_takes_what_the_dead_left_and_nothing_of_the_living(tmp_path):
    quarantine = Quarantine(tmp_path)
    children = [
        subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    dead, living = ((child, child.stdout.readline().strip()) for child in children)
    dead[0].kill()
    dead[0].wait()
    with quarantine.folder() as own:
        assert quarantine.sweep() == 1
        assert own.exists()
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted(
            [own.name, living[1].rpartition("/")[2]]
        )
    living[0].kill()
    living[0].wait()
    for child in children:
        child.stdout.close()
    assert quarantine.sweep() == 1
