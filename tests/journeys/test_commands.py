"""The commands, as a person types them and as another program reads them."""

import json
import os
import re
import sqlite3
import sys
from contextlib import closing

import pytest
import structlog
from factories import sound
from factories.program import Program

from segue import cli

LINK = re.compile(r"http://127\.0\.0\.1:8600/v1/music/shared/shr_[0-9a-f]{32}")


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Three short files, the first with a title in its tags."""
    folder = tmp_path_factory.mktemp("songs")
    kinds = {"one": "flac", "two": "mp3", "three": "wav"}
    return [
        sound.write(
            folder / f"{name}.{kind}", sound.sine(0.2), kind, tags={"title": "Tagged"} if kind == "flac" else None
        )
        for name, kind in kinds.items()
    ]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The program over a folder that was set up, with what `init` said."""
    made = Program(tmp_path_factory.mktemp("installation") / "data")
    return made, made.init()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_init_prints_the_key_once_and_never_again(here, segue):
    program, said = here
    assert list(said) == ["organization_id", "user_id", "api_key", "data_dir"]
    assert re.fullmatch(r"org_[0-9a-f]{12}", said["organization_id"])
    assert re.fullmatch(r"usr_[0-9a-f]{12}", said["user_id"])
    assert re.fullmatch(r"sgk_[A-Za-z0-9]{40}", said["api_key"])
    assert said["data_dir"] == str(program.data)
    keys = {path.name: path.stat().st_mode & 0o777 for path in (program.data / "keys").iterdir()}
    assert keys == {"playback-0001.key": 0o600, "audit.key": 0o600}
    before = {path: path.read_bytes() for path in program.data.rglob("*.key")}
    again = segue("init", "--organization", "Other", "--user", "eve@example.org")
    assert again == (1, "", f"{program.data} is set up already. Nothing was changed.\n")
    assert {path: path.read_bytes() for path in program.data.rglob("*.key")} == before


def test_from_files_to_links_and_back(here, segue, songs):
    program, said = here
    imported = program.run("import", *map(str, songs[:2]), "--collection", "Night", "--licence", "CC-BY-4.0", "--json")
    assert (imported.returncode, imported.stderr) == (0, ""), "quiet in a pipe"
    tracks = lines(imported.stdout)
    assert [list(each) for each in tracks] == [["id", "title", "measured_duration_seconds", "licence_class"]] * 2
    assert [each["title"] for each in tracks] == ["Tagged", "two"]
    assert {each["licence_class"] for each in tracks} == {"commercial_cleared"}

    plain = program.run("share", str(songs[2]), "--title", "Third", "--licence", "own", "--label", "For Grace")
    assert (plain.returncode, plain.stderr) == (0, "")
    link = plain.stdout.splitlines()[-1]
    assert LINK.fullmatch(link)
    _, out, _ = segue("share", tracks[0]["id"], "--expires-in-days", "200", "--max-opens", "3", "--json")
    by_id = json.loads(out)
    assert list(by_id) == ["id", "token", "url", "target_type", "visibility", "expires_at", "created_at"]
    assert LINK.fullmatch(by_id["url"])

    listed = lines(segue("shares", "--json")[1])
    assert {(each["state"], each["label"], each["opens"], each["max_opens"]) for each in listed} == {
        ("open", "For Grace", None, None),
        ("open", None, 0, 3),
    }
    assert not [each for each in listed if "shr_" in str(each)]
    (first,) = (each["id"] for each in listed if each["label"])

    assert program.done("revoke", link) == f"{first} is revoked."
    assert segue("revoke", first) == (0, f"{first} was revoked before.\n", "")
    assert segue("revoke", by_id["url"]) == (0, f"{by_id['id']} is revoked.\n", "")
    _, shown, _ = segue("shares")
    assert (shown.count("revoked"), "shr_" in shown) == (2, False)

    rows = program.audit()
    assert [(row["event"], row["outcome"]) for row in rows] == [
        ("track.create", "done"),
        ("track.create", "done"),
        ("track.create", "done"),
        ("share.create", "done"),
        ("share.create", "done"),
        ("share.revoke", "done"),
        ("share.revoke", "unchanged"),
        ("share.revoke", "done"),
    ]
    assert {"at", "event", "outcome", "share_id", "client", "request_id"} <= set(rows[0])
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row["at"]) for row in rows)
    assert {(row["actor_id"], row["client"], row["agent"]) for row in rows} == {(said["user_id"], "local", "command")}


@pytest.fixture
def segue(here, capsys, monkeypatch):
    """The command inside this process: for the many ways to be refused, a process each would cost a minute."""
    program, _ = here
    for name in [name for name in os.environ if name.startswith("SEGUE_")]:
        monkeypatch.delenv(name)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["segue", *map(str, arguments)])
        monkeypatch.setenv("SEGUE_DATA_DIR", str(program.data))
        status = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code or 0
        said = capsys.readouterr()
        return status, said.out, said.err

    yield run
    structlog.reset_defaults()


def is_a_sentence(text):
    return text.count("\n") == 1 and text.endswith(".\n") and "Traceback" not in text and "Error:" not in text


def files_of(program):
    return {path for path in program.data.glob("blobs/**/*") if path.is_file()}


