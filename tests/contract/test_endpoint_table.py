"""Every row of the reference's endpoint table, by its number: whole bodies, field by field, with types and nulls."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from factories import sound
from factories.music import change, keep, track
from factories.server import in_its_loop

from segue import library
from segue.tracks import tracks
from segue.tracks.store import add_rendition

pytestmark = in_its_loop

TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def same(found, expected):
    """The same JSON: members in the same order, types and nulls included."""
    assert json.dumps(found) == json.dumps(expected)


def moment(text):
    assert TIME.fullmatch(text), text
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def made_id(text, prefix):
    assert re.fullmatch(prefix + "_[0-9a-f]{12}", text), text
    return text


async def in_library(served, member, **more):
    """The track of the reference, made by this member and in his library, as a generation leaves it."""
    made = await keep(served.parts, track(member.who, **more), more.pop("names", ("original", "master")))
    async with served.parts.database.transaction() as tx:
        await library.add(tx, member.who, made, "generated", now=made.created_at)
    return made


async def collected(served, member, count=2):
    """A collection with so many tracks, added over the API."""
    made = (await member.http.post("/collections", json={"name": "Focus Sessions"})).json()
    ids = [(await in_library(served, member)).id for _ in range(count)]
    for track_id in ids:
        await member.http.post(f"/collections/{made['id']}/tracks", json={"track_id": track_id})
    return made, ids


WISH = {"engine": "studio", "prompt": "late night lo-fi, warm keys", "duration_seconds": 2}


async def asked(member, **more):
    answer = await member.http.post("/generations", json=WISH | more)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_02_submit_a_generation(served):
    ada = await served.member()
    answer = await ada.http.post("/generations", json=WISH, headers={"Idempotency-Key": "once"})
    assert answer.status_code == 202
    made = answer.json()
    moment(made["created_at"])
    same(
        made,
        {
            "id": made_id(made["id"], "mgen"),
            "status": "queued",
            "progress": 0,
            "engine": "studio",
            "mode": "creation",
            "created_at": made["created_at"],
            "result_track_id": None,
            "error_message": None,
            "refusal_reason": None,
            "playback_url": None,
            "track": None,
        },
    )
    again = await ada.http.post("/generations", json=WISH, headers={"Idempotency-Key": "once"})
    assert (again.status_code, again.headers["idempotent-replayed"], again.json()) == (202, "true", made)
    in_the_body = await ada.http.post("/generations", json=WISH | {"idempotency_key": "once"})
    assert in_the_body.json() == made
    header_first = WISH | {"idempotency_key": "another"}
    assert (await ada.http.post("/generations", json=header_first, headers={"Idempotency-Key": "once"})).json() == made
    other_body = await ada.http.post("/generations", json=WISH | {"seed": 1, "idempotency_key": "once"})
    assert (other_body.status_code, other_body.json()["error"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert len((await ada.http.get("/generations")).json()["jobs"]) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"engine": "nobody"}, "engine"),
        ({"duration_seconds": 0}, "duration_seconds"),
        ({"duration_seconds": 301}, "duration_seconds"),
        ({"duration_seconds": 2.5}, "duration_seconds"),
        ({"prompt": ""}, "prompt"),
        ({"mode": "party"}, "mode"),
        ({"lyrics": "la la"}, "lyrics"),
        ({"seed": -1}, "seed"),
        ({"style_tags": ["x"] * 21}, "style_tags"),
        ({"tempo": 120}, "tempo"),
    ],
)
async def test_02_what_cannot_be_made_is_refused_by_its_field(served, more, field):
    ada = await served.member()
    answer = await ada.http.post("/generations", json=WISH | more)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert [each["field"] for each in answer.json()["error"]["details"]["errors"]] == [field]
    assert (await ada.http.get("/generations")).json()["jobs"] == []


async def test_02_a_foreign_seed_is_not_there(served):
    ada, eve = await served.member(), await served.member()
    hers = await in_library(served, eve)
    answer = await ada.http.post("/generations", json=WISH | {"seed_track_id": hers.id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")


async def test_03_list_generations(served):
    ada, eve = await served.member(), await served.member()
    first, second = await asked(ada), await asked(ada, mode="focus")
    await asked(eve)
    await ada.http.post(f"/generations/{second['id']}/cancel")
    same(
        (await ada.http.get("/generations")).json(),
        {"jobs": [second | {"status": "cancelled"}, first], "limit": 50, "offset": 0},
    )
    waiting = await ada.http.get("/generations", params={"status": "queued", "limit": 20})
    same(waiting.json(), {"jobs": [first], "limit": 20, "offset": 0})
    assert (await ada.http.get("/generations", params={"status": "lost"})).status_code == 422
    await served.work()
    (done,) = (await ada.http.get("/generations", params={"status": "succeeded"})).json()["jobs"]
    assert (done["id"], done["playback_url"], done["track"]) == (first["id"], None, None)


async def test_04_get_generation(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await asked(ada, title="Late Night Study")
    same((await ada.http.get(f"/generations/{made['id']}")).json(), made)
    await served.work()
    done = (await ada.http.get(f"/generations/{made['id']}")).json()
    url = done["playback_url"]
    track_id = made_id(done["result_track_id"], "mtrack")
    summary = {
        "id": track_id,
        "title": "Late Night Study",
        "engine": "studio",
        "mode": "creation",
        "instrumental": True,
        "measured_duration_seconds": 2.0,
        "mime_type": "audio/wav",
        "licence_class": "commercial_cleared",
        "playback_url": url,
    }
    ended = {"status": "succeeded", "progress": 100, "result_track_id": track_id, "playback_url": url, "track": summary}
    same(done, made | ended)
    assert (await visitor.get(url)).status_code == 200
    in_the_library = (await ada.http.get("/tracks")).json()["items"]
    assert [each["id"] for each in in_the_library] == [track_id]
    stems = (await ada.http.get(f"/tracks/{track_id}")).json()["stem_urls"]
    assert sorted(stems) == ["drums", "lead"]
    assert (await visitor.get(stems["drums"])).status_code == 200
    assert (await ada.http.delete(f"/tracks/{track_id}")).status_code == 200
    gone = (await ada.http.get(f"/generations/{made['id']}")).json()
    assert (gone["status"], gone["track"], gone["playback_url"]) == ("succeeded", None, None)


async def test_05_cancel_generation(served):
    ada = await served.member()
    made = await asked(ada)
    for _ in range(2):
        answer = await ada.http.post(f"/generations/{made['id']}/cancel")
        assert answer.status_code == 200
        same(answer.json(), made | {"status": "cancelled"})
    done = await asked(ada)
    await served.work()
    after = (await ada.http.post(f"/generations/{done['id']}/cancel")).json()
    assert (after["status"], after["track"]["id"]) == ("succeeded", after["result_track_id"])


async def test_06_list_tracks(served):
    ada = await served.member()
    made = await in_library(served, ada)
    answer = await ada.http.get("/tracks", params={"mode": "creation", "engine": "studio", "limit": 20})
    assert answer.status_code == 200
    item = {
        "id": made.id,
        "title": "Late Night Study",
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 120.4,
        "instrumental": True,
        "licence_class": "personal_only",
        "created_at": "2026-06-28T10:30:00Z",
        "playback_url": None,
        "stem_urls": None,
    }
    same(answer.json(), {"items": [item], "limit": 20, "offset": 0})


async def test_07_get_track(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await in_library(served, ada, title=None)
    with served.parts.intake.quarantine.folder() as folder:
        (folder / "stem").write_bytes(b"drums" * 100)
        (row,) = served.parts.intake.put(made.id, {"stem_drums": (folder / "stem", "audio/flac", "flac")})
    async with served.parts.database.transaction() as tx:
        await add_rendition(tx, row, now=1)
    answer = await ada.http.get(f"/tracks/{made.id}")
    assert answer.status_code == 200
    body = answer.json()
    assert (await visitor.get(body["stem_urls"]["drums"])).content == b"drums" * 100
    assert (await visitor.get(body["playback_url"], headers={"Range": "bytes=0-9"})).status_code == 206
    same(
        body,
        {
            "id": made.id,
            "title": None,
            "engine": "studio",
            "mode": "creation",
            "measured_duration_seconds": 120.4,
            "instrumental": True,
            "licence_class": "personal_only",
            "created_at": "2026-06-28T10:30:00Z",
            "playback_url": body["playback_url"],
            "stem_urls": {"drums": body["stem_urls"]["drums"]},
        },
    )


async def test_08_delete_track(served):
    ada = await served.member()
    made = await in_library(served, ada)
    for _ in range(2):
        answer = await ada.http.delete(f"/tracks/{made.id}")
        assert answer.status_code == 200
        same(answer.json(), {"success": True, "id": made.id, "detail": "Track deleted."})
    assert (await ada.http.get(f"/tracks/{made.id}")).status_code == 404
    assert (await ada.http.get("/tracks")).json()["items"] == []


async def test_09_save_a_track(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    first = await ada.http.post(f"/tracks/{made.id}/save")
    again = await ada.http.post(f"/tracks/{made.id}/save")
    assert (first.status_code, again.status_code) == (201, 200)
    body = first.json()
    moment(body["created_at"])
    same(
        body,
        {
            "id": made_id(body["id"], "mlib"),
            "track_id": made.id,
            "source": "saved",
            "share_link_id": None,
            "created_at": body["created_at"],
        },
    )
    same(again.json(), body)


async def test_10_remove_a_saved_track(served):
    ada = await served.member()
    made = await in_library(served, ada)
    answer = await ada.http.delete(f"/tracks/{made.id}/save")
    assert answer.status_code == 200
    same(answer.json(), {"success": True, "id": made.id, "detail": "Track removed from library."})
    assert (await ada.http.get("/tracks")).json()["items"] == []
    assert (await ada.http.get(f"/tracks/{made.id}")).status_code == 200, "its creator still has it"


async def test_11_create_collection(served):
    ada = await served.member()
    asked = {"name": "Focus Sessions", "description": "Instrumental tracks for deep work"}
    answer = await ada.http.post("/collections", json=asked)
    assert answer.status_code == 201
    body = answer.json()
    moment(body["created_at"])
    same(
        body,
        {
            "id": made_id(body["id"], "mcoll"),
            "name": "Focus Sessions",
            "description": "Instrumental tracks for deep work",
            "cover_track_id": None,
            "cover_image_url": None,
            "track_count": 0,
            "created_at": body["created_at"],
            "updated_at": body["created_at"],
        },
    )


async def test_12_list_collections(served):
    ada = await served.member()
    first, _ = await collected(served, ada)
    second, _ = await collected(served, ada, 0)
    answer = await ada.http.get("/collections", params={"limit": 20})
    assert answer.status_code == 200
    listed = answer.json()
    first["updated_at"] = listed["items"][1]["updated_at"]
    same(
        listed,
        {"items": [second | {"track_count": None}, first | {"track_count": None}], "limit": 20, "offset": 0},
    )


async def test_13_get_collection(served):
    ada = await served.member()
    made, ids = await collected(served, ada, 3)
    await ada.http.patch(f"/collections/{made['id']}", json={"cover_track_id": ids[0]})
    answer = await ada.http.get(f"/collections/{made['id']}")
    assert answer.status_code == 200
    body = answer.json()
    assert moment(body["updated_at"]) >= moment(body["created_at"])
    same(body, made | {"cover_track_id": ids[0], "track_count": 3, "updated_at": body["updated_at"]})


async def test_14_update_collection(served):
    ada = await served.member()
    made, _ = await collected(served, ada)
    await ada.http.patch(f"/collections/{made['id']}", json={"description": "Soon to go"})
    answer = await ada.http.patch(f"/collections/{made['id']}", json={"name": "Deep Work", "description": None})
    assert answer.status_code == 200
    body = answer.json()
    expected = made | {"name": "Deep Work", "description": None, "track_count": 2, "updated_at": body["updated_at"]}
    same(body, expected)
    kept = await ada.http.patch(f"/collections/{made['id']}", json={})
    assert kept.status_code == 200
    same(kept.json(), expected)


async def test_15_delete_collection(served):
    ada = await served.member()
    made, ids = await collected(served, ada)
    for _ in range(2):
        answer = await ada.http.delete(f"/collections/{made['id']}")
        assert answer.status_code == 200
        same(answer.json(), {"success": True, "id": made["id"], "detail": "Collection deleted."})
    assert (await ada.http.get(f"/collections/{made['id']}")).status_code == 404
    assert (await ada.http.get(f"/tracks/{ids[0]}")).status_code == 200, "the tracks stay"


async def test_16_list_collection_tracks(served):
    ada = await served.member()
    made, ids = await collected(served, ada)
    answer = await ada.http.get(f"/collections/{made['id']}/tracks")
    assert answer.status_code == 200
    body = answer.json()
    added = [moment(item["added_at"]) for item in body["items"]]
    assert added == sorted(added)
    items = [
        {"track_id": track_id, "position": position, "added_at": body["items"][position]["added_at"]}
        for position, track_id in enumerate(ids)
    ]
    same(body, {"collection_id": made["id"], "items": items, "limit": 200, "offset": 0})


async def test_17_add_collection_track(served):
    ada = await served.member()
    made, _ = await collected(served, ada)
    added = await in_library(served, ada)
    for _ in range(2):
        answer = await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": added.id})
        assert answer.status_code == 200
        same(answer.json(), {"success": True, "id": added.id, "detail": "Track added to collection."})
    members = (await ada.http.get(f"/collections/{made['id']}/tracks")).json()["items"]
    assert [(item["track_id"], item["position"]) for item in members][2:] == [(added.id, 2)]


async def test_18_remove_collection_track(served):
    ada = await served.member()
    made, ids = await collected(served, ada, 3)
    for _ in range(2):
        answer = await ada.http.delete(f"/collections/{made['id']}/tracks/{ids[0]}")
        assert answer.status_code == 200
        same(answer.json(), {"success": True, "id": ids[0], "detail": "Track removed from collection."})
    members = (await ada.http.get(f"/collections/{made['id']}/tracks")).json()["items"]
    assert [(item["track_id"], item["position"]) for item in members] == [(ids[1], 0), (ids[2], 1)]


async def test_19_reorder_collection(served):
    ada = await served.member()
    made, ids = await collected(served, ada, 3)
    wished = [ids[2], "mtrack_000000000000", ids[0]]
    answer = await ada.http.patch(f"/collections/{made['id']}/order", json={"ordered_track_ids": wished})
    assert answer.status_code == 200
    same(answer.json(), {"success": True, "id": made["id"], "detail": "Collection reordered."})
    members = (await ada.http.get(f"/collections/{made['id']}/tracks")).json()["items"]
    assert [item["track_id"] for item in members] == [ids[2], ids[0], ids[1]]
    assert [item["position"] for item in members] == [0, 1, 2]


def new_link(served, body, **more):
    """The link that the reference shows, with what is new in this one."""
    assert re.fullmatch("shr_[0-9a-f]{32}", body["token"])
    moment(body["created_at"])
    return {
        "id": made_id(body["id"], "mslink"),
        "token": body["token"],
        "url": f"{served.url}/v1/music/shared/{body['token']}",
        "target_type": "track",
        "visibility": "link_only",
        "expires_at": body["expires_at"],
        "created_at": body["created_at"],
    } | more


async def test_20_start_a_focus_session(served):
    ada = await served.member()
    answer = await ada.http.post("/focus/sessions", json={"goal": "focus", "target_minutes": 60})
    assert answer.status_code == 202
    started = answer.json()
    same(
        started,
        {
            "session_id": made_id(started["session_id"], "mfocus"),
            "status": "active",
            "goal": "focus",
            "engine": "studio",
            "target_minutes": 60,
            "total_segments": 30,
            "ready_count": 0,
            "segments": [],
            "more_pending": True,
            "next_ready_at": started["next_ready_at"],
        },
    )
    queued = (await ada.http.get("/generations")).json()["jobs"]
    assert [(each["mode"], each["status"]) for each in queued] == [("focus", "queued")] * 3


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"goal": "party"}, "goal"),
        ({"target_minutes": 0}, "target_minutes"),
        ({"target_minutes": 481}, "target_minutes"),
        ({"goal": "custom_prompt"}, "custom_prompt"),
        ({"goal": "custom_prompt", "custom_prompt": "  "}, "custom_prompt"),
        ({"goal": "custom_prompt", "custom_prompt": "\0"}, "custom_prompt"),
        ({"intensity": "extreme"}, "intensity"),
        ({"divergence": 1.1}, "divergence"),
        ({"engine": "nobody"}, "engine"),
    ],
)
async def test_20_what_cannot_be_played_is_refused_by_its_field(served, more, field):
    ada = await served.member()
    answer = await ada.http.post("/focus/sessions", json={"goal": "focus", "target_minutes": 20} | more)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["error"]["details"]["errors"]] == [field]


async def test_21_get_a_focus_session(served):
    ada, visitor = await served.member(), await served.visitor()
    wish = {
        "goal": "custom_prompt",
        "custom_prompt": "rain",
        "target_minutes": 4,
        "intensity": "low",
        "divergence": 0.5,
    }
    started = (await ada.http.post("/focus/sessions", json=wish)).json()
    await served.work()
    answer = await ada.http.get(f"/focus/sessions/{started['session_id']}")
    found = answer.json()
    first, second = found["segments"]
    assert answer.status_code == 200
    assert list(first) == [
        "segment_index", "playback_url", "measured_duration_seconds", "target_lufs", "fade_in_ms", "fade_out_ms",
    ]  # fmt: skip
    assert (first["segment_index"], first["fade_in_ms"], first["target_lufs"]) == (0, 0, -18.0)
    assert (second["segment_index"], second["fade_in_ms"]) == (1, first["fade_out_ms"])
    assert 110 < first["measured_duration_seconds"] - first["fade_out_ms"] / 1_000 < 130
    ended = {"status": "ended", "ready_count": 2, "segments": [first, second], "more_pending": False}
    same(found, started | ended | {"next_ready_at": None})
    assert (await visitor.get(first["playback_url"])).status_code == 200


@pytest.mark.parametrize("text", ["rain\0", "\u202e\u0007rain", "雨 🌧", "'; DROP TABLE tracks; --", "x" * 4_096])
async def test_20_any_text_is_a_prompt(served, text):
    ada = await served.member()
    wish = {"goal": "custom_prompt", "custom_prompt": text, "target_minutes": 1}
    assert (await ada.http.post("/focus/sessions", json=wish)).status_code == 202
    made = await asked(ada, prompt=text, title=None, style_tags=[text[:60]])
    assert made["status"] == "queued"


async def test_22_end_a_focus_session(served):
    ada = await served.member()
    started = (await ada.http.post("/focus/sessions", json={"goal": "sleep", "target_minutes": 60})).json()
    for _ in range(2):
        answer = await ada.http.post(f"/focus/sessions/{started['session_id']}/end")
        assert answer.status_code == 200
        same(answer.json(), started | {"status": "ended", "more_pending": False, "next_ready_at": None})
    jobs = (await ada.http.get("/generations")).json()["jobs"]
    assert {each["status"] for each in jobs} == {"cancelled"}


async def test_20_nobody_has_more_than_two_at_once(served):
    ada = await served.member()
    wish = {"goal": "relax", "target_minutes": 1}
    first, _ = [(await ada.http.post("/focus/sessions", json=wish)).json() for _ in range(2)]
    third = await ada.http.post("/focus/sessions", json=wish)
    assert (third.status_code, third.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")
    await ada.http.post(f"/focus/sessions/{first['session_id']}/end")
    assert (await ada.http.post("/focus/sessions", json=wish)).status_code == 202


async def test_23_share_track(served):
    ada = await served.member()
    made = await in_library(served, ada)
    asked = {"visibility": "link_only", "expires_in_days": 30}
    answer = await ada.http.post(f"/tracks/{made.id}/share", json=asked)
    assert answer.status_code == 201
    body = answer.json()
    same(body, new_link(served, body))
    assert moment(body["expires_at"]) - moment(body["created_at"]) == timedelta(days=30)
    plain = (await ada.http.post(f"/tracks/{made.id}/share")).json()
    same(plain, new_link(served, plain, expires_at=None))


async def test_24_share_collection(served):
    ada = await served.member()
    made, _ = await collected(served, ada)
    answer = await ada.http.post(f"/collections/{made['id']}/share", json={"visibility": "public"})
    assert answer.status_code == 201
    body = answer.json()
    same(body, new_link(served, body, target_type="collection", visibility="public", expires_at=None))


async def test_25_revoke_share(served):
    ada = await served.member()
    link = await ada.share((await in_library(served, ada)).id)
    for _ in range(2):
        answer = await ada.http.delete(f"/share/{link['id']}")
        assert answer.status_code == 200
        same(answer.json(), {"success": True, "id": link["id"], "detail": "Share link revoked."})


async def test_26_resolve_share(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await in_library(served, ada)
    link = await ada.share(made.id, expires_in_days=30)
    answer = await visitor.get(link["url"])
    assert answer.status_code == 200
    body = answer.json()
    url = body["track"]["playback_url"]
    assert (await visitor.get(url, headers={"Range": "bytes=0-0"})).status_code == 206
    same(
        body,
        {
            "kind": "track",
            "available": True,
            "message": None,
            "share": {"target_type": "track", "visibility": "link_only", "expires_at": link["expires_at"]},
            "track": {
                "id": made.id,
                "title": "Late Night Study",
                "engine": "studio",
                "mode": "creation",
                "measured_duration_seconds": 120.4,
                "instrumental": True,
                "playback_url": url,
                "licence": {
                    "licence_class": "personal_only",
                    "licence_version": "2026-11",
                    "commercial_use": False,
                    "requires_attribution": True,
                },
            },
            "collection": None,
            "tracks": None,
        },
    )


async def test_27_save_shared_track(served):
    ada, bob = await served.member(), await served.member(organization=await served.organization())
    made = await in_library(served, ada)
    link = await ada.share(made.id)
    saving = f"/v1/music/shared/{link['token']}/save"
    visitor = await served.visitor(headers={"X-API-Key": bob.key})
    first, again = await visitor.post(saving), await visitor.post(saving)
    assert (first.status_code, again.status_code) == (201, 200)
    body = first.json()
    moment(body["created_at"])
    same(
        body,
        {
            "id": made_id(body["id"], "mlib"),
            "track_id": made.id,
            "source": "shared",
            "share_link_id": link["id"],
            "created_at": body["created_at"],
        },
    )
    same(again.json(), body)
    assert [item["id"] for item in (await bob.http.get("/tracks")).json()["items"]] == [made.id]


@pytest.mark.parametrize("method", ["get", "delete", "post"])
async def test_without_a_key_every_row_is_the_references_401(served, method):
    ada, visitor = await served.member(), await served.visitor()
    path = {"get": "tracks", "delete": "share/mslink_3a7f2c9e8b14", "post": "collections"}[method]
    answer = await visitor.request(method, f"/v1/music/{ada.who.organization_id}/{path}")
    assert answer.status_code == 401
    found = answer.json()["error"]
    same(
        answer.json(),
        {
            "success": False,
            "error": {
                "code": "AUTHENTICATION_REQUIRED",
                "message": "Authentication required. Please provide a valid API key.",
                "system_message": "Missing or invalid authorization header",
                "type": "client_error",
                "status": 401,
                "details": {},
                "trace_id": answer.headers["x-request-id"],
                "timestamp": found["timestamp"],
            },
        },
    )


async def test_an_upload_is_a_track_of_its_own_kind(served, tmp_path):
    ada = await served.member()
    song = sound.write(tmp_path / "song.flac", sound.sine(0.3), "flac").read_bytes()
    answer = await ada.http.post("/tracks", files={"file": ("song.flac", song)}, data={"licence": "own"})
    assert answer.status_code == 201
    body = answer.json()
    moment(body["created_at"])
    same(
        body,
        {
            "id": made_id(body["id"], "mtrack"),
            "title": "song",
            "engine": "upload",
            "mode": "creation",
            "measured_duration_seconds": 0.3,
            "instrumental": False,
            "licence_class": "personal_only",
            "created_at": body["created_at"],
            "playback_url": body["playback_url"],
            "stem_urls": None,
        },
    )


async def test_a_track_that_was_removed_is_gone_from_lists_covers_and_collections(served):
    ada, visitor = await served.member(), await served.visitor()
    made, ids = await collected(served, ada, 3)
    await ada.http.patch(f"/collections/{made['id']}", json={"cover_track_id": ids[0]})
    single, whole = await ada.share(ids[0]), await ada.share(made["id"])
    await ada.http.delete(f"/tracks/{ids[0]}")
    seen = (await ada.http.get(f"/collections/{made['id']}")).json()
    assert (seen["track_count"], seen["cover_track_id"]) == (2, None)
    members = (await ada.http.get(f"/collections/{made['id']}/tracks")).json()["items"]
    assert [(item["track_id"], item["position"]) for item in members] == [(ids[1], 0), (ids[2], 1)]
    assert (await visitor.get(single["url"])).json()["available"] is False
    assert [each["id"] for each in (await visitor.get(whole["url"])).json()["tracks"]] == ids[1:]
    row = await ada.http.get("/tracks", params={"collection_id": made["id"]})
    assert [item["id"] for item in row.json()["items"]] == ids[:0:-1]


async def test_a_change_of_title_shows_in_every_place(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await in_library(served, ada)
    await change(served.parts, tracks, made.id, engine="upload")
    link = await ada.share(made.id)
    answer = await ada.http.patch(f"/tracks/{made.id}", json={"title": "Early Morning", "licence": "CC-BY-4.0"})
    assert (answer.status_code, answer.json()["licence_class"]) == (200, "commercial_cleared")
    shown = (await visitor.get(link["url"])).json()["track"]
    assert shown["title"] == "Early Morning"
    assert shown["licence"]["commercial_use"] is True
    assert (await ada.http.get("/tracks")).json()["items"][0]["title"] == "Early Morning"
