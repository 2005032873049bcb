"""A piece made at the machine: into the library with all that belongs to it, or into a file and nowhere else."""

import pytest
from factories import making
from factories.making import hum, offered
from sqlalchemy import func, select

from segue import spending, tracks
from segue.engines import Registry, RenderLimits
from segue.engines.run import CRASHED
from segue.errors import Conflict, Invalid, TooMany, Unavailable
from segue.generations import Policy, Wish
from segue.operations import compose, compose_to, local
from segue.spending import Window

NOW = 1_782_642_600  # 2026-06-28T10:30:00Z
ENGINES = Registry([offered(engine) for engine in (making.Hum, making.Failing, making.Refusing, making.Raising)])
FREE = Policy({}, ())


def wish(engine="hum", **more):
    return Wish(engine, "a quiet hum, low", 2, **more)


async def count(parts):
    async with parts.database.reading() as tx:
        return (await tx.execute(select(func.count()).select_from(tracks.tracks))).scalar_one()


async def test_a_piece_comes_into_the_library_and_is_counted(installation):
    here, shares = await local(installation, None), []
    made = await compose(here, ENGINES, wish(), Policy({"hum": 4_000}, ()), seed=7, reached=shares.append, now=NOW)
    assert (made.title, made.engine, made.duration_s) == ("A quiet hum", "hum", pytest.approx(2))
    assert shares
    async with installation.database.reading() as tx:
        assert (await tracks.find_making(tx, made.id)).seed == 7
        assert await spending.store.total(tx, here.who.organization_id, first=0, last=10**6) == 134


@pytest.mark.parametrize("engine", ["failing", "refusing", "raising"])
async def test_what_goes_wrong_is_said_in_the_engines_words(installation, engine):
    here = await local(installation, None)
    with pytest.raises(Unavailable) as failed:
        await compose(here, ENGINES, wish(engine), FREE, seed=7, reached=lambda _: None, now=NOW)
    assert failed.value.message in {
        "The service is closed today. Try again tomorrow.",
        "The service does not imitate living artists.",
        CRASHED,
    }
    assert await count(installation) == 0


async def test_a_cap_holds_at_the_machine_too(installation):
    here = await local(installation, None)
    async with installation.database.transaction() as tx:
        await spending.set_caps(tx, here.who.organization_id, {Window.DAY: 100})
    with pytest.raises(TooMany):
        await compose(here, ENGINES, wish(), Policy({"hum": 4_000}, ()), seed=7, reached=lambda _: None, now=NOW)
    assert await count(installation) == 0


async def test_an_engine_that_there_is_not(installation):
    here = await local(installation, None)
    with pytest.raises(Invalid, match="There is no such engine"):
        await compose(here, ENGINES, wish("nobody"), FREE, seed=7, reached=lambda _: None, now=NOW)


@pytest.mark.parametrize(
    ("name", "made"), [("a.wav", "a.wav"), ("a.WAV", "a.wav"), ("a.flac", "a.wav"), ("a.mp3", "a.mp3")]
)
async def test_into_a_file(tmp_path, name, made):
    file = await compose_to(tmp_path / name, ENGINES, wish(), RenderLimits(), seed=7, reached=lambda _: None)
    assert file == tmp_path / made
    assert [each.name for each in tmp_path.iterdir()] == [made]
    if made.endswith("wav"):
        hum(tmp_path / "expected", 2, 107)
        assert file.read_bytes() == (tmp_path / "expected").read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("a.ogg", Invalid, r"The name of the file ends in one of \.flac, \.mp3, \.wav\."),
        ("a", Invalid, "The name of the file ends in"),
        ("there.wav", Conflict, r"there\.wav is there already\. Nothing was made\."),
        ("nowhere/a.wav", Invalid, "There is no folder .*nowhere"),
    ],
)
async def test_a_file_that_cannot_be_written_is_told_before_anything_is_made(tmp_path, name, kind, sentence):
    (tmp_path / "there.wav").touch()
    with pytest.raises(kind, match=sentence):
        await compose_to(tmp_path / name, ENGINES, wish("raising"), RenderLimits(), seed=7, reached=lambda _: None)
    assert [each.name for each in tmp_path.iterdir()] == ["there.wav"]
