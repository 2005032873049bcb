"""Pure. The licence sentences in English. They promise nothing that the facts do not state."""

from segue.licences.model import LicenceClass
from segue.licences.shown import Barrier
from segue.licences.vocabulary import Vocabulary

_ASK = "Ask the person who shared it before you use it."

ENGLISH = Vocabulary(
    may_use="You may use it commercially.",
    may_use_credited="You may use it commercially if you credit it.",
    may_use_unchanged="You may use it commercially if you credit it and leave it unchanged.",
    may_use_conditionally="You may use it commercially only if you meet the stated conditions.",
    may_keep="You may listen and keep it for yourself.",
    not_stated=f"The licence is not stated. {_ASK}",
    partly_not_stated=f"The licence of a part of it is not stated. {_ASK}",
    not_confirmed=f"The file names a licence that nobody has confirmed. {_ASK}",
    not_settled=f"It is not clear what the named licence allows for music. {_ASK}",
    commercial={
        LicenceClass.UNCLEAR: "Commercial use: not known.",
        LicenceClass.PERSONAL_ONLY: "Commercial use: no.",
        LicenceClass.COMMERCIAL_ENTERPRISE: "Commercial use: only under the stated conditions.",
        LicenceClass.COMMERCIAL_CLEARED: "Commercial use: yes.",
    },
    attribution_needed="Attribution: needed.",
    attribution_not_needed="Attribution: not needed.",
    attribution_not_known="Attribution: not known.",
    stated="Licence: {name}, as stated by {witness}.",
    stated_on="Licence: {name}, as stated by {witness} on {date}.",
    silent="Licence: not stated.",
    own="the maker's own work, other rights kept",
    witness={
        "engine": "the publisher of the engine",
        "operator": "the operator of this server",
        "uploader": "the person who shared it",
        "file": "the file itself, confirmed by nobody",
    },
    date="{day} {month} {year}",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    non_commercial="Not for commercial purposes.",
    no_derivatives="You may not share changed versions of it.",
    share_alike="If you share a changed version, share it under {family} as well.",
    condition={
        "say_changed": "If you share a changed version, say that you changed it.",
        "keep_notice": "Keep the copyright and licence notice with copies.",
    },
    credit="Credit: {names}",
    barrier={
        Barrier.NO_DERIVATIVES: "It is made from a work that may not be shared in changed form. Keep it for yourself.",
        Barrier.CLASH: "It is made from works whose licences cannot be met together. Keep it for yourself.",
        Barrier.UNKNOWN_TERMS: "The licence of something it is made from is not known. State that licence first.",
        Barrier.RESERVED: "The maker has kept the right to build on it. Ask them for a licence first.",
    },
    empty="There are no tracks here, so there are no terms to state.",
    mixed="The terms differ from track to track.",
    commercial_all="All {tracks} may be used commercially.",
    commercial_some="{commercial} of {tracks} may be used commercially.",
    commercial_some_conditional=(
        "{commercial} of {tracks} may be used commercially, {conditional} of them only under the stated conditions."
    ),
    commercial_none="None of the {tracks} is cleared for commercial use.",
    one_commercial="It may be used commercially.",
    one_conditional="It may be used commercially only under the stated conditions.",
    one_not_commercial="It is not cleared for commercial use.",
    unclear_some=f"For {{unclear}} of {{tracks}} it is not clear what you may do. {_ASK}",
    one_unclear=f"It is not clear what you may do. {_ASK}",
    attribution_some="Attribution: needed for {attribution} of {tracks}.",
)
