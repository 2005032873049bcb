"""A link after it was made: shown, changed, given a new secret. Its owner may; for all others it is not there."""

import asyncio

import pytest
from factories.links import DEAD, of_that_day
from factories.music import keep, track
from factories.server import in_its_loop

pytestmark = in_its_loop


async def linked(served, **wish):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    return ada, made, await ada.share(made.id, **wish)


async def shown(member, link):
    answer = await member.http.get(f"/share/{link['id']}")
    assert answer.status_code == 200
    return answer.json()


async def test_one_link_is_what_the_list_shows_of_it(served):
    ada, made, link = await linked(served, label="For Grace", max_opens=2, expires_in_days=3, allow_save=False)
    one = await shown(ada, link)
    assert (await ada.http.get("/shares")).json()["items"] == [one]
    assert one == {
        "id": link["id"],
        "target_type": "track",
        "target_id": made.id,
        "visibility": "link_only",
        "label": "For Grace",
        "state": "open",
        "opens": 0,
        "max_opens": 2,
        "allow_save": False,
        "expires_at": link["expires_at"],
        "revoked_at": None,
        "created_at": link["created_at"],
    }


async def test_absent_stays_and_null_lifts_the_limit(served):
    ada, _, link = await linked(served, label="For Grace", max_opens=2, expires_in_days=3)
    path = f"/share/{link['id']}"
    before = await shown(ada, link)
    assert (await ada.http.patch(path, json={})).json() == before
    changed = (await ada.http.patch(path, json={"visibility": "public", "allow_save": False})).json()
    assert changed == before | {"visibility": "public", "allow_save": False}
    lifted = (await ada.http.patch(path, json={"label": None, "max_opens": None, "expires_in_days": None})).json()
    assert (lifted["label"], lifted["max_opens"], lifted["opens"], lifted["expires_at"]) == (None, None, None, None)
    assert await shown(ada, link) == lifted


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"visibility": None}, ["visibility"]),
        ({"visibility": "secret", "expires_in_days": 0}, ["expires_in_days", "visibility"]),
        ({"label": "x" * 201, "max_opens": 0}, ["label", "max_opens"]),
        ({"label": "two\nlines"}, ["label"]),
        ({"allow_save": None}, ["allow_save"]),
        ({"owner_id": "usr_000000000000", "token": "x"}, ["owner_id", "token"]),
    ],
)
async def test_every_fault_is_told_and_nothing_changes(served, body, fields):
    ada, _, link = await linked(served)
    before = await shown(ada, link)
    answer = await ada.http.patch(f"/share/{link['id']}", json=body)
    assert answer.status_code == 422
    assert sorted(fault["field"] for fault in answer.json()["error"]["details"]["errors"]) == fields
    assert await shown(ada, link) == before


async def test_a_new_limit_counts_what_was_opened_before(served):
    ada, _, link = await linked(served, max_opens=3)
    visitor = await served.visitor()
    assert [(await visitor.get(link["url"])).status_code for _ in range(2)] == [200, 200]
    assert (await ada.http.patch(f"/share/{link['id']}", json={"max_opens": 2})).json()["state"] == "used_up"
    assert (await visitor.get(link["url"])).status_code == 404
    assert (await ada.http.patch(f"/share/{link['id']}", json={"max_opens": 4})).json()["state"] == "open"
    assert [(await visitor.get(link["url"])).status_code for _ in range(3)] == [200, 200, 404]


async def test_an_expired_link_can_be_given_more_time(served):
    ada, _, link = await linked(served)
    changed = (await ada.http.patch(f"/share/{link['id']}", json={"expires_in_days": 400})).json()
    assert changed["expires_at"][:10] == (await linked(served, expires_in_days=90))[2]["expires_at"][:10], "90 at most"


async def test_a_new_secret_kills_the_old_one_and_all_that_was_signed_for_it(served):
    ada, made, link = await linked(served, label="For Grace", max_opens=9)
    visitor = await served.visitor()
    old_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    assert (await visitor.get(old_url, headers={"Range": "bytes=0-9"})).status_code == 206
    answer = await ada.http.post(f"/share/{link['id']}/rotate")
    assert answer.status_code == 200
    new = answer.json()
    assert list(new) == list(link)
    assert new == link | {"token": new["token"], "url": new["url"]}
    assert new["token"] != link["token"]
    dead = await visitor.get(link["url"])
    assert (dead.status_code, of_that_day(dead.content)) == (404, DEAD)
    assert (await visitor.get(old_url, headers={"Range": "bytes=10-19"})).status_code == 404
    opened = (await visitor.get(new["url"])).json()["track"]
    assert opened["id"] == made.id
    assert (await visitor.get(opened["playback_url"], headers={"Range": "bytes=0-9"})).status_code == 206
    after = await shown(ada, link)
    assert (after["label"], after["opens"], after["max_opens"]) == ("For Grace", 2, 9), "the history goes on"
    forged = opened["playback_url"].replace(f"{link['id']}.1", link["id"])
    assert (await visitor.get(forged)).status_code == 401


async def test_twenty_new_secrets_at_once_leave_one_that_opens(served):
    ada, _, link = await linked(served)
    visitor = await served.visitor()
    answers = await asyncio.gather(*(ada.http.post(f"/share/{link['id']}/rotate") for _ in range(20)))
    urls = [answer.json()["url"] for answer in answers]
    assert sum([(await visitor.get(url)).status_code == 200 for url in urls]) == 1


async def test_what_was_revoked_stays_so(served):
    ada, _, link = await linked(served)
    visitor = await served.visitor()
    await ada.http.delete(f"/share/{link['id']}")
    for method, path, body in (
        ("PATCH", "", {"label": "x"}),
        ("PATCH", "", {"expires_in_days": None}),
        ("POST", "/rotate", None),
    ):
        answer = await ada.http.request(method, f"/share/{link['id']}{path}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")
    assert (await visitor.get(link["url"])).status_code == 404
    assert (await shown(ada, link))["state"] == "revoked"


async def test_every_change_is_in_the_audit(served):
    ada, _, link = await linked(served)
    await ada.http.patch(f"/share/{link['id']}", json={"label": "x"})
    await ada.http.post(f"/share/{link['id']}/rotate")
    await ada.http.delete(f"/share/{link['id']}")
    await ada.http.delete(f"/share/{link['id']}")
    rows = [(row.event, row.outcome, row.actor_id) for row in await served.audit(share_id=link["id"])]
    assert rows == [
        ("share.create", "done", ada.who.user_id),
        ("share.change", "done", ada.who.user_id),
        ("share.rotate", "done", ada.who.user_id),
        ("share.revoke", "done", ada.who.user_id),
        ("share.revoke", "unchanged", ada.who.user_id),
    ]
