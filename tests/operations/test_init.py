"""A data folder is set up once, whole or not at all."""

import stat

import pytest

from segue import accounts
from segue.access import Caller
from segue.errors import Conflict, Invalid, NotFound, Unavailable
from segue.operations import Layout, initialise, open_installation
from segue.settings import Settings

NOW = 1_782_642_600


@pytest.fixture
def layout(database_url, tmp_path):
    return Layout(Settings(data_dir=tmp_path / "data", database_url=database_url))


async def test_it_makes_what_a_server_needs(layout):
    member = await initialise(layout, "Acme", "Ada@Example.org", now=NOW)
    async with open_installation(layout) as parts:
        who = await accounts.authenticate(parts.database.reader, member.key, now=NOW)
        async with parts.database.reading() as tx:
            assert await accounts.acting_member(tx, "ada@example.org") == Caller(who.user_id, who.organization_id)
    assert (who.user_id, who.organization_id) == (member.user_id, member.organization_id)
    assert {stat.S_IMODE(path.stat().st_mode) for path in layout.keys.iterdir()} == {0o600}


async def test_a_second_time_changes_nothing(layout):
    await initialise(layout, "Acme", "ada@example.org", now=NOW)
    before = {path: path.read_bytes() for path in layout.keys.iterdir()}
    with pytest.raises(Conflict, match=r"is set up already\. Nothing was changed\."):
        await initialise(layout, "Other", "eve@example.org", now=NOW)
    assert {path: path.read_bytes() for path in layout.keys.iterdir()} == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("organization", "email"), [("", "a@b.c"), ("two\nlines", "a@b.c"), ("Acme", "nobody")])
async def test_after_a_wrong_name_it_can_be_tried_again(layout, organization, email):
    with pytest.raises(Invalid):
        await initialise(layout, organization, email, now=NOW)
    assert not layout.keys.exists()
    with pytest.raises(NotFound):
        async with open_installation(layout):
            pytest.fail("it opened")
    assert await initialise(layout, "Acme", "a@b.c", now=NOW)


async def test_a_database_that_belongs_to_somebody_is_left_alone(layout, tmp_path):
    await initialise(layout, "Acme", "ada@example.org", now=NOW)
    beside = Layout(Settings(data_dir=tmp_path / "beside", database_url=layout.database_url))
    with pytest.raises(Conflict, match="has an organization already"):
        await initialise(beside, "Other", "eve@example.org", now=NOW)
    assert not beside.keys.exists()


async def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be made: Not a directory"):
        await initialise(Layout(Settings(data_dir=tmp_path / "file" / "data")), "Acme", "a@b.c", now=NOW)


async def test_without_its_keys_it_does_not_open(layout):
    await initialise(layout, "Acme", "ada@example.org", now=NOW)
    (layout.keys / "playback-0001.key").unlink()
    with pytest.raises(Unavailable, match="There is no signing key"):
        async with open_installation(layout):
            pytest.fail("it opened")
