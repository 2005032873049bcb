"""Pure. What each licence identifier of the SPDX list means for a piece of music, by version and frozen.

An edit is a new version with a golden file of its own: facts that were stated under an old one keep its name.
An identifier without a row is `unclear`. Nothing here is legal advice; where a question is open, the cautious
answer stands.
"""

from collections.abc import Iterator

import msgspec

from segue.licences.model import AssertedBy, LicenceClass, LicenceFacts, Statement

CATALOGUE_VERSION = "2026-11"


class Row(msgspec.Struct, frozen=True):
    """The facts of one identifier, with the name people know it by and the address of its text."""

    name: str
    url: str
    licence_class: LicenceClass
    requires_attribution: bool = True
    non_commercial: bool = False
    no_derivatives: bool = False
    share_alike: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()


_CC_VERSIONS = {
    "BY": "1.0 2.0 2.5 2.5-AU 3.0 3.0-AT 3.0-AU 3.0-DE 3.0-IGO 3.0-NL 3.0-US 4.0",
    "BY-SA": "1.0 2.0 2.0-UK 2.1-JP 2.5 3.0 3.0-AT 3.0-DE 3.0-IGO 4.0",
    "BY-ND": "1.0 2.0 2.5 3.0 3.0-DE 4.0",
    "BY-NC": "1.0 2.0 2.5 3.0 3.0-DE 4.0",
    "BY-NC-SA": "1.0 2.0 2.0-DE 2.0-FR 2.0-UK 2.5 3.0 3.0-DE 3.0-IGO 4.0",
    "BY-NC-ND": "1.0 2.0 2.5 3.0 3.0-DE 3.0-IGO 4.0",
}

# Given away by their authors without a duty.
_GIVEN_AWAY = {"CC0-1.0": "CC0 1.0", "Unlicense": "The Unlicense", "0BSD": "BSD Zero Clause License"}

# Written for programs; on a piece of music they allow everything and ask that the notice stays.
_NOTICE = {
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "BSD-1-Clause": "BSD 1-Clause License",
    "BSD-2-Clause": "BSD 2-Clause License",
    "BSD-2-Clause-Patent": "BSD 2-Clause Plus Patent License",
    "BSD-2-Clause-Views": "BSD 2-Clause License with views sentence",
    "BSD-3-Clause": "BSD 3-Clause License",
    "BSD-3-Clause-Clear": "BSD 3-Clause Clear License",
}

# A work is free where its term has run out or where its law lets an author give it up: without the country
# and the reason, the words alone clear nothing.
_PUBLIC_DOMAIN = {
    "CC-PDDC": "Creative Commons Public Domain Dedication and Certification",
    "CC-PDM-1.0": "Public Domain Mark 1.0",
    "PDDL-1.0": "Open Data Commons Public Domain Dedication 1.0",
}

# What "source" and "linking" are for a recording is an open question.
_GNU = {"GPL": "1.0 2.0 3.0", "LGPL": "2.0 2.1 3.0", "AGPL": "1.0 3.0", "GFDL": "1.1 1.2 1.3"}

_CC_URLS = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-PDDC": "https://creativecommons.org/licenses/publicdomain/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    # The first version put the words the other way round.
    "CC-BY-NC-ND-1.0": "https://creativecommons.org/licenses/by-nd-nc/1.0/",
}


def spdx_url(identifier: str) -> str:
    """The page of the SPDX list that holds the text of any identifier on it."""
    return f"https://spdx.org/licenses/{identifier}.html"


def _family(kind: str, version: str) -> str:
    """The share-alike family. 1.0 had no "or a later version" and stands alone."""
    return f"CC-{kind}-1.0" if version == "1.0" else f"CC-{kind}"


def _creative_commons(kind: str, version: str) -> tuple[str, Row]:
    identifier = f"CC-{kind}-{version}"
    path = f"{kind}/{version.replace('-', '/')}".lower()
    terms = kind.split("-")
    return identifier, Row(
        name=f"CC {kind} {version.replace('-', ' ')}",
        url=_CC_URLS.get(identifier, f"https://creativecommons.org/licenses/{path}/"),
        licence_class=LicenceClass.PERSONAL_ONLY if "NC" in terms else LicenceClass.COMMERCIAL_CLEARED,
        non_commercial="NC" in terms,
        no_derivatives="ND" in terms,
        share_alike=frozenset({_family(kind, version)} if "SA" in terms else ()),
        conditions=frozenset(() if "ND" in terms else {"say_changed"}),
    )


def _plain(
    names: dict[str, str], licence_class: LicenceClass, *, requires_attribution: bool, conditions: tuple[str, ...] = ()
) -> Iterator[tuple[str, Row]]:
    for identifier, name in names.items():
        url = _CC_URLS.get(identifier, spdx_url(identifier))
        yield (
            identifier,
            Row(name, url, licence_class, requires_attribution=requires_attribution, conditions=frozenset(conditions)),
        )


def _gnu_names() -> dict[str, str]:
    return {
        f"{kind}-{version}-{suffix}": f"GNU {kind} {version} {suffix.replace('-', ' ')}"
        for kind, versions in _GNU.items()
        for version in versions.split()
        for suffix in ("only", "or-later")
    }


def _rows() -> Iterator[tuple[str, Row]]:
    cleared, unclear = LicenceClass.COMMERCIAL_CLEARED, LicenceClass.UNCLEAR
    yield from _plain(_GIVEN_AWAY, cleared, requires_attribution=False)
    yield from _plain(_NOTICE, cleared, requires_attribution=True, conditions=("keep_notice",))
    yield from _plain(_PUBLIC_DOMAIN, unclear, requires_attribution=False)
    yield from _plain(_gnu_names(), unclear, requires_attribution=True)
    for kind, versions in _CC_VERSIONS.items():
        for version in versions.split():
            yield _creative_commons(kind, version)


ROWS: dict[str, Row] = dict(_rows())


def stated(row: Row, expression: str, asserted_by: AssertedBy) -> LicenceFacts:
    """The facts of a row on somebody's word, under the name of this version."""
    return LicenceFacts(
        licence_class=row.licence_class,
        requires_attribution=row.requires_attribution,
        licence_version=CATALOGUE_VERSION,
        statements=frozenset({Statement(asserted_by, expression, row.name, row.url)}),
        non_commercial=row.non_commercial,
        no_derivatives=row.no_derivatives,
        share_alike=row.share_alike,
        conditions=row.conditions,
    )


def unstated(asserted_by: AssertedBy) -> LicenceFacts:
    """The facts of silence: `unclear`, and the maker named to be on the right side."""
    return LicenceFacts(
        licence_class=LicenceClass.UNCLEAR,
        requires_attribution=True,
        licence_version=CATALOGUE_VERSION,
        statements=frozenset({Statement(asserted_by)}),
    )
