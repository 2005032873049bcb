"""`GET /v1/music/shared/{token}`: what a link shows, to whom, and what it says when it shows nothing."""

import json
import re

import pytest
from factories.music import change, keep, keep_collection, keep_many, track
from factories.server import in_its_loop, only_sqlite

from segue.collections import collections
from segue.library.store import add as save
from segue.tracks import tracks

pytestmark = in_its_loop

UNKNOWN = "shr_" + "0" * 32
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
GONE = "The person who shared this has removed it."
NOTHING = {"share": None, "track": None, "collection": None, "tracks": None}
OWN = {
    "licence_class": "personal_only",
    "licence_version": "2026-11",
    "commercial_use": False,
    "requires_attribution": True,
}


def view(made, licence=OWN):
    """A track as the reference shows it, its playback address cut to what does not change."""
    return {
        "id": made.id,
        "title": made.title,
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 120.4,
        "instrumental": True,
        "playback_url": f"/media/{made.id}/master",
        "licence": licence,
    }


def cut(body, url):
    """The body with every playback address cut, after a look at its form."""
    signed = r"(/media/mtrack_\w{12}/\w+)\?grant=mslink_\w{12}&action=stream&expires=\d+&key=\d{4}&signature=\w{64}"
    for each in [body["track"], *(body["tracks"] or [])]:
        if each is not None:
            found = re.fullmatch(re.escape(url) + signed, each["playback_url"])
            each["playback_url"] = found[1]
    return body


async def shared(served, **wish):
    """Somebody, a track, and a link to it."""
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    return ada, made, await ada.share(made.id, **wish)


