import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.licences import (
    Barrier,
    LicenceClass,
    LicenceFacts,
    Statement,
    derived_from,
    facts_of,
    meet,
    seed_barrier,
    shown,
)
from segue.licences.catalogue import ROWS

CLEARED, ENTERPRISE = LicenceClass.COMMERCIAL_CLEARED, LicenceClass.COMMERCIAL_ENTERPRISE
PERSONAL, UNCLEAR = LicenceClass.PERSONAL_ONLY, LicenceClass.UNCLEAR

CC0 = facts_of("CC0-1.0", asserted_by="engine")
CONDITIONED = LicenceFacts(
    licence_class=ENTERPRISE,
    requires_attribution=True,
    licence_version="2026-11",
    statements=frozenset({Statement("operator", name="Stability AI Community Licence")}),
    conditions=frozenset({"Yearly revenue below one million US dollars."}),
)

leaves = st.builds(
    facts_of,
    st.sampled_from([*ROWS, None, "own", "LAL-1.3", "CC-BY-SA-4.0 AND CC-BY-NC-4.0", "CC-BY-ND-4.0 OR GPL-3.0-only"]),
    asserted_by=st.sampled_from(["engine", "operator", "uploader", "file"]),
    credits=st.lists(st.sampled_from(["Ada", "Bo", "Cy"]), max_size=2),
) | st.just(CONDITIONED)
trees = st.recursive(leaves, lambda inner: st.builds(meet, inner, inner), max_leaves=6)


def a(statement: str | None) -> LicenceFacts:
    return facts_of(statement, asserted_by="uploader")


@pytest.mark.parametrize(
    ("left", "right", "licence_class", "attribution", "reason"),
    [
        ("CC-BY-4.0", "CC-BY-SA-4.0", CLEARED, True, None),
        ("CC-BY-SA-4.0", "CC-BY-NC-4.0", PERSONAL, True, Barrier.CLASH),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", PERSONAL, True, Barrier.CLASH),
        ("CC-BY-SA-4.0", "own", PERSONAL, True, Barrier.CLASH),
        ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", PERSONAL, True, None),
        ("CC-BY-SA-2.0", "CC-BY-SA-4.0", CLEARED, True, None),
        ("CC-BY-SA-1.0", "CC-BY-SA-4.0", PERSONAL, True, Barrier.CLASH),
        ("CC-BY-NC-SA-1.0", "CC-BY-NC-SA-4.0", PERSONAL, True, Barrier.CLASH),
        ("CC-BY-ND-4.0", "CC0-1.0", PERSONAL, True, Barrier.NO_DERIVATIVES),
        ("CC-BY-NC-ND-4.0", "CC-BY-SA-4.0", PERSONAL, True, Barrier.NO_DERIVATIVES),
        ("CC-BY-ND-4.0", None, UNCLEAR, True, Barrier.NO_DERIVATIVES),
        ("CC0-1.0", "CC0-1.0", CLEARED, False, None),
        ("CC0-1.0", "Unlicense", CLEARED, False, None),
        ("CC0-1.0", "MIT", CLEARED, True, None),
        ("own", "CC-BY-4.0", PERSONAL, True, None),
        ("CC-BY-4.0", None, UNCLEAR, True, Barrier.UNKNOWN_TERMS),
        ("CC0-1.0", "GPL-2.0-only", UNCLEAR, True, Barrier.UNKNOWN_TERMS),
        ("CC0-1.0", "CC-PDM-1.0", UNCLEAR, False, Barrier.UNKNOWN_TERMS),
    ],
)
def test_two_ingredients_make(left, right, licence_class, attribution, reason):
    view = shown(meet(a(left), a(right)))
    assert (view.licence_class, view.requires_attribution, view.reason) == (licence_class, attribution, reason)
    assert view.shareable == (reason is None)
    assert view.commercial_use == licence_class.commercial_use


def test_attribution_beside_share_alike_keeps_share_alike():
    assert meet(a("CC-BY-4.0"), a("CC-BY-SA-3.0")).share_alike == {"CC-BY-SA"}


