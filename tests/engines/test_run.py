"""An engine in a process of its own: what it is given, what comes back, and every way in which it can go wrong."""

import asyncio
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from factories import making, processes
from factories.making import offered

from segue import engines
from segue.engines import Brief, EngineFailed, EngineRefused, Stopped
from segue.engines.run import CRASHED, MEMORY, RUBBISH, TOO_SLOW, RenderLimits, made_file, render

BRIEF = Brief(prompt="a quiet hum", duration_s=1.5, seed=7)


@pytest.fixture
def run(tmp_path):
    """Renders a brief with an engine. Afterwards no process of it is left."""

    async def now(engine, *, brief=BRIEF, reached=lambda share: None, unwanted=None, options=None, **limits):
        return await render(
            offered(engine, **(options or {})),
            brief,
            tmp_path,
            RenderLimits(**limits),
            reached=reached,
            unwanted=unwanted or asyncio.Event(),
        )

    yield now
    assert children() == []


def children():
    """The processes of engines that this one has."""
    return processes.children("segue.engines")


async def test_a_piece_comes_back_as_files_with_what_is_known_of_it(run, tmp_path):
    shares = []
    made = await run(making.Hum, reached=shares.append)
    assert (made.model, made.seed, made.parameters) == ("hum/1", 7, {"voice": "hum"})
    assert sorted(made.stems) == ["drums", "lead"]
    with wave.open(str(made_file(tmp_path, made.master))) as file:
        assert file.getnframes() == 1.5 * making.RATE_HZ
    assert shares == sorted(shares)
    assert shares


async def test_the_same_brief_is_the_same_piece_and_another_seed_another(run, tmp_path):
    digests = []
    for seed in (7, 7, 8):
        made = await run(making.Hum, brief=Brief(prompt="", duration_s=1, seed=seed))
        digests.append((tmp_path / made.master).read_bytes())
    assert digests[0] == digests[1] != digests[2]


async def test_settings_and_secrets_do_not_reach_the_engine(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SEGUE_DATABASE_URL", "postgresql://segue:secret@localhost/segue")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    unwanted, begun = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(run(making.Waiting, unwanted=unwanted, reached=lambda share: begun.set()))
    await begun.wait()
    (child,) = children()
    about = Path(f"/proc/{child}")
    environment, niceness = (about / "environ").read_bytes(), os.getpriority(os.PRIO_PROCESS, child)
    assert (about / "cwd").readlink() == tmp_path
    unwanted.set()
    with pytest.raises(Stopped):
        await task
    assert b"SEGUE" not in environment
    assert b"CUDA_VISIBLE_DEVICES=1" in environment
    assert niceness == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 19)


@pytest.mark.parametrize(
    ("engine", "sentence"),
    [
        (making.Failing, "The service is closed today. Try again tomorrow."),
        (making.Raising, CRASHED),
        (making.Dying, CRASHED),
        (making.Leaving, CRASHED),
        (making.Greedy, MEMORY),
        (making.Climbing, CRASHED),
        (making.Boasting, RUBBISH),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_what_goes_wrong_in_the_engine_becomes_one_sentence(run, engine, sentence):
    with pytest.raises(EngineFailed) as failed:
        await run(engine)
    assert str(failed.value) == sentence
    assert "secret" not in str(failed.value)


async def test_a_refusal_carries_its_reason(run):
    with pytest.raises(EngineRefused, match="does not imitate living artists"):
        await run(making.Refusing)


async def test_what_an_engine_says_is_one_line_that_can_be_printed(run):
    with pytest.raises(EngineFailed) as failed:
        await run(making.Rambling)
    assert str(failed.value).startswith("No  way. Really. Really.")
    assert len(str(failed.value)) == 400


async def test_an_engine_that_hangs_is_ended(run):
    with pytest.raises(EngineFailed) as failed:
        await run(making.Stubborn, seconds_max=0.5)
    assert str(failed.value) == TOO_SLOW


@pytest.mark.parametrize("engine", [making.Waiting, making.Stubborn])
async def test_a_piece_that_is_no_longer_wanted_stops(run, engine):
    unwanted = asyncio.Event()
    with pytest.raises(Stopped) as stopped:
        await run(engine, unwanted=unwanted, reached=lambda share: unwanted.set(), grace_s=0.2)
    assert stopped.value.by_force == (engine is making.Stubborn)


async def test_cancelling_the_call_kills_the_process(run):
    begun = asyncio.Event()
    task = asyncio.create_task(run(making.Stubborn, reached=lambda share: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_an_engine_prints_is_no_answer(run):
    assert (await run(making.Talking)).model == "hum/1"


async def test_a_file_that_grows_too_large_ends_the_piece(run):
    with pytest.raises(EngineFailed) as failed:
        await run(making.Hum, output_bytes_max=1_000)
    assert str(failed.value) == CRASHED


@pytest.mark.parametrize("engine", [making.Pointing, making.Nothing])
async def test_only_a_file_of_its_own_counts(run, tmp_path, engine):
    made = await run(engine)
    with pytest.raises(EngineFailed) as failed:
        made_file(tmp_path, made.master)
    assert str(failed.value) == RUBBISH


@pytest.mark.parametrize("module", ["segue.engines", "segue.engines.child"])
def test_the_process_of_an_engine_begins_light(module):
    probe = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", probe], check=True, capture_output=True, text=True).stdout
    assert not {"asyncio", "structlog", "granian", "numpy", "segue.http", "segue.audio"} & set(loaded.split())


def test_the_front_door_has_nothing_else_behind_it():
    with pytest.raises(AttributeError, match="no attribute 'orchestrate'"):
        _ = engines.orchestrate
