"""Pure. The days on which somebody spent, summed up for each window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segue.spending.windows import Days, Window, days_of


@dataclass(frozen=True, slots=True)
class SpendDay:
    """What one user spent on one engine on one day."""

    day: int
    engine: str
    track_count: int
    cost_chf_e4: int


@dataclass(frozen=True, slots=True)
class EngineUsage:
    """What one engine made in a window, and what that cost."""

    engine: str
    track_count: int
    cost_chf_e4: int


@dataclass(frozen=True, slots=True)
class WindowUsage:
    """One window; `by_engine` by the engines' names."""

    window: Window
    start_s: int
    limit_chf_e4: int | None
    by_engine: tuple[EngineUsage, ...]

    @property
    def cost_chf_e4(self) -> int:
        return sum(each.cost_chf_e4 for each in self.by_engine)


def usage(spent: Sequence[SpendDay], limits_chf_e4: Mapping[Window, int], *, now: int) -> list[WindowUsage]:
    """Every window that this second lies in, the shortest first."""
    found = [(window, days_of(window, now)) for window in Window]
    return [
        WindowUsage(window, days.first_s, limits_chf_e4.get(window), _by_engine(spent, days)) for window, days in found
    ]


def _by_engine(spent: Sequence[SpendDay], days: Days) -> tuple[EngineUsage, ...]:
    """Sums by engine. A day of which everything was given back says nothing."""
    sums: dict[str, EngineUsage] = {}
    for each in spent:
        if days.first <= each.day < days.end and (each.track_count or each.cost_chf_e4):
            so_far = sums.get(each.engine, EngineUsage(each.engine, 0, 0))
            sums[each.engine] = EngineUsage(
                each.engine, so_far.track_count + each.track_count, so_far.cost_chf_e4 + each.cost_chf_e4
            )
    return tuple(sums[engine] for engine in sorted(sums))
