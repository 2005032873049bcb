"""Pure. How patient workers are, what becomes of a job whose work has failed, and what a lane may be called."""

from dataclasses import dataclass

from segue.errors import Failure, Unavailable

_PAUSE_S_MAX = 3_600


# PostgreSQL cuts the names of the channels that lanes are listened to in at 63 bytes.
_LANE_BYTES_MAX = 40


def check_lane(name: str) -> None:
    """Raises `ValueError` for a name that is too long for a lane; a mistake of the program."""
    if len(name.encode()) > _LANE_BYTES_MAX:
        raise ValueError(f"the name of a lane has at most {_LANE_BYTES_MAX} bytes: {name}")


@dataclass(frozen=True, slots=True)
class Pace:
    """The times and numbers that workers of one database share.

    A process that is silent for `lease_s` has lost its jobs, and others have them within half as long again. `poll_s`
    is how often a lane looks by itself, for what has become due. A job is begun `attempts_max` times at most, the
    second time after `pause_s`, then after twice that, and so on. One whose kind is not known is left alone for
    `rest_s` where others could not be had past it.
    """

    lease_s: float = 20
    poll_s: float = 1
    attempts_max: int = 5
    pause_s: int = 2
    rest_s: float = 60

    def pause_after_s(self, attempt: int) -> int:
        """How long to wait after an attempt has failed; never more than an hour."""
        return min(self.pause_s << min(attempt - 1, 32), _PAUSE_S_MAX)

    def may_begin(self, attempt: int) -> bool:
        """Whether there is such an attempt. Processes that died at it have used theirs up too."""
        return attempt <= self.attempts_max

    def is_over(self, error: BaseException, attempt: int) -> bool:
        """Whether a job fails for good: it will not get better by itself, or it has been tried often enough."""
        hopeless = isinstance(error, Failure) and not isinstance(error, Unavailable)
        return hopeless or not self.may_begin(attempt + 1)


class NeverEnded(Failure):
    """Every process that began the job was gone before it had ended."""


def sentence_of(error: BaseException) -> str:
    """What went wrong, for a person. What an unforeseen exception says is for the log: it may hold an address."""
    if isinstance(error, Failure):
        return error.message
    return f"Something went wrong that Segue did not expect ({type(error).__name__})."
