"""One's own API keys over HTTP: shown once, listed, ended at once, and nobody else's."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from factories.server import in_its_loop, only_sqlite
from sqlalchemy import update

from segue.accounts.api_keys import manage
from segue.accounts.tables import api_keys
from segue.clock import now_s

pytestmark = in_its_loop


def path(served, member):
    return f"{served.url}/v1/organizations/{member.who.organization_id}/api-keys"


async def created(served, member, **body):
    answer = await member.http.post(path(served, member), json={"key_name": "Laptop"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def works(served, member, raw):
    client = await served.visitor(headers={"X-API-Key": raw})
    return await client.get(f"/v1/music/{member.who.organization_id}/tracks")


async def test_a_new_key_is_shown_once_and_works(served):
    ada = await served.member()
    ends = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = await created(served, ada, expires_at=ends)
    assert re.fullmatch(r"sgk_[0-9A-Za-z]{40}", made["key"])
    expected = {
        "id": made["id"],
        "key": made["key"],
        "key_prefix": made["key"][:8],
        "organization_id": ada.who.organization_id,
        "key_name": "Laptop",
        "is_active": True,
        "usage_limit_chf": None,
        "scopes": None,
        "metadata": None,
        "created_by": ada.who.user_id,
        "created_at": made["created_at"],
        "expires_at": ends,
    }
    assert json.dumps(made) == json.dumps(expected)
    assert (await works(served, ada, made["key"])).status_code == 200
    one = (await ada.http.get(f"{path(served, ada)}/{made['id']}")).json()
    assert one == {
        "id": made["id"],
        "organization_id": ada.who.organization_id,
        "key_name": "Laptop",
        "key_prefix": made["key_prefix"],
        "is_active": True,
        "is_paused": False,
        "usage_limit_chf": None,
        "scopes": None,
        "metadata": None,
        "created_by": ada.who.user_id,
        "created_at": made["created_at"],
        "last_used_at": one["last_used_at"],
        "expires_at": ends,
    }
    assert one["last_used_at"] >= made["created_at"], "it was used just now"


async def test_the_list_has_both_documented_shapes_and_pages(served):
    ada = await served.member()
    for number in range(3):
        await created(served, ada, key_name=f"Key {number}")
    whole = (await ada.http.get(path(served, ada))).json()
    assert list(whole) == ["keys", "total", "page", "page_size", "api_keys", "pagination"]
    assert whole["keys"] == whole["api_keys"]
    assert (len(whole["keys"]), whole["total"], whole["page"], whole["page_size"]) == (4, 4, 1, 20)
    assert whole["pagination"] == {"page": 1, "page_size": 20, "total_count": 4, "total_pages": 1}
    assert not any("key" in key for key in whole["keys"])
    ids = [key["id"] for key in whole["keys"]]

    async def page(**params):
        return [key["id"] for key in (await ada.http.get(path(served, ada), params=params)).json()["keys"]]

    assert [await page(page=number, page_size=3) for number in (1, 2, 3)] == [ids[:3], ids[3:], []]
    assert await page(skip=1, take=2) == ids[1:3]
    assert (await ada.http.get(path(served, ada), params={"page": 0, "page_size": 101})).status_code == 422


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["key_name"]),
        ({"key_name": ""}, ["key_name"]),
        ({"key_name": "x" * 101}, ["key_name"]),
        ({"key_name": "two\nlines"}, ["key_name"]),
        ({"key_name": "x", "scopes": ["read"], "usage_limit_chf": 5}, ["scopes", "usage_limit_chf"]),
        ({"key_name": "x", "expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({"key_name": "x", "expires_at": "2090-01-01T00:00:00"}, ["expires_at"]),
        ({"key_name": "x", "expires_at": "soon", "digest": "x"}, ["digest", "expires_at"]),
        ({"key_name": "x", "expires_at": "9999-12-31T23:59:59-01:00"}, ["expires_at"]),
        ({"key_name": "x", "expires_at": "0001-01-01T00:00:00+01:00"}, ["expires_at"]),
        ({"key_name": "a\0b", "metadata": {}, "scopes": []}, ["key_name", "metadata", "scopes"]),
    ],
)
@only_sqlite
async def test_what_cannot_be_kept_is_refused(served, body, fields):
    ada = await served.member()
    answer = await ada.http.post(path(served, ada), json=body)
    assert answer.status_code == 422
    assert sorted(fault["field"] for fault in answer.json()["error"]["details"]["errors"]) == fields


async def test_a_deleted_key_is_dead_at_once(served):
    ada = await served.member()
    made = await created(served, ada)
    for _ in range(2):
        answer = await ada.http.delete(f"{path(served, ada)}/{made['id']}")
        body = answer.json()
        assert (answer.status_code, body["success"], body["id"]) == (200, True, made["id"])
        assert body["message"] == "API key deleted successfully"
        assert body["key"]["is_active"] is False
    refused = await works(served, ada, made["key"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "API_KEY_DEACTIVATED")
    assert (await ada.http.get(f"{path(served, ada)}/{made['id']}")).status_code == 404
    listed = (await ada.http.get(path(served, ada))).json()["keys"]
    assert made["id"] not in [key["id"] for key in listed]


async def test_a_rotated_key_is_another_one(served):
    ada = await served.member()
    made = await created(served, ada)
    answer = await ada.http.post(f"{path(served, ada)}/{made['id']}/rotate")
    assert answer.status_code == 200
    body = answer.json()
    new = body["new_key"]
    assert (body["success"], body["old_key_id"]) == (True, made["id"])
    assert new == made | {name: new[name] for name in ("id", "key", "key_prefix", "created_at")}
    assert (await works(served, ada, made["key"])).status_code == 401
    assert (await works(served, ada, new["key"])).status_code == 200
    assert (await ada.http.post(f"{path(served, ada)}/{made['id']}/rotate")).status_code == 404


async def test_a_key_ends_when_it_was_to_end(served):
    ada = await served.member()
    made = await created(served, ada)
    async with served.parts.database.transaction() as tx:
        await tx.execute(update(api_keys).where(api_keys.c.id == made["id"]).values(expires_at=now_s()))
    refused = await works(served, ada, made["key"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "API_KEY_EXPIRED")
    assert (await ada.http.get(f"{path(served, ada)}/{made['id']}")).json()["is_active"] is False
    assert (await ada.http.post(f"{path(served, ada)}/{made['id']}/rotate")).status_code == 409


async def test_a_colleagues_key_is_not_there(served):
    ada, bob = await served.member(), await served.member()
    made = await created(served, ada)
    answers = [
        await bob.http.request(method, f"{path(served, bob)}/{key_id}{more}")
        for key_id in (made["id"], "ak_000000000000", "x")
        for method, more in (("GET", ""), ("DELETE", ""), ("POST", "/rotate"))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1
    assert (await works(served, ada, made["key"])).status_code == 200


@only_sqlite
async def test_there_are_only_so_many(served):
    ada = await served.member()
    for _ in range(99):
        await created(served, ada)
    answer = await ada.http.post(path(served, ada), json={"key_name": "One too many"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")


async def test_twenty_at_once_for_the_last_place_are_one(served):
    ada = await served.member()
    async with served.parts.database.transaction() as tx:
        for _ in range(98):
            await manage.create(tx, ada.who, "Spare", None, now=1)
    asking = (ada.http.post(path(served, ada), json={"key_name": "Last"}) for _ in range(20))
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*asking))
    assert statuses == [201] + [409] * 19


@only_sqlite
async def test_what_nothing_keeps_is_refused_with_its_reason(served):
    ada = await served.member()
    answer = await ada.http.post(path(served, ada), json={"key_name": "x", "usage_limit_chf": 5, "scopes": ["read"]})
    told = {fault["field"]: fault["message"] for fault in answer.json()["error"]["details"]["errors"]}
    assert told == {
        "usage_limit_chf": "No limit is kept for a single key: leave it out. An operator caps the organization.",
        "scopes": "A key has no scopes: it may do what its user may. Leave them out.",
    }


async def test_asked_again_under_one_idempotency_key_it_is_the_same_key(served):
    ada = await served.member()
    answers = [
        await ada.http.post(path(served, ada), json={"key_name": "A"}, headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert (await ada.http.get(path(served, ada))).json()["total"] == 2
