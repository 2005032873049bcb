"""The generic cell rate algorithm (ITU-T I.371): one number a client, no timers, no queues.

Counts are exact in this process and forgotten when it ends. Memory is bounded: clients whose budget is full again
are dropped.
"""

from segue.settings import Rate

_CLIENTS_MAX = 100_000
# Seconds since 1970 are floats a quarter of a microsecond apart: what they lose must not cost a burst its last request.
_ROUNDING_S = 1e-4


class Gcra:
    """One budget for many clients. `now` is seconds on any clock that does not go back.

    `burst` is how many may come at once; nothing said: as many as in one period.
    """

    __slots__ = ("_arrivals", "_burst_s", "_step_s", "requests")

    def __init__(self, rate: Rate, burst: int | None = None) -> None:
        self.requests = rate.requests
        self._step_s = rate.period_s / rate.requests
        self._burst_s = self._step_s * (burst or rate.requests)
        # For each client the theoretical arrival time: when its budget will be whole again.
        self._arrivals: dict[str, float] = {}

    def wait_s(self, client: str, now: float) -> float:
        """How long this client has to wait for its next request; 0 when it may come now. Spends nothing."""
        arrival = self._arrivals.get(client, now)
        wait = arrival + self._step_s - self._burst_s - now
        return wait if wait > _ROUNDING_S else 0.0

    def spend(self, client: str, now: float) -> float:
        """Take one request from the budget if it is there and return 0, else the seconds to wait."""
        arrivals = self._arrivals
        arrival = arrivals.get(client, now)
        arrival = max(arrival, now) + self._step_s
        wait = arrival - self._burst_s - now
        if wait > _ROUNDING_S:
            return wait
        if len(arrivals) >= _CLIENTS_MAX and client not in arrivals:
            self._forget(now)
        arrivals[client] = arrival
        return 0.0

    def forgive(self, client: str) -> None:
        """Make this client's budget whole again."""
        self._arrivals.pop(client, None)

    def give_back(self, client: str) -> None:
        """Take the last request back: it was none that counts."""
        if client in self._arrivals:
            self._arrivals[client] -= self._step_s

    def state(self, client: str, now: float) -> tuple[int, float]:
        """How many requests this client has left now, and in how many seconds its budget is whole again."""
        owed_s = max(0.0, self._arrivals.get(client, now) - now)
        return max(0, int((self._burst_s - owed_s + _ROUNDING_S) / self._step_s)), owed_s

    def _forget(self, now: float) -> None:
        """Drop whoever has a whole budget; if nobody has, the half that is nearest to one."""
        kept = sorted((arrival, client) for client, arrival in self._arrivals.items() if arrival > now)
        self._arrivals = {client: arrival for arrival, client in kept[-_CLIENTS_MAX // 2 :]}
