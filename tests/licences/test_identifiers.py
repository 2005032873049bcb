import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_license_index

from segue.errors import Invalid
from segue.licences import LicenceClass, claim_of, facts_of, shown
from segue.licences.identifiers import NESTING_MAX, STATEMENT_CHARS_MAX

CLEARED, PERSONAL, UNCLEAR = LicenceClass.COMMERCIAL_CLEARED, LicenceClass.PERSONAL_ONLY, LicenceClass.UNCLEAR

TABLE = [
    # statement, class, commercial use, attribution
    ("CC0-1.0", CLEARED, True, False),
    ("Unlicense", CLEARED, True, False),
    ("0BSD", CLEARED, True, False),
    ("CC-PDM-1.0", UNCLEAR, False, False),
    ("PDDL-1.0", UNCLEAR, False, False),
    ("CC-BY-4.0", CLEARED, True, True),
    ("CC-BY-SA-3.0", CLEARED, True, True),
    ("CC-BY-ND-4.0", CLEARED, True, True),
    ("CC-BY-NC-2.5", PERSONAL, False, True),
    ("CC-BY-NC-SA-4.0", PERSONAL, False, True),
    ("CC-BY-NC-ND-4.0", PERSONAL, False, True),
    ("MIT", CLEARED, True, True),
    ("BSD-3-Clause", CLEARED, True, True),
    ("Apache-2.0", CLEARED, True, True),
    ("GPL-3.0-or-later", UNCLEAR, False, True),
    ("GPL-2.0-only WITH Font-exception-2.0", UNCLEAR, False, True),
    ("MPL-2.0", UNCLEAR, False, True),
    ("own", PERSONAL, False, True),
    ("NOASSERTION", UNCLEAR, False, True),
    ("none", UNCLEAR, False, True),
    ("", UNCLEAR, False, True),
    (" \n", UNCLEAR, False, True),
    (None, UNCLEAR, False, True),
    ("CC-BY-NC-4.0 OR CC-BY-4.0", CLEARED, True, True),
    ("GPL-2.0-only OR CC-BY-NC-4.0", PERSONAL, False, True),
    ("CC0-1.0 AND CC-BY-NC-4.0", PERSONAL, False, True),
    ("CC-BY-4.0 AND LAL-1.3", UNCLEAR, False, True),
    ("MIT AND (GPL-2.0-only OR CC0-1.0)", CLEARED, True, True),
]


@pytest.mark.parametrize(("statement", "licence_class", "commercial_use", "attribution"), TABLE)
def test_a_statement_shows(statement, licence_class, commercial_use, attribution):
    facts = facts_of(statement, asserted_by="uploader")
    view = shown(facts)
    assert (view.licence_class, view.commercial_use, view.requires_attribution) == (
        licence_class,
        commercial_use,
        attribution,
    )
    assert view.licence_version == "2026-11"
    assert view.shareable
    assert not facts.adapted


@pytest.mark.parametrize("statement", [row[0] for row in TABLE])
def test_what_only_a_file_says_is_unclear(statement):
    view = shown(facts_of(statement, asserted_by="file"))
    assert (view.licence_class, view.requires_attribution, view.shareable) == (UNCLEAR, True, True)


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("cc-by-4.0", "CC-BY-4.0"),
        (" Mit ", "MIT"),
        ("OWN", "own"),
        ("mit or (cc0-1.0)", "MIT OR CC0-1.0"),
        ("mit and apache-2.0", "Apache-2.0 AND MIT"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("Net-SNMP", "Net-SNMP"),
        ("cc-by-sa-3.0+", "CC-BY-SA-3.0+"),
        ("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc/3.0/de/deed.de", "CC-BY-NC-3.0-DE"),
        ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0"),
    ],
)
def test_spellings_are_normalised(statement, expression):
    assert facts_of(statement, asserted_by="operator").expression == expression


