"""What nothing names goes once it is old enough, and all else stays."""

import os

import pytest
from factories.music import keep, track

from segue import tracks
from segue.operations import Swept, local, sweep

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z


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


async def test_bytes_without_a_row_go_and_their_folder_with_them(installation):
    _, files = await kept(installation)
    old = orphan(installation, "original-0123.flac", hours=25)
    assert await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW) == Swept(1, 1_000, 0)
    assert not old.parent.exists()
    assert all(path.exists() for path in files)
    assert await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW) == Swept(0, 0, 0)


async def test_what_is_young_may_belong_to_work_that_is_under_way(installation):
    young = orphan(installation, "original-0123.flac", hours=23)
    assert (await sweep(installation, older_than_s=86_400, dry_run=False, now=NOW)).files == 0
    assert young.exists()
    assert (await sweep(installation, older_than_s=0, dry_run=False, now=NOW)).files == 1


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
