import re

import pytest
from factories.music import change, keep, keep_collection, track
from factories.server import in_its_loop, only_sqlite, serving

from segue.clock import DAY_S, now_s, utc_text
from segue.shares.token import ShareToken
from segue.tracks import tracks

pytestmark = in_its_loop

NEW_SHARE = ["id", "token", "url", "target_type", "visibility", "expires_at", "created_at"]
LISTED = [
    "id", "target_type", "target_id", "visibility", "label", "state", "opens", "max_opens", "allow_save", "expires_at",
    "revoked_at", "created_at",
]  # fmt: skip


def seconds(text):
    """What `utc_text` would have written this for, found among the seconds around now."""
    return next(at for at in range(now_s() - 60, now_s() + 100 * DAY_S) if utc_text(at) == text)


def days_until(link):
    found = [
        days for days in range(1, 100) if utc_text(seconds(link["created_at"]) + days * DAY_S) == link["expires_at"]
    ]
    return found[0] if found else None


async def test_a_track_is_shared_as_the_reference_shows_it(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    link = await ada.share(made.id, visibility="link_only", expires_in_days=30)
    assert list(link) == NEW_SHARE
    assert re.fullmatch(r"mslink_[0-9a-f]{12}", link["id"])
    assert re.fullmatch(r"shr_[0-9a-f]{32}", link["token"])
    assert link["url"] == f"{served.url}/v1/music/shared/{link['token']}"
    assert (link["target_type"], link["visibility"]) == ("track", "link_only")
    assert days_until(link) == 30


async def test_a_collection_is_shared_too(served):
    ada = await served.member()
    link = await ada.share(await keep_collection(served.parts, ada.who, []), visibility="public")
    assert list(link) == NEW_SHARE
    assert (link["target_type"], link["visibility"], link["expires_at"]) == ("collection", "public", None)


@only_sqlite
@pytest.mark.parametrize("body", [b"", b"{}", b'{"expires_in_days":null,"label":null,"max_opens":null}'])
async def test_the_body_may_be_left_out(served, body):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    answer = await ada.http.post(f"/tracks/{made.id}/share", content=body)
    assert answer.status_code == 201
    assert (answer.json()["visibility"], answer.json()["expires_at"]) == ("link_only", None)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("days", "granted"), [(1, 1), (90, 90), (91, 90), (200, 90)])
async def test_a_long_wish_is_cut_to_ninety_days(served, days, granted):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    assert days_until(await ada.share(made.id, expires_in_days=days)) == granted


