"""Runs the benchmarks, all or those named, prints what they found, and writes a whole run into `results/`.

`python benchmarks/run.py resolve --seconds 2 --rounds 1 --many 20000` is a quick look.
"""

import argparse
import signal
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import activity
import api
import importing
import lists
import machine
import making
import ranges
import resolve
import start
from load import wrk_version
from plan import Plan
from processes import BrokenRunError
from report import markdown

BENCHMARKS = {
    "resolve": resolve.measure,
    "api": api.measure,
    "lists": lists.measure,
    "activity": activity.measure,
    "ranges": ranges.measure,
    "start": start.measure,
    "import": importing.measure,
    "making": making.measure,
}
_SECONDS, _ROUNDS, _MANY = 4, 3, 1_000_000
_RESULTS = Path(__file__).with_name("results")


def main() -> int:
    arguments = _arguments()
    # So that the servers end with this process, however it is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if wrk_version() is None:
        print("wrk is missing, and it makes the load: install it (on Debian `apt install wrk`).", file=sys.stderr)
        return 1
    # /var/tmp is on a disk where /tmp may be memory, and the audit is about disks.
    with tempfile.TemporaryDirectory(prefix="segue-benchmark-", dir=arguments.work) as work:
        plan = Plan(Path(work), arguments.seconds, arguments.rounds, arguments.many)
        facts = machine.facts(plan.work)
        how = f"runs of {plan.seconds} s in alternation, medians of {plan.rounds}"
        try:
            sections = [_measure(name, plan) for name in arguments.names]
        except BrokenRunError as broken:
            print(broken, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
    text = markdown(f"Segue {version('segue')}", [*facts, how], sections)
    print(text)
    if arguments.into:
        arguments.into.parent.mkdir(parents=True, exist_ok=True)
        arguments.into.write_text(text)
    return 0


def _measure(name, plan):
    print(name, file=sys.stderr, flush=True)
    return BENCHMARKS[name](plan)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Segue beside its ceilings.")
    shown = "|".join(BENCHMARKS)
    parser.add_argument("names", nargs="*", metavar=shown, help="which benchmarks; nothing: all of them")
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="the length of a run")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how many runs the medians are of")
    parser.add_argument("--many", type=int, default=_MANY, help="how many links, and rows of a list, are many")
    parser.add_argument("--work", type=Path, default=Path("/var/tmp"), help="where data folders are made")  # noqa: S108
    parser.add_argument("--into", type=Path, help="the file to write; a whole run goes to results/VERSION.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - BENCHMARKS.keys():
        parser.error(f"there is no benchmark {' or '.join(sorted(unknown))}, only {shown}")
    arguments.names = arguments.names or list(BENCHMARKS)
    # A quick look must not replace the numbers of a release.
    whole = arguments.names == list(BENCHMARKS) and arguments.many >= _MANY
    if arguments.into is None and whole and arguments.seconds >= _SECONDS and arguments.rounds >= _ROUNDS:
        arguments.into = _RESULTS / f"{version('segue')}.md"
    return arguments


if __name__ == "__main__":
    sys.exit(main())
