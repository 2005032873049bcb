"""`GET /v1/music/shared/{token}`: the real program beside the same server answering the same bytes without work.

One track, a collection of a hundred, dead links, one track among many more links, and one track while the database
changes: the program may keep what it has read until then.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ceiling import ceiling
from checks import answered, audited
from commits import COMMITS_PER_S, changing
from corpus import COLLECTION_TRACKS, SETTINGS, Corpus, until_idle
from load import Contender, Result, Verify, alternate
from plan import FEW, Plan
from processes import segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

_GRANTED = frozenset({"granted"})
_DEAD = frozenset({"unknown", "revoked", "expired"})

_TRACK, _COLLECTION, _DEAD_LINK = "one track", f"collection of {COLLECTION_TRACKS}", "dead link"
_CHANGING = f"{_TRACK}, {COMMITS_PER_S} commits a second beside"
_BARE_TRACK, _BARE_COLLECTION, _BARE_DEAD = (f"ceiling: {name}" for name in (_TRACK, _COLLECTION, _DEAD_LINK))


def measure(plan: Plan) -> Section:
    few, many = plan.corpus(FEW), plan.corpus(plan.many)
    folder = plan.folder("resolve")
    crowd, popular = f"{_TRACK} of {plan.many:,} links", f"{_TRACK}, {FEW:,} of {plan.many:,} links"
    with ExitStack() as stack:
        small = stack.enter_context(_Opened.of(few, folder))
        large = stack.enter_context(_Opened.of(many, folder))
        live = small.contender(_TRACK, few.tracks, _GRANTED)
        collection = small.contender(_COLLECTION, few.collections, _GRANTED)
        dead = small.contender(_DEAD_LINK, few.dead, _DEAD)
        contenders = [
            stack.enter_context(ceiling(_BARE_TRACK, live, folder)),
            live,
            large.contender(crowd, many.tracks, _GRANTED),
            large.contender(popular, many.tracks[:FEW], _GRANTED),
            small.contender(_CHANGING, few.tracks, _GRANTED, changing),
            stack.enter_context(ceiling(_BARE_COLLECTION, collection, folder)),
            collection,
            stack.enter_context(ceiling(_BARE_DEAD, dead, folder)),
            dead,
        ]
        results = alternate(contenders, seconds=plan.seconds, rounds=plan.rounds)
    return Section(
        "Opening a link",
        f"`GET /v1/music/shared/{{token}}` as JSON, {FEW:,} links where nothing else is said. SQLite, durable audit, "
        "rate limit counting, one process. Every run had the right statuses, and one audit row for each answer.",
        _promises(results, crowd, popular),
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _promises(results: dict[str, Result], crowd: str, popular: str) -> list[Promise]:
    track, bare, hundred = results[_TRACK], results[_BARE_TRACK], results[_COLLECTION]
    dead, bare_dead, changing = results[_DEAD_LINK], results[_BARE_DEAD], results[_CHANGING]
    among_many, few_of_many = results[crowd], results[popular]
    return [
        ratio("open: requests/s, of the server without work", track, bare, "per_s", at_least=0.33),
        ratio("open: CPU, times the server without work", track, bare, "cpu_s_per_10k", at_most=3.0),
        ratio(f"{_CHANGING}: requests/s, of the server without work", changing, bare, "per_s"),
        ratio(f"{_CHANGING}: CPU, times the server without work", changing, bare, "cpu_s_per_10k"),
        ratio(f"{_COLLECTION}: time a request, times one track", track, hundred, "per_s", at_most=8),
        ratio(f"{_COLLECTION}: CPU, times one track", hundred, track, "cpu_s_per_10k", at_most=8),
        ratio(f"{crowd}: requests/s, of {FEW:,} links", among_many, track, "per_s", at_least=0.9),
        ratio(f"{crowd}: the same, of {FEW:,} links with commits beside", among_many, changing, "per_s"),
        ratio(f"{popular}: requests/s, of {FEW:,} links", few_of_many, track, "per_s"),
        ratio("dead link: requests/s, of the server without work", dead, bare_dead, "per_s"),
        ratio("dead link: CPU, times the server without work", dead, bare_dead, "cpu_s_per_10k"),
    ]


def _alone(_database: Path, watch: Callable[[], Verify]) -> Callable[[], Verify]:
    return watch


_Beside = Callable[[Path, Callable[[], Verify]], Callable[[], Verify]]


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

    def contender(self, name: str, tokens: list[str], outcomes: frozenset[str], beside: _Beside = _alone) -> Contender:
        """Opens these links in turn; their outcomes in the audit are these and no others."""
        targets = self._folder / f"{name} {len(tokens)}.txt".replace(" ", "-")
        targets.write_text("".join(f"/v1/music/shared/{token}\n" for token in tokens))
        rows = audited(self._corpus.data_dir, outcomes)
        watch = beside(self._corpus.database, answered(dead=outcomes is _DEAD, then=rows))
        return Contender(name, self._pid, self._url, targets, watch)
