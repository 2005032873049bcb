"""Pure. The terms of a work made from several: every duty of each ingredient, and nothing that one of them forbids.

It combines raw facts only, so that order and grouping do not matter; what they allow is `shown` at the end.
"""

from collections.abc import Iterable
from functools import reduce

import msgspec

from segue.licences.catalogue import unstated
from segue.licences.model import LicenceFacts


def both(a: LicenceFacts, b: LicenceFacts) -> LicenceFacts:
    """The terms of a work to which both apply: the lower class, the union of all duties."""
    return LicenceFacts(
        licence_class=min(a.licence_class, b.licence_class),
        requires_attribution=a.requires_attribution or b.requires_attribution,
        licence_version=max(a.licence_version, b.licence_version),
        statements=a.statements | b.statements,
        non_commercial=a.non_commercial or b.non_commercial,
        no_derivatives=a.no_derivatives or b.no_derivatives,
        share_alike=a.share_alike | b.share_alike,
        conditions=a.conditions | b.conditions,
        credits=a.credits | b.credits,
        origins=a.origins | b.origins,
        adapted=a.adapted or b.adapted,
    )


def meet(a: LicenceFacts, b: LicenceFacts) -> LicenceFacts:
    """The terms of an adaptation of both. Commutative, associative, and but for the mark idempotent.

    CC0 adds its name and nothing else. No ingredient shows less than the result in any of the four facts.
    """
    return msgspec.structs.replace(both(a, b), adapted=True)


def derived_from(ingredients: Iterable[LicenceFacts]) -> LicenceFacts:
    """The terms of a work made from the ingredients, one of them included. From nothing known comes `unclear`."""
    parts = tuple(ingredients) or (unstated("engine"),)
    return msgspec.structs.replace(reduce(both, parts), adapted=True)
