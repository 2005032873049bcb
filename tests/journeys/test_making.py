"""Making music by command, as a person on a fresh machine does it: into a file, into the library, and the demo."""

import json
import re
import subprocess

import httpx
import pytest
from factories.engines import install
from factories.program import SEGUE, Program

PROMPT = "late night lo-fi study beat, warm keys"


@pytest.fixture
def here(tmp_path):
    return Program(tmp_path / "data")


def test_into_a_file_on_a_machine_where_nothing_was_set_up(here, tmp_path):
    made = []
    for name in ("one.flac", "two.flac"):
        told = here.done("generate", PROMPT, "--duration", "6", "--seed", "1", "--out", str(tmp_path / name), "--json")
        made.append(json.loads(told))
    assert made == [{"file": str(tmp_path / name), "seed": 1} for name in ("one.flac", "two.flac")]
    assert (tmp_path / "one.flac").read_bytes() == (tmp_path / "two.flac").read_bytes()
    assert not here.data.exists()
    again = here.run("generate", PROMPT, "--duration", "6", "--out", str(tmp_path / "one.flac"))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"{tmp_path / 'one.flac'} is there already. Nothing was made.\n"


def test_into_the_library_and_out_by_a_link(here):
    key = here.init()["api_key"]
    track = json.loads(here.done("generate", PROMPT, "--duration", "6", "--style", "jazzy", "--json"))
    assert (track["title"], track["licence_class"]) == ("Late night lo-fi study beat", "commercial_cleared")
    assert track["measured_duration_seconds"] == 6.0
    link = here.done("share", track["id"])
    here.start()
    try:
        opened = httpx.get(link.replace("http://127.0.0.1:8600", here.url)).json()
        organization = httpx.get(f"{here.url}/v1/organizations", headers={"X-API-Key": key}).json()[0]["id"]
        mine = f"{here.url}/v1/music/{organization}/tracks/{track['id']}"
        stems = httpx.get(mine, headers={"X-API-Key": key}).json()["stem_urls"]
    finally:
        here.stop()
    assert opened["track"]["engine"] == "studio"
    assert opened["track"]["licence"]["commercial_use"] is True
    assert opened["track"]["licence"]["requires_attribution"] is False
    assert {"bass", "chords", "drums"} <= set(stems)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--engine", "nobody"), "There is no such engine. The list of engines says which there are."),
        (("--duration", "601"), "Studio makes pieces of 5 to 600 seconds."),
        (("--lyrics", "la la"), "Studio does not sing lyrics."),
        (("--engine", "elevenlabs"), "There is no such engine. The list of engines says which there are."),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence(here, arguments, sentence):
    here.init()
    refused = here.run("generate", PROMPT, *arguments)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", sentence + "\n")


def test_the_engines_are_listed_with_what_keeps_them_from_being_used(here):
    listed = {each["engine_key"]: each for each in map(json.loads, here.done("engines", "--json").splitlines())}
    assert listed["studio"]["usable"]
    assert listed["studio"]["obstacle"] is None
    assert not listed["elevenlabs"]["usable"]
    assert "elevenlabs.api_key" in listed["elevenlabs"]["obstacle"]
    lines = here.done("engines").splitlines()
    assert any(re.match(r"studio +commercial_cleared +up to 600 s$", line) for line in lines)


def test_the_studio_passes_the_suite_that_any_engine_must_pass(here):
    told = here.done("engines", "check", "studio").splitlines()
    assert len(told) >= 9
    assert all(line.startswith("yes") for line in told), told


def test_an_engine_that_breaks_a_rule_is_told_and_ends_with_1(here, tmp_path, monkeypatch):
    install(tmp_path, "segue_choir")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    checked = here.run("engines", "check", "choir")
    assert checked.returncode == 1
    assert checked.stdout.startswith("NO   makes a piece that is music")
    assert here.run("engines", "check", "nobody").stderr == "There is no engine 'nobody'. `segue engines` lists them.\n"


def test_the_demo_makes_its_own_music_and_two_links(here):
    command = [SEGUE, "demo", "--data", str(here.data), "--port", str(here.port)]
    with subprocess.Popen(
        command, env=here._environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as demo:
        try:
            ready, first, second = (demo.stdout.readline() for _ in range(3))
            links = [re.search(r"http://\S+$", line.strip())[0] for line in (first, second)]
            track, collection = (httpx.get(link).json() for link in links)
            played = httpx.get(track["track"]["playback_url"], headers={"Range": "bytes=0-999"})
        finally:
            demo.terminate()
    assert f"Segue is ready on {here.url}" in ready
    assert (track["kind"], track["track"]["title"]) == ("track", "Late Night Study")
    assert collection["collection"]["name"] == "Three for the road"
    assert [each["title"] for each in collection["tracks"]] == ["Late Night Study", "First Light", "Paper Boats"]
    assert played.status_code == 206
