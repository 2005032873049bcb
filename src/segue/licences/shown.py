"""Pure. What may be said about a piece, worked out from its raw facts at the end and never stored in them.

It owns the rules that lower a class and that forbid giving a work out; it never raises anything.
"""

from enum import StrEnum

import msgspec

from segue.licences.model import OWN, LicenceClass, LicenceFacts


class Barrier(StrEnum):
    """Why something may not be done with a work that is made from others."""

    NO_DERIVATIVES = "no_derivatives"
    CLASH = "clash"
    UNKNOWN_TERMS = "unknown_terms"
    RESERVED = "reserved"


class ShownLicence(msgspec.Struct, frozen=True):
    """The four facts that pages, answers, files and archives repeat, and why it may not be shared, if so."""

    licence_class: LicenceClass
    licence_version: str
    requires_attribution: bool
    shareable: bool
    reason: Barrier | None = None

    @property
    def commercial_use(self) -> bool:
        return self.licence_class.commercial_use


def shown(facts: LicenceFacts) -> ShownLicence:
    """What the facts allow to say.

    A claim that only a file makes is `unclear` until a person confirms it. A forbidden adaptation may still be
    made and kept in private, so it is `personal_only` at most. Unknown terms hold up a work made from others;
    an upload with unknown terms may be passed on by link, since the page then says so.
    """
    claimed = facts.asserted_by == "file"
    licence_class, reason = permitted(facts)
    if claimed:
        licence_class = LicenceClass.UNCLEAR
    if reason is None and facts.adapted and licence_class == LicenceClass.UNCLEAR:
        reason = Barrier.UNKNOWN_TERMS
    return ShownLicence(
        licence_class=licence_class,
        licence_version=facts.licence_version,
        requires_attribution=facts.requires_attribution or claimed,
        shareable=reason is None,
        reason=reason,
    )


def permitted(facts: LicenceFacts) -> tuple[LicenceClass, Barrier | None]:
    """The class that the licences allow, whoever stated them, and which of their terms forbids giving it out."""
    reason = _forbidden(facts)
    if reason is None:
        return facts.licence_class, None
    return min(facts.licence_class, LicenceClass.PERSONAL_ONLY), reason


def seed_barrier(facts: LicenceFacts, *, owned: bool) -> Barrier | None:
    """Why the piece may not be the seed of a new one, or None. Whoever owns it may always use it.

    The rights that a maker has kept (`own`) are no terms under which somebody else may build on it.
    """
    if owned:
        return None
    if facts.no_derivatives:
        return Barrier.NO_DERIVATIVES
    if any(statement.expression == OWN for statement in facts.statements):
        return Barrier.RESERVED
    return Barrier.UNKNOWN_TERMS if shown(facts).licence_class == LicenceClass.UNCLEAR else None


def _forbidden(facts: LicenceFacts) -> Barrier | None:
    if facts.no_derivatives and facts.adapted:
        return Barrier.NO_DERIVATIVES
    return Barrier.CLASH if _terms_clash(facts) else None


def _terms_clash(facts: LicenceFacts) -> bool:
    """Two share-alike families, or one that allows commercial use beside material that does not."""
    plain = any(not family.startswith("CC-BY-NC-SA") for family in facts.share_alike)
    return len(facts.share_alike) > 1 or (plain and facts.non_commercial)