@pytest.fixture
def odd(tmp_path):
    """Things that are no sound files."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "text.mp3").write_text("This is a text, and no sound at all.\n" * 50)
    (tmp_path / "loop.mp3").symlink_to(tmp_path / "loop.mp3")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.mp3", "There is no file"),
        ("folder", "is not a file"),
        ("fifo", "is not a file"),
        ("/dev/zero", "is not a file"),
        ("empty.mp3", ""),
        ("text.mp3", ""),
        ("loop.mp3", ""),
        ("x" * 5_000, "File name too long"),
    ],
)
def test_what_is_no_sound_file_is_told_in_one_sentence(segue, odd, name, words):
    before = segue("shares")
    status, out, err = segue("share", odd / name)
    assert (status, out) == (1, "")
    assert is_a_sentence(err), err
    assert words in err
    assert segue("shares") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["share", "mtrack_000000000000"], "There is no such track."),
        (["share", "mcoll_000000000000"], "There is no such collection."),
        (["revoke", "mslink_000000000000"], "There is no such share link."),
        (["revoke", "http://127.0.0.1/v1/music/shared/shr_" + "0" * 32], "There is no such share link."),
        (["revoke", "nonsense"], "There is no such share link."),
        (["import", "SONG", "--licence", "MIT-ish"], "The licence is neither an SPDX identifier"),
        (["import", "SONG", "--title", ""], "A title has 1 to 512 characters."),
        (["import", "SONG", "SONG", "--title", "x"], "A title belongs to one file"),
        (["import", "SONG", "--collection", ""], "A name has 1 to 512 characters."),
        (["share", "SONG", "--max-opens", "0"], "Expected a whole number from 1"),
        (["share", "SONG", "--expires-in-days", "0"], "Expected a whole number of at least 1."),
        (["share", "SONG", "--label", "two\nlines"], "A label is one line"),
        (["shares", "--as", "nobody@example.org"], "There is no user nobody@example.org."),
        (["shares", "--data", "/nonexistent"], "There is no Segue in /nonexistent."),
        (["audit", "--data", "/nonexistent"], "There is no Segue in /nonexistent."),
        (["user", "add", "ada@example.org"], "is a member already"),
        (["user", "add", "no address"], "That is not an e-mail address."),
        (["user", "add", "eve@example.org", "--organization", "Nobody"], "There is no organization Nobody."),
        (["init", "--organization", "", "--user", "a@b.c", "--data", "NEW"], "The organization needs a name"),
        (["init", "--organization", "x", "--user", "nobody", "--data", "NEW"], "That is not an e-mail address."),
        (["init", "--organization", "x", "--user", "a@b.c", "--data", "/dev/null/x"], ""),
        (["serve", "--host", "203.0.113.1"], "cannot listen on 203.0.113.1:8600"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_a_refusal_is_one_sentence_and_leaves_nothing(segue, here, songs, tmp_path, arguments, words):
    program, _ = here
    before = files_of(program)
    places = {"SONG": str(songs[0]), "NEW": str(tmp_path / "new")}
    status, out, err = segue(*(places.get(argument, argument) for argument in arguments))
    assert (status, out) == (1, "")
    assert is_a_sentence(err), err
    assert words in err
    assert files_of(program) == before
    assert not (tmp_path / "new" / "keys" / "playback-0001.key").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["import"],
        ["share"],
        ["share", "x", "--max-opens", "many"],
        ["share", "x", "--nonsense"],
        ["init", "--organization", "x"],
        ["serve", "--port", "0"],
        ["serve", "--port", "99999"],
        ["user", "add"],
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_understood_ends_with_two(segue, arguments):
    status, _, err = segue(*arguments)
    assert status == 2
    assert "Traceback" not in err


def test_a_setting_that_nobody_knows_stops_the_start(here):
    program, _ = here
    finished = Program(program.data, {"playback_tll_s": "300"}).run("shares")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert (
        finished.stderr
        == "SEGUE_PLAYBACK_TLL_S is not a setting of Segue. See docs/reference/settings.md for the list.\n"
    )


def test_a_second_user_has_a_key_and_then_one_must_say_for_whom(here, segue, songs):
    _, said = here
    status, out, _ = segue("user", "add", "Grace@Example.org", "--json")
    added = json.loads(out)
    assert status == 0
    assert list(added) == ["organization_id", "user_id", "api_key", "data_dir"]
    assert added["organization_id"] == said["organization_id"]
    assert added["api_key"] != said["api_key"]
    status, _, err = segue("import", songs[0])
    assert (status, is_a_sentence(err)) == (1, True)
    assert "--as EMAIL" in err
    assert segue("shares", "--as", "grace@example.org") == (0, "", "")


def test_a_collection_is_shared_by_its_id(here, segue, songs):
    program, _ = here
    ada = ("--as", "ada@example.org")
    for song in songs[1:]:
        assert segue("import", song, "--collection", "Day", *ada)[0] == 0
    with closing(sqlite3.connect(program.data / "segue.db")) as database:
        ((collection_id, members),) = database.execute(
            "SELECT id, count(*) FROM collections JOIN collection_tracks ON collection_id = id WHERE name = 'Day'"
        )
    assert members == 2, "a second import goes into the collection of the first"
    made = json.loads(segue("share", collection_id, "--json", *ada)[1])
    assert (made["target_type"], bool(LINK.fullmatch(made["url"]))) == ("collection", True)
