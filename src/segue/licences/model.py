"""Pure. What is known about the terms of a piece of music: the raw facts, as stated, and how they rest in a column.

Nothing here judges: what the facts allow is worked out by `shown`, and never written back into them.
"""

from enum import StrEnum
from typing import Literal

import msgspec

AssertedBy = Literal["engine", "operator", "uploader", "file"]

# Who is believed least comes first: mixed facts are worth as much as their weakest witness.
_WITNESSES: tuple[AssertedBy, ...] = ("file", "uploader", "operator", "engine")

OWN = "own"


class LicenceClass(StrEnum):
    """What may be done with a piece, from least to most. Comparisons follow this order, not the alphabet."""

    UNCLEAR = "unclear"
    PERSONAL_ONLY = "personal_only"
    COMMERCIAL_ENTERPRISE = "commercial_enterprise"
    COMMERCIAL_CLEARED = "commercial_cleared"

    @property
    def commercial_use(self) -> bool:
        """Whether the class allows commercial use; for `commercial_enterprise`, to those who meet the conditions."""
        return self >= LicenceClass.COMMERCIAL_ENTERPRISE

    def __lt__(self, other: str) -> bool:
        return _RANKS[self] < _RANKS[LicenceClass(other)]

    def __le__(self, other: str) -> bool:
        return _RANKS[self] <= _RANKS[LicenceClass(other)]

    def __gt__(self, other: str) -> bool:
        return _RANKS[self] > _RANKS[LicenceClass(other)]

    def __ge__(self, other: str) -> bool:
        return _RANKS[self] >= _RANKS[LicenceClass(other)]


_RANKS = {member: rank for rank, member in enumerate(LicenceClass)}


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One licence, or the silence about one, and whose word it is.

    `expression` is normalised SPDX text, `own`, or None where the terms have no such text. `name` is None
    when nothing was stated. `url` leads to the licence text.
    """

    asserted_by: AssertedBy
    expression: str | None = None
    name: str | None = None
    url: str | None = None

    def __lt__(self, other: "Statement") -> bool:
        """By name and then by the rest, so that the same set is always the same text."""
        return self._sorting < other._sorting

    @property
    def _sorting(self) -> tuple[str, ...]:
        return self.name or "", self.expression or "", self.asserted_by, self.url or ""


class LicenceFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The raw facts of one piece, or of everything that went into it.

    `non_commercial`, `no_derivatives` and `share_alike` (families such as `CC-BY-SA`) are what the licences
    say. `conditions` are words of the catalogue (`say_changed`) or whole sentences. `licence_version` is the
    catalogue that stated the facts. `origins` are addresses where the material can be found. `adapted` marks a work
    made from another.
    """

    licence_class: LicenceClass
    requires_attribution: bool
    licence_version: str
    statements: frozenset[Statement]
    non_commercial: bool = False
    no_derivatives: bool = False
    share_alike: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    adapted: bool = False

    @property
    def expression(self) -> str | None:
        """The whole as one SPDX text (or `own`), None as soon as a part of it has no such text."""
        texts = {statement.expression for statement in self.statements}
        if not texts or None in texts:
            return None
        parts = sorted(text for text in texts if text is not None)
        return parts[0] if len(parts) == 1 else " AND ".join(_grouped(part) for part in parts)

    @property
    def asserted_by(self) -> AssertedBy:
        """The weakest witness among those who stated a part of it."""
        said = (statement.asserted_by for statement in self.statements)
        return min(said, key=_WITNESSES.index, default="file")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the licences, sorted."""
        return tuple(sorted({s.name for s in self.statements if s.name}))

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the licence texts are, sorted."""
        return tuple(sorted({s.url for s in self.statements if s.url}))


def _grouped(expression: str) -> str:
    return f"({expression})" if " OR " in expression else expression


_decoder = msgspec.json.Decoder(LicenceFacts)
_encoder = msgspec.json.Encoder(order="deterministic")


def to_json(facts: LicenceFacts) -> str:
    """The facts as one line of JSON, the same text for the same facts."""
    return _encoder.encode(facts).decode()


def from_json(text: str) -> LicenceFacts:
    """The facts that `to_json` wrote. Another text is a fault of ours: `msgspec.DecodeError`."""
    return _decoder.decode(text)
