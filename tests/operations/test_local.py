"""What somebody at the machine does: for one member, audited as `local`, and only with what is that member's."""

from dataclasses import replace

import pytest
from factories import sound

from segue import accounts
from segue.audit import Filter, entries
from segue.database import open_database
from segue.errors import Invalid, NotFound, TooLarge
from segue.operations import Layout, local
from segue.shares import Wish as ShareWish
from segue.tracks import Wish

NOW = 1_782_642_600


@pytest.fixture
async def ada(installation):
    return await local(installation, "ada@example.org")


@pytest.fixture
async def eve(installation):
    async with installation.database.transaction() as tx:
        await accounts.add_user(tx, "eve@example.org", None, now=NOW)
    return await local(installation, "eve@example.org")


@pytest.fixture
def song(tmp_path):
    return sound.write(tmp_path / "song.wav", sound.sine(0.1), "wav")


async def audited(installation):
    database = await open_database(Layout(installation.settings).audit_url)
    try:
        return [(row.event, row.outcome, row.client) async for row in entries(database, Filter())]
    finally:
        await database.close()


async def test_a_file_becomes_a_link_and_the_link_ends(installation, ada, song):
    track = await ada.bring(song, Wish(filename=song.name), "Night", now=NOW)
    assert song.exists(), "the file is copied, not taken"
    made = await ada.share(track.id, ShareWish(expires_in_days=1), now=NOW)
    assert made.url == f"https://music.example/v1/music/shared/{made.token}"
    assert await ada.revoke(made.url, now=NOW) == (made.id, True)
    assert await ada.revoke(made.id, now=NOW) == (made.id, False)
    assert await audited(installation) == [
        ("track.create", "done", "local"),
        ("share.create", "done", "local"),
        ("share.revoke", "done", "local"),
        ("share.revoke", "unchanged", "local"),
    ]


async def test_nobody_shares_or_ends_what_is_somebody_elses(ada, eve, song):
    track = await ada.bring(song, Wish(), None, now=NOW)
    made = await ada.share(track.id, ShareWish(), now=NOW)
    for work in (
        eve.share(track.id, ShareWish(), now=NOW),
        eve.revoke(made.url, now=NOW),
        eve.revoke(made.id, now=NOW),
    ):
        with pytest.raises(NotFound):
            await work


@pytest.mark.usefixtures("eve")
async def test_with_several_users_one_must_say_for_whom(installation):
    with pytest.raises(Invalid, match="--as EMAIL"):
        await local(installation, None)
    with pytest.raises(NotFound, match=r"There is no user bob@example\.org"):
        await local(installation, "bob@example.org")


async def test_a_file_over_the_limit_is_not_even_copied(installation, ada, song):
    small = replace(ada, parts=replace(installation, settings=replace(installation.settings, upload_bytes_max=1_000)))
    with pytest.raises(TooLarge, match=r"song\.wav is larger than 1000 bytes\. Nothing was stored\."):
        await small.bring(song, Wish(), None, now=NOW)
    assert [path.name for path in Layout(installation.settings).quarantine.iterdir()] == [".lock"]
    assert await audited(installation) == []