def test_an_unchanged_no_derivatives_work_is_cleared_and_a_seed_from_it_is_not():
    assert shown(a("CC-BY-ND-4.0")).shareable
    assert shown(a("CC-BY-ND-4.0")).licence_class == CLEARED
    seeded = shown(derived_from([a("CC-BY-ND-4.0")]))
    assert (seeded.licence_class, seeded.shareable) == (PERSONAL, False)


def test_conditions_of_an_engine_stay():
    facts = meet(CONDITIONED, CC0)
    assert shown(facts).licence_class == ENTERPRISE
    assert shown(facts).commercial_use
    assert facts.conditions >= CONDITIONED.conditions


def test_a_conjunction_in_one_statement_is_no_adaptation_but_its_terms_may_clash():
    assert shown(a("CC-BY-ND-4.0 AND CC-BY-4.0")).shareable
    view = shown(a("CC-BY-SA-4.0 AND CC-BY-NC-4.0"))
    assert (view.licence_class, view.reason) == (PERSONAL, Barrier.CLASH)


def test_from_nothing_known_comes_unclear():
    view = shown(derived_from([]))
    assert (view.licence_class, view.requires_attribution, view.reason) == (UNCLEAR, True, Barrier.UNKNOWN_TERMS)


@pytest.mark.parametrize(
    ("statement", "asserted_by", "foreign"),
    [
        ("CC-BY-4.0", "uploader", None),
        ("CC-BY-NC-4.0", "uploader", None),
        ("CC-BY-ND-4.0", "uploader", Barrier.NO_DERIVATIVES),
        ("own", "uploader", Barrier.RESERVED),
        (None, "uploader", Barrier.UNKNOWN_TERMS),
        ("GPL-3.0-only", "uploader", Barrier.UNKNOWN_TERMS),
        ("CC0-1.0", "file", Barrier.UNKNOWN_TERMS),
    ],
)
def test_a_seed_is_refused_to_strangers_and_never_to_its_owner(statement, asserted_by, foreign):
    facts = facts_of(statement, asserted_by=asserted_by)
    assert seed_barrier(facts, owned=False) == foreign
    assert seed_barrier(derived_from([facts]), owned=False) == foreign
    assert seed_barrier(facts, owned=True) is None


@given(trees, trees)
def test_order_does_not_matter(left, right):
    assert meet(left, right) == meet(right, left)


@given(trees, trees, trees)
def test_grouping_does_not_matter(one, two, three):
    assert meet(meet(one, two), three) == meet(one, meet(two, three)) == derived_from([three, one, two])


@given(trees)
def test_the_same_twice_is_the_same_but_for_the_mark(facts):
    assert meet(facts, facts) == derived_from([facts]) == msgspec.structs.replace(facts, adapted=True)


@given(trees)
def test_cc0_adds_its_name_and_the_changed_mark_only(facts):
    result = meet(CC0, facts)
    assert shown(result) == shown(derived_from([facts]))
    bare = msgspec.structs.replace(result, statements=facts.statements)
    assert bare == msgspec.structs.replace(facts, adapted=True)


@given(st.lists(trees, min_size=1, max_size=4))
def test_a_work_is_never_better_than_an_ingredient(ingredients):
    result = shown(derived_from(ingredients))
    for each in map(shown, ingredients):
        assert result.licence_class <= each.licence_class
        assert result.commercial_use <= each.commercial_use
        assert result.requires_attribution >= each.requires_attribution
        assert result.shareable <= each.shareable


@given(trees)
def test_what_is_shown_follows_from_the_facts_alone(facts):
    view = shown(facts)
    assert view.shareable == (view.reason is None)
    assert view.licence_class <= facts.licence_class
    if facts.adapted and view.licence_class == UNCLEAR:
        assert not view.shareable
    if facts.asserted_by == "file":
        assert view.licence_class == UNCLEAR


@given(trees, trees)
def test_no_credit_and_no_condition_is_lost(left, right):
    result = meet(left, right)
    assert result.credits == left.credits | right.credits
    assert result.conditions == left.conditions | right.conditions
    assert result.statements == left.statements | right.statements
