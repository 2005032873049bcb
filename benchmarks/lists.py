"""Every call that lists: what a page costs somebody who has much, beside somebody who has little."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from answers import fetch
from belongings import Belongings
from checks import answered
from corpus import SETTINGS, until_idle
from load import Contender, Result, alternate
from plan import Plan
from processes import BrokenRunError, segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

FEW_ROWS = 100
PAGE = 20

_MUSIC, _ACCOUNT = "/v1/music/{organization_id}", "/v1/organizations/{organization_id}"
# By name: the path, and where in the answer its rows are.
_LISTS = {
    "library": (_MUSIC + "/tracks?", "items"),
    "library, by engine": (_MUSIC + "/tracks?engine=studio&", "items"),
    "library, by mode": (_MUSIC + "/tracks?mode=focus&", "items"),
    "library, by engine and mode": (_MUSIC + "/tracks?engine=studio&mode=focus&", "items"),
    "library, by collection": (_MUSIC + "/tracks?collection_id={collection_id}&", "items"),
    "collections": (_MUSIC + "/collections?", "items"),
    "members of a collection": (_MUSIC + "/collections/{collection_id}/tracks?", "items"),
    "shares": (_MUSIC + "/shares?", "items"),
    "usage": (_MUSIC + "/usage?", "windows"),
    "members of the organization": (_ACCOUNT + "/members?", "items"),
}


def measure(plan: Plan) -> Section:
    with ExitStack() as stack:
        few = list(stack.enter_context(_opened(plan, FEW_ROWS)))
        many = list(stack.enter_context(_opened(plan, plan.many)))
        pairs = [contender for pair in zip(few, many, strict=True) for contender in pair]
        results = alternate(pairs, seconds=plan.seconds, rounds=plan.rounds)
    return Section(
        "Listing",
        f"The first page of {PAGE} of every list, of a user with {FEW_ROWS} rows in each and with {plan.many:,}; "
        "a collection has a hundred members for both, and days of spending are 30,000 at most.",
        [promise for name in _LISTS for promise in _promises(name, results, plan.many)],
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _named(name: str, rows: int) -> str:
    return f"{name}, {rows:,} rows"


def _promises(name: str, results: dict[str, Result], rows: int) -> list[Promise]:
    few, many = results[_named(name, FEW_ROWS)], results[_named(name, rows)]
    return [
        ratio(f"{name}, {rows:,} rows: CPU, times {FEW_ROWS} rows", many, few, "cpu_s_per_10k", at_most=1.1),
        ratio(f"{name}, {rows:,} rows: requests/s, of {FEW_ROWS} rows", many, few, "per_s"),
    ]


@contextmanager
def _opened(plan: Plan, rows: int) -> Iterator[Iterator[Contender]]:
    """The program serving one user's belongings: a contender for each list."""
    belongings, folder = plan.belongings(rows), plan.folder(f"lists-{rows}")
    with segue(belongings.data_dir, SETTINGS) as (process, url):
        until_idle(belongings.database)
        yield (_contender(name, rows, belongings, process.pid, url, folder) for name in _LISTS)


def _contender(name: str, rows: int, belongings: Belongings, pid: int, url: str, folder: Path) -> Contender:
    path, array = _LISTS[name]
    ids = {"collection_id": belongings.collection_id, "organization_id": belongings.organization_id}
    whole = f"{path.format_map(ids)}limit={PAGE}"
    headers = {"X-API-Key": belongings.api_key}
    found = json.loads(fetch(url + whole, headers).body)
    if array == "items" and len(found.get("items", ())) != PAGE:
        raise BrokenRunError(f"A page of {name} was {found}.")
    targets = folder / f"{name}.txt".replace(" ", "-").replace(",", "")
    targets.write_text(whole + "\n")
    return Contender(_named(name, rows), pid, url, targets, answered(dead=False), headers)
