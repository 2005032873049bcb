"""Pure. What somebody declares about the terms of a track, and the facts that follow from it.

A declaration is its maker's word and is kept as such; what it allows is worked out by `licences`.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from segue import licences
from segue.errors import Invalid
from segue.licences import LicenceFacts
from segue.limits import CREDIT_CHARS_MAX, SOURCE_CHARS_MAX
from segue.tracks import titles


@dataclass(frozen=True, slots=True)
class Declaration:
    """An SPDX identifier or `own`, who is to be credited, and where the music can be found. None says nothing."""

    licence: str | UnsetType | None = UNSET
    credits: str | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET

    def __bool__(self) -> bool:
        return not (self.licence is UNSET and self.credits is UNSET and self.source is UNSET)


def declared(said: Declaration, before: LicenceFacts | None = None) -> LicenceFacts:
    """The facts after the declaration; what it leaves unset stays as `before`. Raises `Invalid` with every fault."""
    faults: dict[str, str] = {}
    facts = before or licences.facts_of(None, asserted_by="uploader")
    named, origins = facts.credits, facts.origins
    if said.licence is not UNSET:
        try:
            facts = licences.facts_of(said.licence, asserted_by="uploader")
        except Invalid as error:
            faults["licence"] = error.message
    if said.credits is not UNSET:
        credit = titles.clean(said.credits or "")
        named = frozenset({credit} if credit else ())
        if len(credit) > CREDIT_CHARS_MAX:
            faults["credits"] = f"Credits have at most {CREDIT_CHARS_MAX} characters."
    if said.source is not UNSET:
        origins = frozenset({said.source} if said.source else ())
        if said.source and not _is_address(said.source):
            faults["source"] = f"A source is an http address of at most {SOURCE_CHARS_MAX} characters."
    if faults:
        raise Invalid(next(iter(faults.values())), faults=faults)
    return msgspec.structs.replace(facts, credits=named, origins=origins)


def licence_columns(facts: LicenceFacts) -> dict[str, Any]:
    """The facts as they rest, and what they show, which is kept beside them: always written together."""
    shown = licences.shown(facts)
    return {
        "licence": licences.to_json(facts),
        "licence_class": shown.licence_class.value,
        "licence_version": shown.licence_version,
        "requires_attribution": shown.requires_attribution,
        "shareable": shown.shareable,
    }


def _is_address(text: str) -> bool:
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and text.startswith(("https://", "http://")) and len(text) <= SOURCE_CHARS_MAX
