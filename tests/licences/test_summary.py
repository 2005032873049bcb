from hypothesis import given
from hypothesis import strategies as st

from segue.licences import Barrier, LicenceClass, derived_from, facts_of, shown, summary
from segue.licences.catalogue import ROWS


def a(statement, *credits):  # noqa: A002 - as in the room
    return facts_of(statement, asserted_by="uploader", credits=credits)


def test_the_badge_is_the_weakest_and_every_credit_is_kept():
    found = summary([a("CC0-1.0", "Ada"), a("CC-BY-NC-4.0", "Bo"), a("CC-BY-4.0", "Ada", "Cy")])
    assert found.licence.licence_class == LicenceClass.PERSONAL_ONLY
    assert not found.licence.commercial_use
    assert found.licence.requires_attribution
    assert found.credits == ("Ada", "Bo", "Cy")
    assert (found.tracks, found.commercial, found.attribution, found.unclear) == (3, 2, 2, 0)
    assert found.mixed


def test_tracks_side_by_side_do_not_clash():
    members = [a("CC-BY-SA-4.0"), a("CC-BY-NC-4.0"), a("CC-BY-ND-4.0")]
    assert summary(members).licence.shareable
    assert not shown(derived_from(members)).shareable


def test_a_member_that_may_not_be_shared_holds_up_the_whole():
    found = summary([a("CC-BY-4.0"), derived_from([a("CC-BY-ND-4.0")])])
    assert (found.licence.shareable, found.licence.reason) == (False, Barrier.NO_DERIVATIVES)


def test_an_empty_collection_has_no_terms():
    found = summary([])
    assert (found.licence, found.tracks, found.mixed, found.credits) == (None, 0, False, ())


def test_equal_terms_are_not_mixed_whatever_the_names():
    assert not summary([a("CC-BY-3.0", "Ada"), a("CC-BY-4.0", "Bo")]).mixed
    assert summary([a("CC-BY-4.0"), a("CC-BY-SA-4.0")]).mixed


def test_an_unknown_track_makes_the_badge_unclear():
    found = summary([a("CC0-1.0"), a(None)])
    assert found.licence.licence_class == LicenceClass.UNCLEAR
    assert found.unclear == 1


members = st.lists(st.builds(a, st.sampled_from([*ROWS, None, "own"])), min_size=1, max_size=5)


@given(members)
def test_the_badge_is_never_better_than_a_member_and_no_worse_than_a_medley(facts):
    badge = summary(facts).licence
    for view in map(shown, facts):
        assert badge.licence_class <= view.licence_class
        assert badge.requires_attribution >= view.requires_attribution
        assert badge.shareable <= view.shareable
    medley = shown(derived_from(facts))
    assert badge.licence_class >= medley.licence_class
    assert badge.shareable >= medley.shareable


@given(members, st.randoms(use_true_random=False))
def test_order_does_not_matter(facts, random):
    shuffled = random.sample(facts, len(facts))
    assert summary(shuffled) == summary(facts)
