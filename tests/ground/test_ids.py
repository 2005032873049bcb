"""Ids: a prefix and twelve hexadecimal digits, no two alike."""

import re

import pytest

from segue import ids

MAKERS = {
    "org": ids.new_organization_id,
    "usr": ids.new_user_id,
    "ak": ids.new_api_key_id,
    "mtrack": ids.new_track_id,
    "mlib": ids.new_library_id,
    "mcoll": ids.new_collection_id,
    "mslink": ids.new_share_id,
    "mgen": ids.new_generation_id,
    "mfocus": ids.new_focus_id,
    "sess": ids.new_session_id,
    "inv": ids.new_invitation_id,
    "req": ids.new_request_id,
}


@pytest.mark.parametrize("prefix", MAKERS)
def test_a_new_id_has_its_shape_and_is_new(prefix):
    made = [MAKERS[prefix]() for _ in range(200)]
    assert len(set(made)) == 200
    assert all(re.fullmatch(prefix + "_[0-9a-f]{12}", each) for each in made)
    assert all(ids.has_prefix(each, prefix) for each in made)


def test_every_maker_is_in_the_table():
    assert {name for name in vars(ids) if name.startswith("new_")} == {maker.__name__ for maker in MAKERS.values()}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mtrack",
        "mtrack_",
        "mtrack_0123456789a",
        "mtrack_0123456789abc",
        "mtrack_0123456789AB",
        "mtrack_0123456789ag",
        "mtrack_0123456789ab\n",
        " mtrack_0123456789ab",
        "mtrack_٠١٢٣٤٥٦٧٨٩ab",
        "mtrack__123456789ab",
        "mcoll_0123456789ab",
        "track_0123456789ab",
    ],
)
def test_what_is_no_id_of_that_kind_is_known_as_such(text):
    assert not ids.has_prefix(text, "mtrack")
