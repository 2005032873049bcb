"""What it costs to take in a FLAC of three minutes: until it can be shared and played, and for its streaming master."""

import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import music
from answers import fetch
from corpus import SETTINGS, Corpus, until_idle
from plan import FEW, Plan
from processes import BrokenRunError, cpu_split_s, segue
from report import Promise, Section

_SONG_S = 180


@dataclass(frozen=True, slots=True)
class _Import:
    """CPU seconds of the server and of its children until the 201, seconds on the wall, CPU seconds of the master."""

    server_s: float
    children_s: float
    wall_s: float
    master_s: float


def measure(plan: Plan) -> Section:
    corpus = plan.corpus(FEW)
    song = plan.folder("import") / "song.flac"
    music.write_flac(song, _SONG_S)
    with (
        segue(corpus.data_dir, SETTINGS) as (process, url),
        httpx.Client(base_url=url, headers={"x-api-key": corpus.api_key}, timeout=120) as client,
    ):
        # The first one warms what every later one finds warm.
        imports = [_import(client, process.pid, song, corpus) for _ in range(plan.rounds + 1)][1:]
    until_201_s = statistics.median(each.server_s + each.children_s for each in imports)
    master_s = statistics.median(each.master_s for each in imports)
    rows = [[f"{value:.2f}" for value in (i.server_s, i.children_s, i.wall_s, i.master_s)] for i in imports]
    return Section(
        "Taking in",
        f"`POST /v1/music/{{org}}/tracks` with a FLAC of {_SONG_S} s, {song.stat().st_size / 1e6:.0f} MB (44.1 kHz, "
        "stereo, 16 bit). CPU of the server and of the child that reads the file, until the 201; the streaming master "
        "is made afterwards and stands apart. Each track was shared, opened and played as soon as the 201 was there.",
        [
            Promise("import of a 3-minute FLAC until it plays, CPU s", until_201_s, f"{until_201_s:.2f}", at_most=1),
            Promise("its streaming master in the background, CPU s", master_s, f"{master_s:.2f}"),
        ],
        [(["server CPU s", "child CPU s", "wall s until the 201", "master CPU s"], rows)],
    )


def _import(client: httpx.Client, pid: int, song: Path, corpus: Corpus) -> _Import:
    until_idle(corpus.database)
    before = cpu_split_s(pid)
    started_s = time.monotonic()
    with song.open("rb") as file:
        answer = client.post(f"/v1/music/{corpus.organization_id}/tracks", files={"file": file})
    wall_s = time.monotonic() - started_s
    # The child that looked at the file has ended and counts; one that makes the master may run and does not.
    there = cpu_split_s(pid)
    if answer.status_code != 201:
        raise BrokenRunError(f"The import was answered with {answer.status_code}: {answer.text}")
    _share_and_play(client, corpus.organization_id, answer.json()["id"])
    until_idle(corpus.database)
    after = cpu_split_s(pid)
    return _Import(there[0] - before[0], there[1] - before[1], wall_s, sum(after) - sum(there))


def _share_and_play(client: httpx.Client, organization_id: str, track_id: str) -> None:
    made = client.post(f"/v1/music/{organization_id}/tracks/{track_id}/share")
    opened = json.loads(fetch(made.json()["url"]).body)
    played = fetch(opened["track"]["playback_url"], {"range": "bytes=0-65535"})
    if played.status != 206 or len(played.body) != 65_536:
        raise BrokenRunError(f"The new track does not play: {played.status}.")
