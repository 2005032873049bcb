"""Pure. What is said between the server and the process in which an engine runs: one order, then lines of answers."""

from typing import Annotated

from msgspec import Meta, Struct

from segue.engines.brief import Brief, Rendered
from segue.engines.facts import Setup

Sentence = Annotated[str, Meta(max_length=400)]


class Order(Struct, frozen=True, kw_only=True):
    """The engine by its reference (`module:attribute`), what it is to make, and where. `search` is where modules are
    looked for, so that the process finds the package that the server has found.
    """

    reference: str
    setup: Setup
    brief: Brief
    workdir: str
    search: tuple[str, ...]
    output_bytes_max: int
    memory_bytes_max: int | None
    parent_pid: int


class Reached(Struct, frozen=True, tag=True):
    """So much is done: from 0 to 1."""

    share: float


class Made(Struct, frozen=True, tag=True):
    rendered: Rendered


class Failed(Struct, frozen=True, tag=True):
    """The engine has said, for the user, why there is no music."""

    sentence: Sentence


class Refused(Struct, frozen=True, tag=True):
    """The engine has said, for the user, why it does not make this."""

    reason: Sentence


class Halted(Struct, frozen=True, tag=True):
    """It was cancelled and has stopped by itself."""


Line = Reached | Made | Failed | Refused | Halted
