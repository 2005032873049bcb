"""What a hot handler sees of a request: as little as it needs, and nothing of the server underneath."""

from collections.abc import Callable

import msgspec


class Request(msgspec.Struct, frozen=True):
    """One request on a hot route. `path` is percent-decoded; `header` looks a header up by its lower-case name."""

    method: str
    path: str
    query: str
    client: str
    request_id: str
    header: Callable[[str], str | None]
