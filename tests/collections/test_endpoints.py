"""Collections over HTTP, by the wire: create, list, get, members, add, order."""

import asyncio
import json
import re

import pytest
from factories.music import change, keep, keep_collection, keep_many, track
from factories.server import in_its_loop, only_sqlite

from segue.collections import collections
from segue.library.store import add as save
from segue.tracks import tracks

pytestmark = in_its_loop


async def collection(member, **body):
    answer = await member.http.post("/collections", json={"name": "Focus Sessions"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def members(member, collection_id, **params):
    return (await member.http.get(f"/collections/{collection_id}/tracks", params=params)).json()


async def order(member, collection_id):
    return [item["track_id"] for item in (await members(member, collection_id))["items"]]


async def test_a_new_collection_as_the_reference_shows_it(served):
    ada = await served.member()
    made = await collection(ada, description="Instrumental tracks for deep work")
    assert re.fullmatch(r"mcoll_[0-9a-f]{12}", made["id"])
    assert made["created_at"] == made["updated_at"]
    expected = {
        "id": made["id"],
        "name": "Focus Sessions",
        "description": "Instrumental tracks for deep work",
        "cover_track_id": None,
        "cover_image_url": None,
        "track_count": 0,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }
    assert json.dumps(made) == json.dumps(expected)
    assert (await ada.http.get(f"/collections/{made['id']}")).json() == expected
    listed = (await ada.http.get("/collections")).json()
    assert listed == {"items": [expected | {"track_count": None}], "limit": 50, "offset": 0}
    (row,) = [row for row in await served.audit(event="collection.create") if row.subject_id == made["id"]]
    assert (row.outcome, row.actor_id) == ("done", ada.who.user_id)


async def test_a_collection_may_have_a_cover(served):
    ada, eve = await served.member(), await served.member()
    own = await keep(served.parts, track(ada.who))
    foreign = await keep(served.parts, track(eve.who))
    made = await collection(ada, cover_track_id=own.id, cover_image_url="https://example.org/a.jpg")
    assert (made["cover_track_id"], made["cover_image_url"]) == (own.id, "https://example.org/a.jpg")
    answer = await ada.http.post("/collections", json={"name": "x", "cover_track_id": foreign.id})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "x" * 513}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": "nul \x00"}, ["name"]),
        ({"name": 7, "description": 7, "owner_id": "usr_000000000000"}, ["description", "name", "owner_id"]),
        ({"name": "x", "description": "x" * 4_097}, ["description"]),
        ({"name": "x", "cover_image_url": "javascript:alert(1)"}, ["cover_image_url"]),
        ({"name": "x", "cover_image_url": "https://example.org/\x00"}, ["cover_image_url"]),
        ({"name": "x", "description": "nul \x00"}, ["description"]),
        ({"name": "", "cover_image_url": "https://example.org/" + "x" * 1_024}, ["cover_image_url", "name"]),
    ],
)
async def test_a_wrong_collection_hears_of_every_fault_and_is_not_made(served, body, fields):
    ada = await served.member()
    answer = await ada.http.post("/collections", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert sorted(fault["field"] for fault in answer.json()["error"]["details"]["errors"]) == fields
    assert (await ada.http.get("/collections")).json()["items"] == []


@pytest.mark.parametrize("spelled", [b'{"name":"\\ud800"}', b'{"name":"\\udc00x","description":"\\ud800"}'])
async def test_half_a_character_is_no_json(served, spelled):
    ada = await served.member()
    answer = await ada.http.post("/collections", content=spelled)
    assert 400 <= answer.status_code < 500
    assert (await ada.http.get("/collections")).json()["items"] == []


async def test_a_name_may_be_as_long_as_promised_and_in_any_script(served):
    ada = await served.member()
    for name in ("x" * 512, "音楽" * 256, "<b>'\"; DROP TABLE", "\N{MUSICAL NOTE}"):
        made = await collection(ada, name=name)
        assert (await ada.http.get(f"/collections/{made['id']}")).json()["name"] == name


async def test_the_list_is_newest_first_by_pages_and_of_ones_own(served):
    ada, eve = await served.member(), await served.member()
    made = [(await collection(ada, name=f"{number}"))["id"] for number in range(5)]
    whole = (await ada.http.get("/collections")).json()["items"]
    assert [item["id"] for item in whole] == made[::-1], "also within one second"
    assert {item["track_count"] for item in whole} == {None}
    pages = [(await ada.http.get("/collections", params={"limit": 2, "offset": at})).json() for at in (0, 2, 4)]
    assert [(page["limit"], page["offset"], len(page["items"])) for page in pages] == [(2, 0, 2), (2, 2, 2), (2, 4, 1)]
    assert [item for page in pages for item in page["items"]] == whole
    assert (await eve.http.get("/collections")).json()["items"] == []


@only_sqlite
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=-1", "limit=all", "offset=-1", "offset=1.5", "limit=&offset="]
)
async def test_a_page_out_of_range_is_refused_and_never_bent(served, query):
    ada = await served.member()
    answer = await ada.http.get(f"/collections?{query}")
    assert answer.status_code == 422
    faulty = [fault["field"] for fault in answer.json()["error"]["details"]["errors"]]
    assert faulty == [part.partition("=")[0] for part in query.split("&")]


@only_sqlite
@pytest.mark.parametrize(("limit", "status"), [(1, 200), (500, 200), (0, 422), (501, 422)])
async def test_members_come_in_larger_pages(served, limit, status):
    ada = await served.member()
    made = await collection(ada)
    answer = await ada.http.get(f"/collections/{made['id']}/tracks", params={"limit": limit})
    assert answer.status_code == status


