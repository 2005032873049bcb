"""What a benchmark found, and how that is written down as Markdown."""

from dataclasses import dataclass, field

from load import Result


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: what was measured against what was promised. Without a bound it is told and not judged."""

    says: str
    value: float
    shown: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"

    @property
    def verdict(self) -> str:
        if self.at_least is None and self.at_most is None:
            return ""
        low = self.at_least is None or self.value >= self.at_least
        high = self.at_most is None or self.value <= self.at_most
        return "met" if low and high else "**not met**"


@dataclass(frozen=True, slots=True)
class Section:
    """The outcome of one benchmark. `tables` are headings with rows of cells."""

    title: str
    says: str
    promises: list[Promise]
    tables: list[tuple[list[str], list[list[str]]]] = field(default_factory=list)


LOAD_HEADINGS = ["", "requests/s", "lowest to highest", "p50 ms", "p99 ms", "CPU s/10,000", "lowest to highest"]


def load_row(name: str, result: Result) -> list[str]:
    """A contender's medians and spreads under LOAD_HEADINGS."""
    return [
        name,
        f"{result.median('per_s'):,.0f}",
        "{:,.0f} to {:,.0f}".format(*result.spread("per_s")),
        f"{result.median('p50_ms'):.2f}",
        f"{result.median('p99_ms'):.1f}",
        f"{result.median('cpu_s_per_10k'):.3f}",
        "{:.3f} to {:.3f}".format(*result.spread("cpu_s_per_10k")),
    ]


def ratio(says: str, one: Result, other: Result, figure: str, **bound: float) -> Promise:
    """The median of one contender over the median of another."""
    value = one.median(figure) / other.median(figure)
    return Promise(says, value, f"{value:.2f}", **bound)


def markdown(heading: str, facts: list[str], sections: list[Section]) -> str:
    """The whole report: the promises first, what they were measured with, then the numbers behind them."""
    blocks = [f"# {heading}", _promises(sections), "## Measured on", "\n".join(f"- {fact}" for fact in facts)]
    for section in sections:
        blocks += [f"## {section.title}", section.says]
        blocks += [_table(headings, rows) for headings, rows in section.tables]
    return "\n\n".join(blocks) + "\n"


def _promises(sections: list[Section]) -> str:
    rows = [[each.says, each.target, each.shown, each.verdict] for section in sections for each in section.promises]
    return _table(["what", "promised", "measured", ""], rows)


def _table(headings: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [headings, ["---"] * len(headings), *rows])
