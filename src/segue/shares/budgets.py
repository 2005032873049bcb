"""What one client network may spend on links."""

from dataclasses import dataclass

from segue.ratelimit import Gcra


@dataclass(frozen=True, slots=True)
class Budgets:
    """On all opens, and on links that never existed."""

    opens: Gcra
    unknown: Gcra

    def spend(self, network: str, now: float) -> float:
        """Take one open and return 0, else the seconds to wait."""
        return self.unknown.wait_s(network, now) or self.opens.spend(network, now)
