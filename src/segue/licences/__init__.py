"""Licence facts: what is stated about a piece, what follows for works made from it, and how it is said."""

from segue.licences.catalogue import CATALOGUE_VERSION
from segue.licences.identifiers import claim_of, facts_of
from segue.licences.meet import both, derived_from, meet
from segue.licences.model import AssertedBy, LicenceClass, LicenceFacts, Statement, from_json, to_json
from segue.licences.shown import Barrier, ShownLicence, seed_barrier, shown
from segue.licences.summary import CollectionSummary, summary
from segue.licences.words import (
    Language,
    StatedLine,
    attribution_line,
    barrier_line,
    commercial_line,
    condition_lines,
    credit_line,
    headline,
    stated_lines,
    summary_lines,
    use_lines,
)

__all__ = [
    "CATALOGUE_VERSION",
    "AssertedBy",
    "Barrier",
    "CollectionSummary",
    "Language",
    "LicenceClass",
    "LicenceFacts",
    "ShownLicence",
    "StatedLine",
    "Statement",
    "attribution_line",
    "barrier_line",
    "both",
    "claim_of",
    "commercial_line",
    "condition_lines",
    "credit_line",
    "derived_from",
    "facts_of",
    "from_json",
    "headline",
    "meet",
    "seed_barrier",
    "shown",
    "stated_lines",
    "summary",
    "summary_lines",
    "to_json",
    "use_lines",
]
