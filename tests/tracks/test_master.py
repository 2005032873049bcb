"""The background job that makes the streaming master: at least once, and its effect once."""

import pytest
from factories import sound

from segue import library, tracks
from segue.accounts import acting_member
from segue.errors import Failure, NotFound
from segue.jobs import UPKEEP, Task, Workers, counts
from segue.tracks import MASTER_JOB, Wish, make_master

NOW = 1_782_642_600


@pytest.fixture
async def made(installation):
    async with installation.database.reading() as tx:
        ada = await acting_member(tx, None)
    with installation.intake.quarantine.folder() as folder:
        source = sound.write(folder / "upload", sound.sine(0.2), "flac")
        prepared = await installation.intake.prepare(source, folder, ada, Wish(), now=NOW)
    async with installation.database.transaction() as tx:
        await library.bring(tx, ada, prepared, now=NOW)
    return prepared.track


async def found(installation, track_id):
    async with installation.database.reading() as tx:
        return (
            (await tracks.find(tx, track_id)).playback,
            await tracks.find_rendition(tx, track_id, "original"),
            await tracks.find_rendition(tx, track_id, "master"),
        )


def workers(installation):
    async def master(payload, _call):
        return await make_master(installation.database, installation.intake, payload, now=NOW)

    return Workers(installation.database, {MASTER_JOB: Task(master)}, {UPKEEP: 1}, lambda: NOW)


async def left(installation):
    async with installation.database.reading() as tx:
        return await counts(tx, now=NOW)


async def test_the_master_takes_over_and_the_original_stays(installation, made):
    assert (await found(installation, made.id))[0] == "original"
    assert [(count.state, count.jobs) for count in await left(installation)] == [("waiting", 1)]
    await workers(installation).catch_up()
    playback, original, master = await found(installation, made.id)
    assert (playback, master.mime_type) == ("master", "audio/mpeg")
    assert all(installation.blobs.path(row.blob_key).exists() for row in (original, master))
    assert await left(installation) == []


async def test_made_twice_it_is_there_once(installation, made):
    payload = {"track_id": made.id}
    effects = [await make_master(installation.database, installation.intake, payload, now=NOW) for _ in range(2)]
    for effect in effects:
        async with installation.database.transaction() as tx:
            await effect(tx)
    playback, _, master = await found(installation, made.id)
    assert playback == "master"
    folder = installation.blobs.path(master.blob_key).parent
    assert len(list(folder.glob("master-*"))) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_track_that_never_was_is_told(installation):
    with pytest.raises(NotFound):
        await make_master(installation.database, installation.intake, {"track_id": "mtrack_000000000000"}, now=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_while_it_cannot_be_made_the_original_plays_on(installation, made):
    _, original, _ = await found(installation, made.id)
    installation.blobs.path(original.blob_key).write_bytes(b"no sound")
    with pytest.raises(Failure):
        await make_master(installation.database, installation.intake, {"track_id": made.id}, now=NOW)
    await workers(installation).catch_up()
    assert (await found(installation, made.id))[0] == "original"
    assert not list(installation.blobs.path(original.blob_key).parent.glob("master-*"))
