"""What the doctor says of an installation that is well, and of each way in which it may be not."""

import pytest

from segue.operations import Layout, initialise, look_over
from segue.settings import Settings

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z


async def said(layout):
    return {each.name: (each.verdict, each.says) async for each in look_over(layout, now=NOW)}


@pytest.fixture
async def layout(tmp_path, database_url):
    made = Layout(Settings(data_dir=tmp_path / "data", database_url=database_url, public_url="https://music.example"))
    await initialise(made, "Acme", "ada@example.org", now=NOW)
    return made


async def test_a_good_one_is_well(layout):
    found = await said(layout)
    assert "bad" not in {verdict for verdict, _ in found.values()}
    for name in ("data folder", "keys", "space", "public address", "database", "audit", "storage", "jobs"):
        assert found[name][0] == "ok", name
    assert found["engine studio"] == ("ok", "Studio: commercial_cleared.")
    assert found["engine elevenlabs"][0] == "note"
    assert "elevenlabs.api_key" in found["engine elevenlabs"][1]


async def test_a_folder_that_is_not_set_up(tmp_path):
    found = await said(Layout(Settings(data_dir=tmp_path / "nowhere")))
    assert found["data folder"] == ("bad", f"{tmp_path / 'nowhere'} is not set up. Run `segue init`.")
    assert found["installation"][0] == "bad"
    assert found["engine studio"][0] == "ok"
    assert not (tmp_path / "nowhere").exists()


async def test_a_key_that_others_can_read(layout):
    (layout.keys / "audit.key").chmod(0o644)
    assert (await said(layout))["keys"] == ("bad", "Others can read audit.key. Run `chmod 600` on them.")


async def test_a_database_that_is_away(tmp_path, layout):
    away = Settings(data_dir=layout.settings.data_dir, database_url="postgresql://nobody@127.0.0.1:9/nothing")
    found = await said(Layout(away))
    assert found["installation"][0] == "bad"
    assert found["installation"][1].startswith("It cannot be opened: ")
    assert "\n" not in found["installation"][1]


async def test_links_that_only_work_here_and_an_engine_that_is_disabled(layout):
    settings = Settings(
        data_dir=layout.settings.data_dir, database_url=layout.settings.database_url, disabled_engines=("studio",)
    )
    found = await said(Layout(settings))
    assert found["public address"][0] == "note"
    assert found["engine studio"] == ("note", "It is disabled.")


async def test_storage_that_cannot_be_written(layout, monkeypatch):
    def refuse(*_):
        raise OSError("disk full")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    assert (await said(layout))["storage"] == ("bad", "Files cannot be stored.")