def test_a_choice_takes_the_better_one_and_names_it():
    facts = facts_of("CC-BY-NC-4.0 OR CC-BY-SA-4.0 OR CC-BY-4.0", asserted_by="uploader")
    assert facts.names == ("CC BY 4.0",)
    assert facts.expression == "CC-BY-NC-4.0 OR CC-BY-SA-4.0 OR CC-BY-4.0"
    assert not facts.share_alike


def test_a_choice_that_cannot_be_shared_is_the_worse_one():
    facts = facts_of("(CC-BY-SA-4.0 AND CC-BY-NC-4.0) OR CC-BY-NC-SA-4.0", asserted_by="uploader")
    assert facts.names == ("CC BY-NC-SA 4.0",)
    assert shown(facts).shareable


def test_every_identifier_of_the_spdx_list_is_accepted():
    listed = [entry for entry in get_license_index() if not entry.get("is_exception")]
    names = {entry.get("spdx_license_key") or "LicenseRef-" for entry in listed}
    for name in names:
        if not name.startswith("LicenseRef-"):
            assert facts_of(name.upper(), asserted_by="uploader").expression == name


@pytest.mark.parametrize(
    "statement",
    [
        "CC-BY-5.0",
        "royalty free",
        "own OR MIT",
        "LicenseRef-mine",
        "LicenseRef-scancode-public-domain",
        "MIT+ +",
        "MIT WITH Apache-2.0",
        "LLVM-exception",
        "MIT WITH (LLVM-exception)",
        "MIT AND",
        "AND",
        "OR MIT",
        "MIT MIT",
        "()",
        "MIT ()",
        "(MIT",
        "MIT)",
        ")MIT(",
        "MIT\x00",
        "MIT\x1c",
        "MIT\nOR\nMIT",
        "ＭＩＴ",
        "MIT; DROP TABLE",
        "<script>",
        "MIT" * STATEMENT_CHARS_MAX,
        "(" * 99 + "MIT" + ")" * 98,
        "(" * (NESTING_MAX + 1) + "MIT" + ")" * (NESTING_MAX + 1),
    ],
)
def test_what_cannot_be_named_is_refused_in_one_sentence(statement):
    with pytest.raises(Invalid) as refused:
        facts_of(statement, asserted_by="uploader")
    (fault,) = refused.value.details["errors"]
    assert fault == {"field": "licence", "message": refused.value.message}
    assert refused.value.message.endswith(".")
    assert claim_of(statement).expression is None


def test_brackets_up_to_the_limit_are_read():
    assert facts_of("(" * NESTING_MAX + "MIT" + ")" * NESTING_MAX, asserted_by="uploader").expression == "MIT"


@given(st.one_of(st.text(max_size=250), st.text(alphabet="()MITandorwih +-.0\n\x00", max_size=210)))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(Invalid):
        assert facts_of(text, asserted_by="uploader").licence_version == "2026-11"
    assert shown(claim_of(text)).licence_class == UNCLEAR


WORDS = st.sampled_from(["(", ")", "AND", "or", "with", "MIT", "CC-BY-4.0", "GPL-2.0+", "LLVM-exception", "()"])


@given(st.lists(WORDS, max_size=12))
def test_any_row_of_words_is_read_or_refused(words):
    claim = claim_of(" ".join(words))
    assert shown(claim).licence_class == UNCLEAR


def test_a_claim_that_can_be_read_keeps_its_terms():
    claim = claim_of("https://creativecommons.org/licenses/by/4.0/", credits=["Ada"])
    assert claim.expression == "CC-BY-4.0"
    assert claim.credits == {"Ada"}
    assert claim_of("MIT", credits=["\x1b[31m"]).credits == frozenset()


def test_credits_are_trimmed_and_blank_ones_dropped():
    assert facts_of("MIT", asserted_by="uploader", credits=[" Ada ", "", "Ada"]).credits == {"Ada"}


@pytest.mark.parametrize("credit", ["a" * 1025, "Ada\nBo", "Ada\u202e", "\x07"])
def test_a_credit_is_one_line_of_bounded_length(credit):
    with pytest.raises(Invalid) as refused:
        facts_of("MIT", asserted_by="uploader", credits=[credit])
    assert refused.value.details["errors"][0]["field"] == "credits"