async def test_members_as_the_reference_shows_them(served):
    ada = await served.member()
    made = await collection(ada)
    ids = await keep_many(served.parts, ada.who, 3)
    for track_id in ids:
        answer = await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": track_id})
        expected = {"success": True, "id": track_id, "detail": "Track added to collection."}
        assert (answer.status_code, json.dumps(answer.json())) == (200, json.dumps(expected))
    body = await members(ada, made["id"])
    added = [item.pop("added_at") for item in body["items"]]
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", each) for each in added)
    assert body == {
        "collection_id": made["id"],
        "items": [{"track_id": track_id, "position": position} for position, track_id in enumerate(ids)],
        "limit": 200,
        "offset": 0,
    }
    assert [item["position"] for item in (await members(ada, made["id"], limit=1, offset=2))["items"]] == [2]
    assert (await ada.http.get(f"/collections/{made['id']}")).json()["track_count"] == 3


async def test_a_member_that_is_added_again_stays_where_it_is(served):
    ada = await served.member()
    made = await collection(ada)
    ids = await keep_many(served.parts, ada.who, 3)
    for track_id in (*ids, ids[0], ids[1]):
        answer = await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": track_id})
        assert answer.status_code == 200
    assert await order(ada, made["id"]) == ids


async def test_many_at_once_get_places_without_gaps(served):
    ada = await served.member()
    made = await collection(ada)
    ids = await keep_many(served.parts, ada.who, 10)
    await asyncio.gather(
        *(ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": each}) for each in ids * 2)
    )
    items = (await members(ada, made["id"]))["items"]
    assert [item["position"] for item in items] == list(range(10))
    assert sorted(item["track_id"] for item in items) == sorted(ids)


async def test_one_adds_what_one_may_read_and_a_strangers_track_is_not_there(served):
    ada, eve = await served.member(), await served.member()
    made = await collection(ada)
    foreign = await keep(served.parts, track(eve.who))
    removed = await keep(served.parts, track(ada.who))
    await change(served.parts, tracks, removed.id, removed_at=1)
    answers = [
        await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": each})
        for each in (foreign.id, removed.id, "mtrack_000000000000", "", "x" * 1_000, "\x00")
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1
    assert await order(ada, made["id"]) == []
    async with served.parts.database.transaction() as tx:
        await save(tx, ada.who, foreign, "saved", now=1)
    assert (await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": foreign.id})).status_code == 200
    assert await order(ada, made["id"]) == [foreign.id]


async def test_a_collection_holds_five_hundred(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 501)
    collection_id = await keep_collection(served.parts, ada.who, ids[:500])
    full = await ada.http.post(f"/collections/{collection_id}/tracks", json={"track_id": ids[500]})
    assert (full.status_code, full.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")
    assert (await ada.http.post(f"/collections/{collection_id}/tracks", json={"track_id": ids[7]})).status_code == 200
    answer = await ada.http.patch(f"/collections/{collection_id}/order", json={"ordered_track_ids": ids[:500][::-1]})
    assert answer.status_code == 200
    whole = (await members(ada, collection_id, limit=500))["items"]
    assert [item["track_id"] for item in whole] == ids[:500][::-1]
    assert [item["position"] for item in whole] == list(range(500))


async def test_a_new_order_as_the_reference_shows_it(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 4)
    collection_id = await keep_collection(served.parts, ada.who, ids)
    wished = [ids[3], "mtrack_000000000000", ids[1]]
    answer = await ada.http.patch(f"/collections/{collection_id}/order", json={"ordered_track_ids": wished})
    expected = {"success": True, "id": collection_id, "detail": "Collection reordered."}
    assert (answer.status_code, json.dumps(answer.json())) == (200, json.dumps(expected))
    items = (await members(ada, collection_id))["items"]
    assert [item["track_id"] for item in items] == [ids[3], ids[1], ids[0], ids[2]]
    assert [item["position"] for item in items] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "body",
    [{}, {"ordered_track_ids": None}, {"ordered_track_ids": [7]}, {"ordered_track_ids": ["mtrack_000000000000"] * 2}],
)
async def test_an_order_that_cannot_be_is_refused(served, body):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 2)
    collection_id = await keep_collection(served.parts, ada.who, ids)
    answer = await ada.http.patch(f"/collections/{collection_id}/order", json=body)
    assert (answer.status_code, answer.json()["error"]["details"]["errors"][0]["field"]) == (422, "ordered_track_ids")
    assert await order(ada, collection_id) == ids


async def test_a_change_of_members_moves_updated_at(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 1)
    made = await collection(ada)
    await change(served.parts, collections, made["id"], updated_at=1, created_at=1)
    await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": ids[0]})
    found = (await ada.http.get(f"/collections/{made['id']}")).json()
    assert found["created_at"] == "1970-01-01T00:00:01Z" < found["updated_at"]


async def test_a_track_that_is_gone_is_gone_from_the_members_too(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 3)
    collection_id = await keep_collection(served.parts, ada.who, ids)
    await change(served.parts, tracks, ids[1], removed_at=1)
    assert await order(ada, collection_id) == [ids[0], ids[2]]
    assert (await ada.http.get(f"/collections/{collection_id}")).json()["track_count"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/tracks", None),
        ("POST", "/tracks", {"track_id": "mtrack_000000000000"}),
        ("PATCH", "/order", {"ordered_track_ids": []}),
        ("POST", "/share", None),
    ],
)
async def test_for_everybody_but_its_owner_a_collection_is_not_there(served, method, path, body):
    ada, eve = await served.member(), await served.member()
    foreign = await collection(ada)
    deleted = await collection(eve)
    await change(served.parts, collections, deleted["id"], removed_at=1)
    answers = [
        await eve.http.request(method, f"/collections/{each}{path}", json=body)
        for each in (foreign["id"], deleted["id"], "mcoll_000000000000", "x", "%00", "%FF")
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1
