"""Pure. The back of the sleeve: what a listener may do with what is shared, in lines that stand before any tap."""

from collections.abc import Sequence
from dataclasses import dataclass

from segue import licences
from segue.licences import LicenceFacts, StatedLine


@dataclass(frozen=True, slots=True)
class Back:
    """Lines to read, licences to follow up, and a credit to copy."""

    lines: tuple[str, ...]
    stated: tuple[StatedLine, ...]
    credit: str | None


def of_track(facts: LicenceFacts) -> Back:
    """The back of a single track."""
    return Back(licences.use_lines(facts), licences.stated_lines(facts), licences.credit_line(facts))


def of_collection(members: Sequence[LicenceFacts]) -> Back:
    """The back of a collection: the strictest rule and the counts. What a member allows stands beside the member."""
    if len(members) == 1:
        return of_track(members[0])
    together = licences.summary(members)
    credits_shown = "; ".join(together.credits) or None
    return Back(licences.summary_lines(together), (), credits_shown and f"Credits: {credits_shown}")
