"""`GET track` with an API key: the real program beside the same server answering the same bytes without work.

The program may keep what it has read until the database changes, so it is also measured while that goes on.
"""

import sqlite3
from contextlib import ExitStack

from ceiling import ceiling
from checks import answered
from commits import COMMITS_PER_S, changing
from corpus import SETTINGS, Corpus, until_idle
from load import Contender, Result, alternate
from plan import FEW, Plan
from processes import segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

_TRACK = "get a track"
_CHANGING = f"{_TRACK}, {COMMITS_PER_S} commits a second beside"
_BARE = f"ceiling: {_TRACK}"
_TRACKS_MAX = 1_000


def measure(plan: Plan) -> Section:
    corpus, folder = plan.corpus(FEW), plan.folder("api")
    targets = folder / "tracks.txt"
    ids = _tracks(corpus)
    targets.write_text("".join(f"/v1/music/{corpus.organization_id}/tracks/{track_id}\n" for track_id in ids))
    headers = {"X-API-Key": corpus.api_key}
    with ExitStack() as stack:
        process, url = stack.enter_context(segue(corpus.data_dir, SETTINGS))
        until_idle(corpus.database)
        watch = answered(dead=False)
        real = Contender(_TRACK, process.pid, url, targets, watch, headers)
        beside = Contender(_CHANGING, process.pid, url, targets, changing(corpus.database, watch), headers)
        bare = stack.enter_context(ceiling(_BARE, real, folder))
        results = alternate([bare, real, beside], seconds=plan.seconds, rounds=plan.rounds)
    return Section(
        "Getting a track",
        f"`GET /v1/music/{{org}}/tracks/{{id}}` of {len(ids):,} tracks in turn, with an API key and its budget. "
        "The key and the right to read are looked up, and a playback address is signed, for each request.",
        _promises(results),
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _promises(results: dict[str, Result]) -> list[Promise]:
    track, bare, beside = results[_TRACK], results[_BARE], results[_CHANGING]
    return [
        ratio("get a track: CPU, times the server without work", track, bare, "cpu_s_per_10k", at_most=4.0),
        ratio("get a track: requests/s, of the server without work", track, bare, "per_s"),
        ratio(f"{_CHANGING}: CPU, times the server without work", beside, bare, "cpu_s_per_10k"),
    ]


def _tracks(corpus: Corpus) -> list[str]:
    """Tracks that the key's user has made."""
    db = sqlite3.connect(f"file:{corpus.database}?mode=ro", uri=True)
    ids = [track_id for (track_id,) in db.execute("SELECT id FROM tracks ORDER BY id LIMIT ?", (_TRACKS_MAX,))]
    db.close()
    return ids
