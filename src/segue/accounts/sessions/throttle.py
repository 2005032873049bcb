"""How often somebody may try to sign in.

Three budgets: a client network's for all tries; one account's from one network, and one account's from everywhere, for
tries that fail. The last one bounds what many networks together can guess. It does not count for a network from which
the account was signed in to before: so strangers, however many, lock nobody out of where they have always signed in.
"""

import hashlib
import math
import time

from segue.errors import TooMany
from segue.ratelimit import Gcra, client_network
from segue.settings import Rate

_EVERYWHERE = 10
_FAMILIAR_MAX = 10_000


class SignInThrottle:
    """The budgets of this process, and the networks that accounts were signed in to from since it started."""

    def __init__(self, tries: Rate, failures: Rate) -> None:
        self._tries = Gcra(tries)
        self._here = Gcra(failures)
        self._anywhere = Gcra(Rate(failures.requests * _EVERYWHERE, failures.period_s))
        self._familiar: dict[str, None] = {}

    def admit(self, client: str) -> None:
        """Count a try of a network at something that is no account's. Raises `TooMany`."""
        _refuse_after(self._tries.spend(client_network(client), time.time()))

    def take(self, client: str, email: str) -> None:
        """Count a try as one that fails, before it is known, so that many at once are all counted.

        Raises `TooMany`. Whether there is such an account makes no difference.
        """
        at_s, account, here = time.time(), _account(email), _pair(client, email)
        strange = here not in self._familiar
        _refuse_after(
            self._tries.spend(client_network(client), at_s)
            or (strange and self._anywhere.wait_s(account, at_s))
            or self._here.spend(here, at_s)
            or (strange and self._anywhere.spend(account, at_s))
        )

    def forgive(self, client: str, email: str) -> None:
        """It was the owner: this try did not fail, what this network failed at is forgotten, and it is familiar."""
        here = _pair(client, email)
        self._here.forgive(here)
        if here in self._familiar:
            del self._familiar[here]
        else:
            self._anywhere.give_back(_account(email))
        self._familiar[here] = None
        if len(self._familiar) > _FAMILIAR_MAX:
            del self._familiar[next(iter(self._familiar))]


def _refuse_after(wait_s: float) -> None:
    if wait_s:
        raise TooMany(
            "Too many attempts. Please try again later.",
            system_message="Sign-in rate limit exceeded for client IP or account",
            retry_after_s=math.ceil(wait_s),
        )


def _account(email: str) -> str:
    return hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _pair(client: str, email: str) -> str:
    return f"{_account(email)} {client_network(client)}"
