"""`GET /v1/music/shared/{token}`: the real program beside the same server answering the same bytes without work.

One track, a collection of a hundred, dead links, and one track among many more links.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from answers import fetch, same, save
from checks import answered, audited
from corpus import COLLECTION_TRACKS, SETTINGS, Corpus, until_idle
from load import Contender, Result, Verify, alternate
from plan import FEW, Plan
from processes import HOST, free_port, running, segue, until_accepts
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

_BARE = Path(__file__).with_name("bare.py")
_GRANTED = frozenset({"granted"})
_DEAD = frozenset({"unknown", "revoked", "expired"})

_TRACK, _COLLECTION, _DEAD_LINK = "one track", f"collection of {COLLECTION_TRACKS}", "dead link"
_BARE_TRACK, _BARE_COLLECTION, _BARE_DEAD = (f"ceiling: {name}" for name in (_TRACK, _COLLECTION, _DEAD_LINK))


def measure(plan: Plan) -> Section:
    few, many = plan.corpus(FEW), plan.corpus(plan.many)
    folder = plan.folder("resolve")
    crowd = f"one track, {plan.many:,} links"
    with ExitStack() as stack:
        small = stack.enter_context(_Opened.of(few, folder))
        large = stack.enter_context(_Opened.of(many, folder))
        live = small.contender(_TRACK, few.tracks, _GRANTED)
        collection = small.contender(_COLLECTION, few.collections, _GRANTED)
        dead = small.contender(_DEAD_LINK, few.dead, _DEAD)
        contenders = [
            stack.enter_context(_ceiling(_BARE_TRACK, live, folder)),
            live,
            large.contender(crowd, many.tracks, _GRANTED),
            stack.enter_context(_ceiling(_BARE_COLLECTION, collection, folder)),
            collection,
            stack.enter_context(_ceiling(_BARE_DEAD, dead, folder)),
            dead,
        ]
        results = alternate(contenders, seconds=plan.seconds, rounds=plan.rounds)
    return Section(
        "Opening a link",
        f"`GET /v1/music/shared/{{token}}` as JSON, {FEW:,} links where nothing else is said. SQLite, durable audit, "
        "rate limit counting, one process. Every run had the right statuses, and one audit row for each answer.",
        _promises(results, crowd),
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _promises(results: dict[str, Result], crowd: str) -> list[Promise]:
    track, bare, hundred = results[_TRACK], results[_BARE_TRACK], results[_COLLECTION]
    dead, bare_dead, among_many = results[_DEAD_LINK], results[_BARE_DEAD], results[crowd]
    return [
        ratio("open: requests/s, of the server without work", track, bare, "per_s", at_least=0.33),
        ratio("open: CPU, times the server without work", track, bare, "cpu_s_per_10k", at_most=3.0),
        ratio(f"{_COLLECTION}: time a request, times one track", track, hundred, "per_s", at_most=8),
        ratio(f"{_COLLECTION}: CPU, times one track", hundred, track, "cpu_s_per_10k", at_most=8),
        ratio(f"{crowd}: requests/s, of {FEW:,}", among_many, track, "per_s", at_least=0.9),
        ratio(f"{crowd}: CPU, times {FEW:,}", among_many, track, "cpu_s_per_10k"),
        ratio("dead link: requests/s, of the server without work", dead, bare_dead, "per_s"),
        ratio("dead link: CPU, times the server without work", dead, bare_dead, "cpu_s_per_10k"),
    ]


class _Opened:
    """The program serving one corpus."""

    def __init__(self, corpus: Corpus, pid: int, url: str, folder: Path) -> None:
        self._corpus = corpus
        self._pid = pid
        self._url = url
        self._folder = folder

    @classmethod
    @contextmanager
    def of(cls, corpus: Corpus, folder: Path) -> "Iterator[_Opened]":
        with segue(corpus.data_dir, SETTINGS) as (process, url):
            until_idle(corpus.database)
            yield cls(corpus, process.pid, url, folder)

    def contender(self, name: str, tokens: list[str], outcomes: frozenset[str]) -> Contender:
        """Opens these links in turn; their outcomes in the audit are these and no others."""
        targets = self._folder / f"{name} {len(tokens)}.txt".replace(" ", "-")
        targets.write_text("".join(f"/v1/music/shared/{token}\n" for token in tokens))
        rows = audited(self._corpus.data_dir, outcomes)
        return Contender(name, self._pid, self._url, targets, answered(dead=outcomes is _DEAD, then=rows))


@contextmanager
def _ceiling(name: str, real: Contender, folder: Path) -> Iterator[Contender]:
    """The same server with nothing behind it, giving the answer that the real one gives to its first link."""
    first = real.targets.read_text().partition("\n")[0]
    answer = fetch(real.url + first)
    answer_file = folder / f"{name}.json".replace(" ", "-").replace(":", "")
    save(answer, answer_file)
    port = free_port()
    with running([sys.executable, str(_BARE), str(port), str(answer_file)], folder / "bare.log") as process:
        until_accepts(process, port)
        url = f"http://{HOST}:{port}"
        same(answer, fetch(url + first))
        watch: Callable[[], Verify] = answered(dead=answer.status == 404)
        yield Contender(name, process.pid, url, real.targets, watch)
