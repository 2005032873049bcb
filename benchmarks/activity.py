"""The activity of one link, with few and with many audit rows of other links around it; and what the index costs."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from answers import fetch
from checks import answered
from corpus import SETTINGS, command, insert, made_by_the_program, rest, scattered, until_idle
from load import Contender, alternate
from plan import FEW, Plan
from processes import BrokenRunError, segue
from report import LOAD_HEADINGS, Promise, Section, load_row, ratio

# What the link itself has: a thousand opens by a hundred networks, spread over its days.
_OPENS, _NETWORKS, _DAYS = 1_000, 100, 30
# Other links are opened about as often as each other.
_ROWS_PER_SHARE = 20
_DAY_US = 86_400_000_000


def measure(plan: Plan) -> Section:
    with ExitStack() as stack:
        opened = [stack.enter_context(_opened(plan, rows)) for rows in (FEW, plan.many)]
        results = alternate([contender for contender, _ in opened], seconds=plan.seconds, rounds=plan.rounds)
    few, many = results[_named(FEW)], results[_named(plan.many)]
    built_s = opened[1][1]
    return Section(
        "Activity",
        f"The activity of a link with {_OPENS:,} opens in {_DAYS} days, with {FEW:,} and with {plan.many:,} audit rows "
        "of other links.",
        [
            ratio(f"activity, {plan.many:,} other rows: CPU, times {FEW:,}", many, few, "cpu_s_per_10k", at_most=1.3),
            ratio(f"activity, {plan.many:,} other rows: requests/s, of {FEW:,}", many, few, "per_s"),
            Promise(f"the first answer, {plan.many:,} rows not yet in the index: seconds", built_s, f"{built_s:.2f}"),
        ],
        [(LOAD_HEADINGS, [load_row(name, result) for name, result in results.items()])],
    )


def _named(rows: int) -> str:
    return f"activity, {rows:,} other rows"


@contextmanager
def _opened(plan: Plan, rows: int) -> Iterator[tuple[Contender, float]]:
    """The program serving such an audit, and the seconds until its first answer, which waits for the index."""
    folder = plan.folder(f"activity-{rows}")
    data_dir = folder / "data"
    member = command(data_dir, "init", "--organization", "Benchmark", "--user", "somebody@example.org")
    _, link, _ = made_by_the_program(folder, data_dir)
    _fill(data_dir / "segue-audit.db", link, rows)
    for path in data_dir.glob("segue-audit-index.db*"):
        path.unlink()
    with segue(data_dir, SETTINGS) as (process, url):
        until_idle(data_dir / "segue.db")
        path = f"/v1/music/{member['organization_id']}/share/{link}/activity?days={_DAYS}"
        headers = {"X-API-Key": member["api_key"]}
        started_s = time.monotonic()
        found = json.loads(fetch(url + path, headers).body)
        built_s = time.monotonic() - started_s
        if (found.get("opens"), found.get("distinct_networks")) != (_OPENS, _NETWORKS):
            raise BrokenRunError(f"The activity was {found}.")
        targets = folder / "activity.txt"
        targets.write_text(path + "\n")
        yield Contender(_named(rows), process.pid, url, targets, answered(dead=False), headers), built_s


def _fill(audit: Path, link: str, rows: int) -> None:
    """So many rows of other links, the opens of this one in between."""
    now_us = time.time_ns() // 1_000
    like = dict.fromkeys(("event", "outcome", "share_id", "client", "agent", "request_id"))
    like |= {"event": "share.open", "outcome": "granted", "agent": "browser"}
    shares = max(1, rows // _ROWS_PER_SHARE)
    every = max(1, rows // _OPENS)

    def made() -> Iterator[dict[str, object]]:
        for number in range(rows):
            at_us = now_us - (_DAYS - 1) * _DAY_US * (rows - number) // rows
            yield {
                "share_id": scattered("mslink", number * 7_919 % shares),
                "client": f"10.{number % 250}.{number // 250 % 250}.1",
                "request_id": scattered("req", number),
                "at_us": at_us,
            }
            opens = number // every
            if number % every == 0 and opens < _OPENS:
                yield {
                    "share_id": link,
                    "client": f"192.0.2.{opens % _NETWORKS}",
                    "request_id": scattered("req", rows + number),
                    "at_us": at_us,
                }

    with closing(sqlite3.connect(audit)) as db:
        db.execute("PRAGMA synchronous = OFF")
        insert(db, "audit", like | {"at_us": 0}, made())
        db.commit()
    rest(audit)