async def test_a_track_as_the_reference_shows_it(served):
    _, made, link = await shared(served, expires_in_days=30)
    answer = await (await served.visitor()).get(link["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    expected = {
        "kind": "track",
        "available": True,
        "message": None,
        "share": {"target_type": "track", "visibility": "link_only", "expires_at": link["expires_at"]},
        "track": view(made),
        "collection": None,
        "tracks": None,
    }
    body = cut(answer.json(), served.url)
    assert json.dumps(body) == json.dumps(expected)  # the order of the members too


async def test_a_collection_as_the_reference_describes_it(served):
    ada = await served.member()
    free = OWN | {"licence_class": "commercial_cleared", "commercial_use": True, "requires_attribution": False}
    first = await keep(served.parts, track(ada.who, licence="CC0-1.0", title=None))
    second = await keep(served.parts, track(ada.who))
    collection_id = await keep_collection(served.parts, ada.who, [second.id, first.id], description="For deep work")
    link = await ada.share(collection_id, visibility="public")
    answer = await (await served.visitor()).get(link["url"])
    expected = {
        "kind": "collection",
        "available": True,
        "message": None,
        "share": {"target_type": "collection", "visibility": "public", "expires_at": None},
        "track": None,
        "collection": {"id": collection_id, "name": "Focus Sessions", "description": "For deep work"},
        "tracks": [view(second), view(first, free)],
    }
    assert json.dumps(cut(answer.json(), served.url)) == json.dumps(expected)


async def test_a_removed_track_is_an_honest_200(served):
    _, made, link = await shared(served)
    await change(served.parts, tracks, made.id, removed_at=1)
    answer = await (await served.visitor()).get(link["url"])
    assert answer.status_code == 200
    expected = {"kind": "track", "available": False, "message": GONE}
    assert json.dumps(answer.json()) == json.dumps(expected | NOTHING)


async def test_a_deleted_collection_is_one_too(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    collection_id = await keep_collection(served.parts, ada.who, [made.id])
    link = await ada.share(collection_id)
    await change(served.parts, collections, collection_id, removed_at=1)
    answer = await (await served.visitor()).get(link["url"])
    assert answer.status_code == 200
    expected = {"kind": "collection", "available": False, "message": GONE}
    assert json.dumps(answer.json()) == json.dumps(expected | NOTHING)


async def test_a_live_collection_without_tracks_is_available(served):
    ada = await served.member()
    collection_id = await keep_collection(served.parts, ada.who, [])
    link = await ada.share(collection_id)
    answer = await (await served.visitor()).get(link["url"])
    expected = {
        "kind": "collection",
        "available": True,
        "message": None,
        "share": {"target_type": "collection", "visibility": "link_only", "expires_at": None},
        "track": None,
        "collection": {"id": collection_id, "name": "Focus Sessions", "description": None},
        "tracks": [],
    }
    assert (answer.status_code, json.dumps(answer.json())) == (200, json.dumps(expected))


async def test_a_removed_a_foreign_and_a_forbidden_track_are_not_shown_in_a_collection(served):
    ada, eve = await served.member(), await served.member()
    kept = await keep(served.parts, track(ada.who, title="Kept"))
    removed = await keep(served.parts, track(ada.who, title="Removed"))
    forbidden = await keep(served.parts, track(ada.who, title="Forbidden", shareable=False))
    foreign = await keep(served.parts, track(eve.who, title="Foreign"))
    async with served.parts.database.transaction() as tx:
        await save(tx, ada.who, foreign, "saved", now=1)
    members = [removed.id, foreign.id, kept.id, forbidden.id]
    link = await ada.share(await keep_collection(served.parts, ada.who, members))
    visitor = await served.visitor()
    titles = {each["title"] for each in (await visitor.get(link["url"])).json()["tracks"]}
    assert titles == {"Kept", "Removed"}
    await change(served.parts, tracks, removed.id, removed_at=1)
    assert [each["title"] for each in (await visitor.get(link["url"])).json()["tracks"]] == ["Kept"]
    for query in ("", "?play"):
        page = (await visitor.get(link["url"] + query, headers=HTML)).text
        assert "Kept" in page
        assert not {word for word in ("Removed", "Foreign", "Forbidden") if word in page}


async def test_a_token_may_be_percent_encoded(served):
    _, _, link = await shared(served)
    visitor = await served.visitor()
    spelled = "".join(f"%{ord(char):02x}" for char in link["token"])
    assert (await visitor.get(f"/v1/music/shared/{spelled}")).status_code == 200


@only_sqlite
@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "sgk_" + "x" * 40},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic \xff"},
        {"Cookie": "session=1; __Host-session=2"},
        {"X-API-Key": "mine"},
    ],
)
async def test_credentials_that_are_sent_along_are_ignored(served, headers):
    ada, made, link = await shared(served)
    visitor = await served.visitor()
    sent = {name: ada.key if value == "mine" else value for name, value in headers.items()}
    answer = await visitor.get(link["url"], headers={name: value.encode("latin-1") for name, value in sent.items()})
    assert answer.status_code == 200
    assert answer.json()["track"]["id"] == made.id
    assert [entry.actor_id for entry in await served.audited(answer)] == [None]
    assert "set-cookie" not in answer.headers