@only_sqlite
@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        (b'{"expires_in_days":0}', 422, ["expires_in_days"]),
        (b'{"expires_in_days":-5,"max_opens":0}', 422, ["expires_in_days", "max_opens"]),
        (b'{"expires_in_days":"30"}', 422, ["expires_in_days"]),
        (b'{"expires_in_days":true}', 422, ["expires_in_days"]),
        (b'{"visibility":null}', 422, ["visibility"]),
        (b'{"visibility":"secret","label":7,"days":1,"expires_in_days":0}', 422,
         ["days", "expires_in_days", "label", "visibility"]),
        (b'{"label":"two\\nlines"}', 422, ["label"]),
        (b'{"owner_id":"usr_000000000000"}', 422, ["owner_id"]),
        (b"[]", 422, ["body"]),
        (b"{", 400, None),
        (b'{"nope":1,', 400, None),
        (b"\xff", 400, None),
        (b"[" * 20_000, 400, None),
        (b'{"label":"' + b"x" * 70_000 + b'"}', 413, None),
    ],
)  # fmt: skip
async def test_a_wrong_body_hears_of_every_fault_and_makes_no_link(served, body, status, fields):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    answer = await ada.http.post(f"/tracks/{made.id}/share", content=body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == {422: "VALIDATION_ERROR", 400: "INVALID_JSON", 413: "PAYLOAD_TOO_LARGE"}[status]
    if fields is not None:
        assert sorted(fault["field"] for fault in error["details"]["errors"]) == fields
    assert (await ada.http.get("/shares")).json()["items"] == []


async def test_only_whoever_made_it_shares_it(served):
    ada, eve = await served.member(), await served.member()
    made = await keep(served.parts, track(ada.who))
    collection_id = await keep_collection(served.parts, ada.who, [made.id])
    answers = [
        await eve.http.post(path)
        for path in (
            f"/tracks/{made.id}/share",
            "/tracks/mtrack_000000000000/share",
            "/tracks/%00/share",
            f"/collections/{collection_id}/share",
            "/collections/mcoll_000000000000/share",
        )
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    messages = [answer.json()["error"]["message"] for answer in answers]
    assert messages[0] == messages[1] == messages[2]
    assert messages[3] == messages[4]


async def test_a_removed_track_is_shared_by_nobody(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    await change(served.parts, tracks, made.id, removed_at=1)
    assert (await ada.http.post(f"/tracks/{made.id}/share")).status_code == 404


async def test_what_its_terms_forbid_to_give_out_gets_no_link(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who, shareable=False))
    answer = await ada.http.post(f"/tracks/{made.id}/share")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "NOT_SHAREABLE"
    assert error["details"] == {"track_id": made.id, "licence_class": made.licence_class}


async def test_the_list_shows_everything_but_the_secret(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    first = await ada.share(made.id, label="For Grace", max_opens=3)
    second = await ada.share(await keep_collection(served.parts, ada.who, []), expires_in_days=1)
    answer = await ada.http.get("/shares")
    body = answer.json()
    assert (body["limit"], body["offset"]) == (50, 0)
    shown = {item["id"]: item for item in body["items"]}
    assert shown[first["id"]] == {
        "id": first["id"],
        "target_type": "track",
        "target_id": made.id,
        "visibility": "link_only",
        "label": "For Grace",
        "state": "open",
        "opens": 0,
        "max_opens": 3,
        "allow_save": True,
        "expires_at": None,
        "revoked_at": None,
        "created_at": first["created_at"],
    }
    assert shown[second["id"]]["opens"] is None
    assert list(body["items"][0]) == LISTED
    for secret in (first["token"], second["token"], ShareToken(first["token"]).digest().value.hex()):
        assert secret not in answer.text


async def test_the_list_is_newest_first_by_pages_and_of_ones_own(served):
    ada, eve = await served.member(), await served.member()
    made = await keep(served.parts, track(ada.who))
    links = [(await ada.share(made.id))["id"] for _ in range(5)]
    whole = (await ada.http.get("/shares")).json()["items"]
    assert [item["id"] for item in whole] == links[::-1], "also within one second"
    pages = [(await ada.http.get("/shares", params={"limit": 2, "offset": at})).json()["items"] for at in (0, 2, 4, 6)]
    assert [len(each) for each in pages] == [2, 2, 1, 0]
    assert [item for each in pages for item in each] == whole
    assert (await eve.http.get("/shares")).json()["items"] == []


@only_sqlite
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "offset=-1", "limit=1e3", "limit=", "limit=0&offset=z"]
)
async def test_a_page_out_of_range_is_refused_and_never_bent(served, query):
    ada = await served.member()
    answer = await ada.http.get(f"/shares?{query}")
    assert answer.status_code == 422
    assert len(answer.json()["error"]["details"]["errors"]) == query.count("&") + 1


async def test_revoking_twice_is_revoking_once(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await keep(served.parts, track(ada.who))
    link = await ada.share(made.id)
    assert (await visitor.get(link["url"])).status_code == 200
    first = await ada.http.delete(f"/share/{link['id']}")
    revoked_at = (await ada.http.get("/shares")).json()["items"][0]["revoked_at"]
    again = await ada.http.delete(f"/share/{link['id']}")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == {"success": True, "id": link["id"], "detail": "Share link revoked."}
    listed = (await ada.http.get("/shares")).json()["items"][0]
    assert (listed["state"], listed["revoked_at"]) == ("revoked", revoked_at)
    assert (await visitor.get(link["url"])).status_code == 404
    assert [entry.outcome for entry in await served.audit(share_id=link["id"], event="share.revoke")] == [
        "done",
        "unchanged",
    ]


async def test_somebody_elses_link_is_not_there(served):
    ada, eve, visitor = await served.member(), await served.member(), await served.visitor()
    link = await ada.share((await keep(served.parts, track(ada.who))).id)
    foreign = await eve.http.delete(f"/share/{link['id']}")
    missing = await eve.http.delete("/share/mslink_000000000000")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json()["error"]["message"] == missing.json()["error"]["message"]
    assert (await visitor.get(link["url"])).status_code == 200


async def test_the_token_gives_no_right_to_manage_the_link(served):
    ada, eve = await served.member(), await served.member()
    link = await ada.share((await keep(served.parts, track(ada.who))).id)
    for name in (link["token"], link["id"][:-1], "mslink_", "%25", "*", "%00"):
        assert (await eve.http.delete(f"/share/{name}")).status_code == 404
        assert (await ada.http.delete(f"/share/{name}")).status_code == 404


@only_sqlite
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/tracks/{id}/share"), ("GET", "/shares"), ("DELETE", "/share/{id}")]
)
async def test_without_a_key_or_in_a_foreign_organization_nothing_is_done(served, method, path):
    ada, visitor = await served.member(), await served.visitor()
    made = await keep(served.parts, track(ada.who))
    url = str(ada.http.base_url).rstrip("/") + path.format(id=made.id)
    unsigned = await visitor.request(method, url)
    assert (unsigned.status_code, unsigned.json()["error"]["code"]) == (401, "AUTHENTICATION_REQUIRED")
    elsewhere = await ada.http.request(method, url.replace(ada.who.organization_id, "org_000000000000"))
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (403, "ORGANIZATION_ACCESS_DENIED")


async def test_the_operator_may_forbid_links_for_ever(tmp_path):
    async with serving(tmp_path, share_never_allowed=False, share_days_max=14, share_days_default=7) as strict:
        ada = await strict.member()
        made = await keep(strict.parts, track(ada.who))
        assert days_until(await ada.share(made.id)) == 7
        assert days_until(await ada.share(made.id, expires_in_days=90)) == 14
