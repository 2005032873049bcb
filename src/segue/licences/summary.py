"""Pure. What may be said about several pieces that stand side by side: a collection, a playlist, a shared list.

They are not one work, so their terms do not meet: each keeps its own, and the badge is the weakest of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from segue.licences.model import LicenceClass, LicenceFacts
from segue.licences.shown import ShownLicence, shown


class CollectionSummary(msgspec.Struct, frozen=True):
    """The weakest terms, and how many of `tracks` have which.

    `licence` is None for an empty collection: without music there are no terms. `commercial` counts both
    commercial classes and `conditional` the part of it that needs conditions. `mixed` says that the terms of the
    members differ.
    """

    licence: ShownLicence | None
    mixed: bool
    credits: tuple[str, ...]
    tracks: int
    commercial: int
    conditional: int
    unclear: int
    attribution: int


def summary(members: Iterable[LicenceFacts]) -> CollectionSummary:
    """The summary of the members, in any order. One that may not be shared makes the whole not shareable."""
    facts = tuple(members)
    views = tuple(shown(each) for each in facts)
    classes = Counter(view.licence_class for view in views)
    return CollectionSummary(
        licence=_weakest(views) if views else None,
        mixed=len({_terms(each, view) for each, view in zip(facts, views, strict=True)}) > 1,
        credits=tuple(sorted({credit for each in facts for credit in each.credits})),
        tracks=len(views),
        commercial=sum(view.commercial_use for view in views),
        conditional=classes[LicenceClass.COMMERCIAL_ENTERPRISE],
        unclear=classes[LicenceClass.UNCLEAR],
        attribution=sum(view.requires_attribution for view in views),
    )


def _weakest(views: Sequence[ShownLicence]) -> ShownLicence:
    return ShownLicence(
        licence_class=min(view.licence_class for view in views),
        licence_version=max(view.licence_version for view in views),
        requires_attribution=any(view.requires_attribution for view in views),
        shareable=all(view.shareable for view in views),
        reason=min((view.reason for view in views if view.reason), default=None),
    )


def _terms(facts: LicenceFacts, view: ShownLicence) -> tuple[object, ...]:
    """What a listener would have to read again if it differed from the neighbour's."""
    return (
        view.licence_class,
        view.requires_attribution,
        view.shareable,
        facts.non_commercial,
        facts.no_derivatives,
        facts.share_alike,
        facts.conditions,
    )
