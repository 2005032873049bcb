"""Pure. Whether a link is open: the one gate that the page, the JSON and every byte behind them ask."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from segue.clock import DAY_S
from segue.errors import Invalid, NotFound
from segue.limits import LABEL_CHARS_MAX, SHARE_OPENS_MAX
from segue.settings import Settings

VISIBILITIES = ("link_only", "public")


class Standing(StrEnum):
    """Where a link stands. Whoever holds it sees two answers only: open, or the one dead answer."""

    OPEN = "open"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED_UP = "used_up"
    OWNER_GONE = "owner_gone"


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What decides about a link: its own terms, and whether its owner may still share."""

    revoked_at: int | None
    expires_at: int | None
    max_opens: int | None
    opens: int
    owner_gone: bool


def standing(terms: Terms | None, now: int) -> Standing:
    """Where a link stands at a moment. No link stands as unknown."""
    if terms is None:
        return Standing.UNKNOWN
    if terms.revoked_at is not None:
        return Standing.REVOKED
    if terms.expires_at is not None and terms.expires_at <= now:
        return Standing.EXPIRED
    if terms.owner_gone:
        return Standing.OWNER_GONE
    if terms.max_opens is not None and terms.opens >= terms.max_opens:
        return Standing.USED_UP
    return Standing.OPEN


def dead() -> NotFound:
    """The one answer for a link that is not open, whatever the reason."""
    return NotFound(
        "This share link is no longer available.", system_message="Share token invalid, revoked, or expired"
    )


def still_plays(stands: Standing) -> bool:
    """Whether what was opened may go on playing: a link that is used up stops further opens, not running ones."""
    return stands in {Standing.OPEN, Standing.USED_UP}


def expiry(days: int | None, settings: Settings, *, now: int) -> int | None:
    """When a new link ends. Longer wishes than the operator allows are cut, as the API says; None is for ever."""
    wished = days if days is not None else settings.share_days_default
    if wished is None and not settings.share_never_allowed:
        wished = settings.share_days_max
    return None if wished is None else now + min(wished, settings.share_days_max) * DAY_S


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a link. Nothing said: for whoever has it, for ever, as often as they like."""

    visibility: str = "link_only"
    expires_in_days: int | None = None
    label: str | None = None
    max_opens: int | None = None
    allow_save: bool = True


def check_wish(wish: Wish) -> None:
    """Raises `Invalid` with every fault in what somebody wants of a link."""
    faults = {}
    if wish.visibility not in VISIBILITIES:
        faults["visibility"] = "Expected link_only or public."
    if wish.expires_in_days is not None and wish.expires_in_days < 1:
        faults["expires_in_days"] = "Expected a whole number of at least 1."
    if wish.label is not None and (len(wish.label) > LABEL_CHARS_MAX or not wish.label.isprintable()):
        faults["label"] = f"A label is one line of at most {LABEL_CHARS_MAX} characters."
    if wish.max_opens is not None and not 1 <= wish.max_opens <= SHARE_OPENS_MAX:
        faults["max_opens"] = f"Expected a whole number from 1 to {SHARE_OPENS_MAX}."
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)
