"""Pure. Every sentence that licence facts can become, as the shape that each language fills completely."""

from collections.abc import Mapping

import msgspec

from segue.licences.model import AssertedBy, LicenceClass
from segue.licences.shown import Barrier


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Words in braces are filled in; `one` speaks of the only track of a collection."""

    may_use: str
    may_use_credited: str
    may_use_unchanged: str
    may_use_conditionally: str
    may_keep: str
    not_stated: str
    partly_not_stated: str
    not_confirmed: str
    not_settled: str

    commercial: Mapping[LicenceClass, str]
    attribution_needed: str
    attribution_not_needed: str
    attribution_not_known: str

    stated: str
    stated_on: str
    silent: str
    own: str
    witness: Mapping[AssertedBy, str]
    date: str
    months: tuple[str, ...]

    non_commercial: str
    no_derivatives: str
    share_alike: str
    condition: Mapping[str, str]
    credit: str
    barrier: Mapping[Barrier, str]

    empty: str
    mixed: str
    commercial_all: str
    commercial_some: str
    commercial_some_conditional: str
    commercial_none: str
    one_commercial: str
    one_conditional: str
    one_not_commercial: str
    unclear_some: str
    one_unclear: str
    attribution_some: str
