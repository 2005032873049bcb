"""What holds for every call of the API: headers, validators, compression, methods, queries."""

import asyncio
import gzip
import json
import re

import httpx
import pytest
from factories.music import keep, keep_many, track
from factories.server import in_its_loop, only_sqlite, served

from segue import library
from segue.tracks import find

__all__ = ["served"]

pytestmark = [in_its_loop, only_sqlite]


async def filled(served, member, count=12):
    """A member with so many tracks in the library."""
    ids = await keep_many(served.parts, member.who, count)
    async with served.parts.database.transaction() as tx:
        for track_id in ids:
            await library.add(tx, member.who, await find(tx, track_id), "uploaded", now=1)
    return ids


async def test_every_answer_says_which_request_it_is_and_how_long_it_took(served):
    ada, visitor = await served.member(), await served.visitor()
    for answer in (
        await ada.http.get("/tracks"),
        await ada.http.post("/collections", json={"name": "A"}),
        await ada.http.get("/tracks/mtrack_000000000000"),
        await visitor.get("/nowhere"),
        await visitor.put("/v1/music/x/collections"),
    ):
        assert re.fullmatch(r"req_[0-9a-f]{12}", answer.headers["x-request-id"])
        assert int(answer.headers["freddy-processing-ms"]) >= 0
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] in {"no-store", "private, no-cache"}


async def test_an_organizations_routes_name_the_organization(served):
    ada, bob = await served.member(), await served.member(organization=await served.organization())
    for answer in (await ada.http.get("/tracks"), await ada.http.get("/tracks/mtrack_000000000000")):
        assert answer.headers["aitronos-organization"] == ada.who.organization_id
    refused = await bob.http.get(f"{served.url}/v1/music/{ada.who.organization_id}/tracks")
    assert refused.status_code == 403
    assert "aitronos-organization" not in refused.headers


async def test_what_has_not_changed_is_not_sent_again(served):
    ada = await served.member()
    await filled(served, ada)
    made = (await ada.http.post("/collections", json={"name": "A"})).json()
    for path in (
        "/tracks",
        "/collections",
        f"/collections/{made['id']}",
        f"/collections/{made['id']}/tracks",
        "/shares",
    ):
        first = await ada.http.get(path)
        assert first.headers["cache-control"] == "private, no-cache"
        tag = first.headers["etag"]
        for known in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
            again = await ada.http.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
        assert (await ada.http.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
        assert (await ada.http.head(path, headers={"If-None-Match": tag})).status_code == 304
    tag = (await ada.http.get("/collections")).headers["etag"]
    await ada.http.patch(f"/collections/{made['id']}", json={"name": "B"})
    changed = await ada.http.get("/collections", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["items"][0]["name"]) == (200, "B")


async def test_an_answer_with_fresh_addresses_is_kept_nowhere(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    answer = await ada.http.get(f"/tracks/{made.id}")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def raw(client, path, **headers):
    """The bytes as they came, not unpacked by the client."""
    request, hooks = client.build_request("GET", path, headers=headers), client.event_hooks
    client.event_hooks = {}  # they would read it, unpacked
    answer = await client.send(request, stream=True)
    body = b"".join([chunk async for chunk in answer.aiter_raw()])
    await answer.aclose()
    client.event_hooks = hooks
    return answer, body


async def test_json_over_a_kilobyte_is_packed_for_whoever_takes_it(served):
    ada = await served.member()
    await filled(served, ada)
    plain, body = await raw(ada.http, "/tracks", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(body) > 1_024
    for accepted in ("gzip", "br, gzip;q=0.5", "*", "GZIP"):
        packed, smaller = await raw(ada.http, "/tracks", **{"Accept-Encoding": accepted})
        assert packed.headers["content-encoding"] == "gzip", accepted
        assert len(smaller) < len(body) / 2
        assert gzip.decompress(smaller) == body
        assert int(packed.headers["content-length"]) == len(smaller)
    for refused in ("gzip;q=0", "br", "*;q=0", "gzip; q=0.0"):
        answer, same = await raw(ada.http, "/tracks", **{"Accept-Encoding": refused})
        assert ("content-encoding" in answer.headers, same) == (False, body), refused
    assert "accept-encoding" in plain.headers["vary"]
    small, _ = await raw(ada.http, "/collections", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in small.headers


async def test_what_is_packed_once_and_sent_often_is_the_same_unpacked(served):
    visitor = await served.visitor()
    page = await visitor.get("/docs")
    sheets = [address for address in re.findall(r'"(/assets/[^"]+)"', page.text) if address.endswith(".css")]
    assert sheets
    for address in ("/docs", "/openapi.json", *sheets):
        plain, body = await raw(visitor, address, **{"Accept-Encoding": "identity"})
        packed, smaller = await raw(visitor, address, **{"Accept-Encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(smaller) == body, address
        assert packed.headers.get("etag") == plain.headers.get("etag")


async def test_a_large_shared_collection_is_packed_too(served):
    ada, visitor = await served.member(), await served.visitor()
    made = (await ada.http.post("/collections", json={"name": "A"})).json()
    for track_id in await filled(served, ada):
        await ada.http.post(f"/collections/{made['id']}/tracks", json={"track_id": track_id})
    link = await ada.share(made["id"])
    answer, body = await raw(visitor, link["url"], **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept, accept-encoding"
    assert len(json.loads(gzip.decompress(body))["tracks"]) == 12


async def test_head_and_options_are_answered_everywhere(served):
    ada = await served.member()
    get, head = await ada.http.get("/tracks"), await ada.http.head("/tracks")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    options = await ada.http.options("/tracks")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    wrong = await ada.http.put("/tracks")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")


async def test_a_body_over_its_limit_is_refused_by_its_claim(served):
    """Nothing of the body is sent: the answer comes all the same."""
    ada = await served.member()
    port = int(served.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = f"/v1/music/{ada.who.organization_id}/collections"
    writer.write(
        f"POST {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {ada.key}\r\ncontent-length: 999999999\r\n\r\n".encode()
    )
    await writer.drain()
    async with asyncio.timeout(20):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_body_without_a_claim_is_cut_off(served):
    ada = await served.member()

    async def endless():
        for _ in range(10_000):
            yield b" " * 1_000

    try:
        answer = await ada.http.post("/collections", content=endless())
    except httpx.WriteError:
        return  # it was told while it was still sending
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("limit=0", ["limit"]),
        ("limit=101&offset=-1", ["limit", "offset"]),
        ("limit=&offset=x", ["limit", "offset"]),
        ("mode=other&engine=%00&limit=1.5", ["engine", "limit", "mode"]),
        ("&".join(f"a{number}=1" for number in range(200)), ["query"]),
    ],
)
async def test_a_wrong_query_hears_of_every_fault(served, query, fields):
    ada = await served.member()
    answer = await ada.http.get(f"/tracks?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "VALIDATION_ERROR")
    assert sorted(fault["field"] for fault in answer.json()["error"]["details"]["errors"]) == fields


async def test_what_nobody_asked_about_is_ignored_in_a_query(served):
    ada = await served.member()
    assert (await ada.http.get("/tracks?limit=5&_=1700000000&limit=7")).json()["limit"] == 7


@pytest.mark.parametrize(
    "path", ["/tracks/", "/tracks//", "//tracks", "/tracks/%00", "/tracks/..%2f..%2fetc", "/tracks/ä"]
)
async def test_odd_paths_are_calm(served, path):
    ada = await served.member()
    assert (await ada.http.get(path)).status_code == (200 if path == "/tracks/" else 404)
