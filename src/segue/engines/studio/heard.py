"""Pure. What was heard of a piece that another one is to follow."""

from typing import NamedTuple


class Heard(NamedTuple):
    """Tempo and key are None where none could be told; `energy` is from 0 to 1."""

    tempo_bpm: float | None
    key: str | None
    energy: float
