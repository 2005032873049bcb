"""Pure. How far a rendering is, told as it goes on, and whether it may go on."""

from collections.abc import Callable

from segue.engines.endings import Stopped

# What it costs to make one tone, in samples of a stem.
A_TONE = 250_000


class Work:
    """Counts what was done of an amount that was guessed at the start: what is told only grows, and is 1 at the end."""

    def __init__(self, progress: Callable[[float], None], cancelled: Callable[[], bool], amount: float) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._left = max(amount, 1.0)
        self._share = 0.0

    def done(self, amount: float = A_TONE) -> None:
        """Some more is done, or one more tone. Raises `Stopped` when the piece is no longer wanted."""
        if self._cancelled():
            raise Stopped
        # A guess that was too low never ends early: each amount takes its share of what is still left.
        self._share += (1 - self._share) * min(amount / self._left, 0.5)
        self._left = max(self._left - amount, amount)
        self._progress(self._share)

    def end(self) -> None:
        self._share = 1.0
        self._progress(1.0)