@only_sqlite
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, text/html", "application/json"),
        ("text/html;q=0.8, application/json;q=0.9", "application/json"),
        ("image/webp", "application/json"),
        ("text/html", "text/html; charset=utf-8"),
        (HTML["Accept"], "text/html; charset=utf-8"),
        ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
        ("text/*", "text/html; charset=utf-8"),
    ],
)
async def test_a_browser_gets_the_page_and_a_program_the_json(served, accept, kind):
    _, _, link = await shared(served)
    visitor = await served.visitor()
    del visitor.headers["Accept"]
    answer = await visitor.get(link["url"], headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["vary"].lower().split(", ")[0] == "accept"


@only_sqlite
async def test_head_says_what_get_would(served):
    _, _, link = await shared(served)
    visitor = await served.visitor()
    for headers in ({}, HTML):
        got = await visitor.get(link["url"], headers=headers)
        head = await visitor.head(link["url"], headers=headers)
        assert head.content == b""
        assert head.status_code == got.status_code
        names = set(got.headers) - {"x-request-id", "freddy-processing-ms", "date", "content-length"}
        assert {name: head.headers[name] for name in names} == {name: got.headers[name] for name in names}
    assert (await visitor.head(f"/v1/music/shared/{UNKNOWN}")).status_code == 404


@only_sqlite
async def test_any_origin_may_ask_and_nobody_brings_credentials(served):
    _, _, link = await shared(served)
    visitor = await served.visitor()
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    preflight = await visitor.options(link["url"], headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == preflight.headers["allow"] == "GET, HEAD, OPTIONS"
    for answer in (preflight, await visitor.get(link["url"], headers={"Origin": "https://elsewhere.example"})):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@only_sqlite
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
async def test_other_methods_are_refused_and_change_nothing(served, method):
    _, _, link = await shared(served, max_opens=1)
    visitor = await served.visitor()
    answer = await visitor.request(method, link["url"], content=b"x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["error"]["code"] == "METHOD_NOT_ALLOWED"
    assert (await visitor.get(link["url"])).status_code == 200


@only_sqlite
async def test_every_public_answer_keeps_to_itself(served):
    _, made, link = await shared(served)
    visitor = await served.visitor()
    playback_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    answers = [
        await visitor.request(method, url, headers=headers)
        for method in ("GET", "HEAD", "OPTIONS", "POST")
        for url in (
            link["url"],
            link["url"] + "?play",
            f"/v1/music/shared/{UNKNOWN}",
            playback_url,
            f"/media/{made.id}/x",
        )
        for headers in ({}, HTML, {"Range": "bytes=9999999-"})
    ]
    assert {answer.status_code for answer in answers} == {200, 204, 401, 404, 405, 416}
    for answer in answers:
        headers = answer.headers
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "no-store" in headers["cache-control"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["access-control-allow-origin"] == "*"
        assert re.fullmatch(r"req_[0-9a-z]{12}", headers["x-request-id"])
        assert headers["freddy-processing-ms"].isdigit()
        assert link["token"] not in str(headers)


async def test_the_error_names_the_request_and_a_sent_name_is_not_believed(served):
    visitor = await served.visitor()
    answer = await visitor.get(f"/v1/music/shared/{UNKNOWN}", headers={"X-Request-Id": "req_mine"})
    assert answer.json()["error"]["trace_id"] == answer.headers["x-request-id"] != "req_mine"


async def test_one_row_for_every_open_with_who_asked_and_no_secret(served):
    _, _, link = await shared(served)
    visitor = await served.visitor()
    agents = {
        "Slackbot-LinkExpanding 1.0": "preview",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile": "phone",
        f"curl/8 {link['token']}": "program",
        "": "unknown",
    }
    for agent, kind in agents.items():
        answer = await visitor.get(link["url"], headers={"User-Agent": agent})
        (row,) = await served.audited(answer)
        assert (row.event, row.outcome, row.share_id, row.agent) == ("share.open", "granted", link["id"], kind)
        assert row.client.startswith("127.1.")
        assert link["token"][4:] not in str(row)
    page = await visitor.get(link["url"], headers=HTML)
    assert [(row.event, row.outcome) for row in await served.audited(page)] == [("share.page", "granted")]


async def test_an_open_of_what_was_removed_says_so_in_the_audit(served):
    _, made, link = await shared(served)
    await change(served.parts, tracks, made.id, removed_at=1)
    answer = await (await served.visitor()).get(link["url"])
    assert [row.outcome for row in await served.audited(answer)] == ["content_removed"]


async def test_five_hundred_tracks_resolve_in_their_order_and_their_page_renders(served):
    ada = await served.member()
    members = await keep_many(served.parts, ada.who, 500)
    link = await ada.share(await keep_collection(served.parts, ada.who, members[::-1]))
    visitor = await served.visitor()
    body = (await visitor.get(link["url"])).json()
    assert [each["id"] for each in body["tracks"]] == members[::-1]
    for query, players in (("", 1), ("?play", 500)):
        page = await visitor.get(link["url"] + query, headers=HTML)
        assert page.status_code == 200
        assert page.text.count("<li data-track") == 500
        assert page.text.count("<audio") == players


async def test_what_somebody_typed_is_text_on_the_page(served):
    ada = await served.member()
    hostile = "\"><script>alert(1)</script>{{ 7*7 }}'&\u2028"
    made = await keep(served.parts, track(ada.who, title=hostile))
    link = await ada.share(await keep_collection(served.parts, ada.who, [made.id], hostile, hostile))
    visitor = await served.visitor()
    page = (await visitor.get(link["url"], headers=HTML)).text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert (await visitor.get(link["url"])).json()["collection"]["name"] == hostile
