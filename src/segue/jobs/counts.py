"""Pure. How many jobs there are in one state, as every engine tells it."""

from typing import Literal, NamedTuple

State = Literal["later", "waiting", "running", "failed"]


class Count(NamedTuple):
    """So many jobs of one lane are not due yet, wait for a worker, are under way, or were given up."""

    queue: str
    state: State
    jobs: int
