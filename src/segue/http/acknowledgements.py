"""The acknowledgement of a change."""

from typing import Literal

import msgspec


class Ack(msgspec.Struct, kw_only=True):
    """A change was made: `id` names what was acted on."""

    success: Literal[True] = True
    id: str
    detail: str
