"""What nothing names goes once it is old enough, and all else stays."""

import os
import time

import pytest
from factories.music import keep, track

from segue import tracks
from segue.operations import Swept, local, sweep

# Far from now: what a test puts is old, unless its time of writing says otherwise.
NOW = 2_000_000_000  # 2033-05-18T03:33:20Z


def orphan(parts, name, *, hours, track_id="mtrack_00000000000a"):
    path = parts.blobs.path(f"tracks/0a/{track_id}/{name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(1_000))
    os.utime(path, (NOW - hours * 3_600,) * 2)
    return path


async def kept(parts):
    """A track with its bytes, all written long ago."""
    made = await keep(parts, track((await local(parts, None)).who))
    files = list(parts.blobs.path(f"tracks/{made.id[-2:]}/{made.id}").iterdir())
    for path in files:
        os.utime(path, (0, 0))
    return made, files


async def test_bytes_without_a_row_go(installation):
    _, files = await kept(installation)
    old = orphan(installation, "original-0123.flac", hours=25)
    assert await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW) == Swept(1, 1_000, 0)
    assert not old.exists()
    assert all(path.exists() for path in files)
    assert await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW) == Swept(0, 0, 0)


async def test_what_is_young_may_belong_to_work_that_is_under_way(installation):
    young = orphan(installation, "original-0123.flac", hours=23)
    assert (await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW)).files == 0
    assert young.exists()
    assert (await sweep(installation, older_than_s=0, dry_run=False, now=NOW)).files == 1


async def test_young_bytes_stay_however_long_ago_they_were_written(installation):
    """A file that comes out of an archive keeps its time, and is put by a rename."""
    moved = orphan(installation, "original-0123.flac", hours=25)
    os.utime(moved, (0, 0))
    assert (await sweep(installation, older_than_s=86_400, dry_run=False, now=int(time.time()))).files == 0
    assert moved.exists()


async def test_bytes_that_are_put_again_since_the_rows_were_asked_stay(installation, monkeypatch):
    old = orphan(installation, "original-0123.flac", hours=25)

    async def asked_and_put_again(tx, track_ids):
        orphan(installation, "original-0123.flac", hours=0)
        return set()

    monkeypatch.setattr(tracks, "blob_keys", asked_and_put_again)
    assert (await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW)).files == 0
    assert old.exists()


async def test_a_dry_run_only_says_so(installation):
    old = orphan(installation, "original-0123.flac", hours=25)
    assert await sweep(installation, older_than_s=86_400, dry_run=True, now=NOW) == Swept(1, 1_000, 0)
    assert old.exists()


async def test_a_second_rendition_that_no_row_names_goes_alone(installation):
    _, files = await kept(installation)
    beside = files[0].with_name("master-ffff.mp3")
    beside.write_bytes(b"x")
    os.utime(beside, (0, 0))
    await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW)
    assert not beside.exists()
    assert all(path.exists() for path in files)


async def test_bytes_of_a_removed_track_keep_their_time_of_grace(installation):
    made, files = await kept(installation)
    async with installation.database.transaction() as tx:
        await tracks.remove(tx, (await local(installation, None)).who, made.id, grace_s=86_400, now=NOW)
    await sweep(installation, older_than_s=0, dry_run=False, now=NOW)
    assert all(path.exists() for path in files)


async def test_the_working_folder_of_somebody_who_works_stays(installation):
    with installation.intake.quarantine.folder() as folder:
        (folder / "upload").write_bytes(b"x")
        assert (await sweep(installation, older_than_s=0, dry_run=False, now=NOW)).folders == 0
        assert (folder / "upload").exists()


@pytest.mark.parametrize("count", [1_203])
async def test_many_are_asked_about_in_batches(installation, count):
    for number in range(count):
        orphan(installation, "original-0123.flac", hours=25, track_id=f"mtrack_{number:012x}")
    assert (await sweep(installation, older_than_s=0, dry_run=False, now=NOW)).files == count
