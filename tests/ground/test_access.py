"""Who may do what: nobody but the maker, and strangers do not even learn that a thing is there."""

import itertools

import pytest

from segue.access import Caller, may_read_track, owns, require_owner
from segue.errors import NotFound
from segue.ids import OrganizationId, UserId

ADA = Caller(UserId("usr_ada"), OrganizationId("org_acme"))


@pytest.mark.parametrize(
    ("organization_id", "owner_id", "own"),
    [
        ("org_acme", "usr_ada", True),
        ("org_acme", "usr_bob", False),
        ("org_other", "usr_ada", False),
        ("org_other", "usr_bob", False),
        ("", "", False),
    ],
)
def test_one_owns_what_one_made_in_the_organization_one_acts_in(organization_id, owner_id, own):
    assert owns(ADA, organization_id=organization_id, owner_id=owner_id) is own
    if own:
        require_owner(ADA, organization_id=organization_id, owner_id=owner_id, what="track")
    else:
        with pytest.raises(NotFound, match="There is no such track"):
            require_owner(ADA, organization_id=organization_id, owner_id=owner_id, what="track")


@pytest.mark.parametrize(
    ("organization_id", "creator_id", "saved"),
    list(itertools.product(["org_acme", "org_other"], ["usr_ada", "usr_bob"], [False, True])),
)
def test_a_track_is_read_by_its_creator_and_by_whoever_saved_it(organization_id, creator_id, saved):
    own = (organization_id, creator_id) == ("org_acme", "usr_ada")
    assert may_read_track(ADA, organization_id=organization_id, creator_id=creator_id, saved=saved) is (saved or own)
