"""A file comes in with all its rows and bytes, or with none of them."""

import pytest
from factories import sound
from sqlalchemy import select

from segue import library, tracks
from segue.accounts import acting_member
from segue.errors import Invalid, Unavailable
from segue.tracks import Wish

NOW = 1_782_642_600


@pytest.fixture
async def ada(installation):
    async with installation.database.reading() as tx:
        return await acting_member(tx, None)


@pytest.fixture
def bring(installation, ada):
    """Take a second of sound in, as the commands and the upload do."""

    async def taken(wish=None, *, kind="flac", then=None):
        intake = installation.intake
        with intake.quarantine.folder() as folder:
            source = sound.write(folder / "upload", sound.sine(0.2), kind)
            prepared = await intake.prepare(source, folder, ada, wish or Wish(), now=NOW)
            with intake.until_kept(*prepared.renditions):
                async with installation.database.transaction() as tx:
                    await library.bring(tx, ada, prepared, now=NOW)
                    if then is not None:
                        await then()
        return prepared.track

    return taken


@pytest.fixture
def on_disk(tmp_path):
    def now():
        return {path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file() and path.name != ".lock"}

    return now


async def rows(installation, table):
    async with installation.database.reading() as tx:
        return (await tx.execute(select(table))).all()


async def test_a_track_and_what_was_measured_of_it(installation, ada, bring):
    made = await bring(Wish(title="Late", licence="own", filename="x.wav", instrumental=True))
    async with installation.database.reading() as tx:
        found = await tracks.find(tx, made.id)
    assert found == made
    assert (found.creator_id, found.organization_id) == (ada.user_id, ada.organization_id)
    assert (found.title, found.engine, found.mode, found.instrumental) == ("Late", "upload", "creation", True)
    assert (found.sample_rate_hz, found.channels, found.created_at) == (44_100, 2, NOW)
    assert found.duration_s == pytest.approx(0.2)
    assert (found.licence_class, found.shareable, found.playback) == ("personal_only", True, "original")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_rendition_says_the_truth_about_its_bytes(installation, bring):
    made = await bring(kind="aiff")
    found = {row.name: row for row in await rows(installation, tracks.renditions)}
    assert set(found) == {"original", "master", "waveform"}
    assert made.playback == "master"
    for row in found.values():
        path = installation.blobs.path(row.blob_key)
        assert path.stat().st_size == row.size_bytes
        assert path.name == f"{row.name}-{row.sha256[:16]}{path.suffix}"


async def test_when_its_rows_do_not_come_about_its_bytes_go(installation, bring, on_disk):
    async def refuse():
        raise Invalid("No.")

    with pytest.raises(Invalid):
        await bring(then=refuse)
    assert on_disk() == set()
    for table in (tracks.tracks, tracks.renditions, library.library):
        assert await rows(installation, table) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_when_its_bytes_cannot_be_put_away_none_stay(installation, bring, on_disk):
    put, count = installation.blobs.__class__.put, 0

    def full(blobs, key, source):
        nonlocal count
        count += 1
        if count == 2:
            raise OSError(28, "No space left on device")
        put(blobs, key, source)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installation.blobs.__class__, "put", full)
        with pytest.raises(Unavailable, match=r"could not be stored\. Nothing was changed\."):
            await bring()
    assert on_disk() == set()
    assert await rows(installation, tracks.tracks) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wish", "field"),
    [(Wish(title=""), "title"), (Wish(licence="GPL-ish"), "licence"), (Wish(credits="x" * 2_000), "credits")],
)
async def test_a_wrong_wish_is_told_before_the_file_is_looked_at(installation, ada, wish, field, tmp_path):
    with pytest.raises(Invalid) as refused:
        await installation.intake.prepare(tmp_path / "there is no file", tmp_path, ada, wish, now=NOW)
    assert [error["field"] for error in refused.value.details["errors"]] == [field]
