"""The bytes behind a link: ranges (RFC 9110, section 14), conditions, and a right that is asked for again each time."""

import hashlib

import httpx
import pytest
from factories.links import ENDS
from factories.music import RENDITIONS, keep, track
from factories.server import in_its_loop, only_sqlite, serving

from segue.limits import RANGE_BYTES_MAX
from segue.playback import KeyRing

pytestmark = in_its_loop

MASTER = RENDITIONS["master"][0]
SIZE = len(MASTER)
ETAG = '"' + hashlib.sha256(MASTER).hexdigest()[:32] + '"'


async def playing(served):
    """Somebody with a link, a client, and the playback address that it was given."""
    owner = await served.member(organization=await served.organization())
    link = await owner.share((await keep(served.parts, track(owner.who))).id)
    visitor = await served.visitor()
    return owner, link, visitor, (await visitor.get(link["url"])).json()["track"]["playback_url"]


async def test_without_a_range_the_whole_file_comes(served):
    _, _, visitor, url = await playing(served)
    answer = await visitor.get(url)
    assert answer.status_code == 200
    assert answer.content == MASTER
    headers = answer.headers
    assert headers["content-type"] == "audio/mpeg"
    assert headers["content-length"] == str(SIZE)
    assert headers["accept-ranges"] == "bytes"
    assert headers["etag"] == ETAG
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "content-range" not in headers
    assert "last-modified" not in headers


@only_sqlite
@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=1000-1999", 1_000, 2_000),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes={SIZE - 1}-{SIZE + 1000}", SIZE - 1, SIZE),
        ("bytes=-100", SIZE - 100, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        ("bytes=0-", 0, RANGE_BYTES_MAX),
        ("bytes=700000-", 700_000, 700_000 + RANGE_BYTES_MAX),
        (f"bytes={SIZE - 10}-", SIZE - 10, SIZE),
        (f"bytes=0-{SIZE}", 0, SIZE),
        ("bytes= 5 - 9", 5, 10),
    ],
)
async def test_one_range_is_served(served, asked, first, end):
    _, _, visitor, url = await playing(served)
    answer = await visitor.get(url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - first)
    assert answer.content == MASTER[first:end]


async def test_a_player_that_goes_on_asking_gets_every_byte_once(served):
    _, _, visitor, url = await playing(served)
    heard = b""
    while len(heard) < SIZE:
        heard += (await visitor.get(url, headers={"Range": f"bytes={len(heard)}-"})).content
    assert heard == MASTER


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=999999999999-", "bytes=-0"])
async def test_a_range_beyond_the_end_is_416_with_the_size(served, asked):
    _, _, visitor, url = await playing(served)
    answer = await visitor.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@only_sqlite
@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=" + ",".join(f"{at}-{at}" for at in range(1_000)),
        "bytes=9-5",
        "bytes=--5",
        "bytes=5",
        "bytes=a-b",
        "bytes=-",
        "bytes=",
        "bytes",
        "items=0-5",
        "bytes=0x0-0x5",
        "bytes=-5-",
        "bytes=1e3-",
        "bytes=" + "0" * 100 + "-5",
    ],
)
async def test_several_ranges_and_nonsense_are_as_if_none_was_asked(served, asked):
    _, _, visitor, url = await playing(served)
    async with visitor.stream("GET", url, headers={"Range": asked}) as answer:
        assert (answer.status_code, answer.headers["content-length"]) == (200, str(SIZE))


@only_sqlite
@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-Range": ETAG}, 206),
        ({"If-Range": '"another"'}, 200),
        ({"If-Range": "W/" + ETAG}, 200),
        ({"If-Range": "Wed, 21 Oct 2026 07:28:00 GMT"}, 200),
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f'"another", {ETAG}'}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304),
        ({"If-None-Match": '"another"'}, 206),
        ({"If-None-Match": "*"}, 304),
    ],
)
async def test_conditions(served, condition, status):
    _, _, visitor, url = await playing(served)
    async with visitor.stream("GET", url, headers={"Range": "bytes=0-9"} | condition) as answer:
        assert answer.status_code == status
        assert answer.headers["etag"] == ETAG


async def test_head_says_the_size_and_knows_no_range(served):
    _, _, visitor, url = await playing(served)
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = await visitor.head(url, headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(SIZE)
        assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("end", [each for each in ENDS if each.__name__ != "used_up"], ids=lambda end: end.__name__)
async def test_in_the_middle_of_a_playback_the_next_range_is_refused(served, end):
    owner, link, visitor, url = await playing(served)
    assert (await visitor.get(url, headers={"Range": "bytes=0-99"})).status_code == 206
    await end(served, owner, link)
    for headers in ({"Range": "bytes=100-199"}, {"Range": "bytes=0-99"}, {"If-None-Match": ETAG}, {}):
        answer = await visitor.get(url, headers=headers)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "RESOURCE_NOT_FOUND"
        assert answer.headers["cache-control"] == "no-store"
    assert (await visitor.head(url)).status_code == 404


async def test_a_playback_does_not_spend_the_budget_of_opens(served):
    _, _, visitor, url = await playing(served)
    for at in range(130):
        assert (await visitor.get(url, headers={"Range": f"bytes={at}-{at}"})).status_code == 206


async def test_bytes_that_are_gone_are_an_honest_503(served):
    owner = await served.member()
    made = await keep(served.parts, track(owner.who))
    link = await owner.share(made.id)
    visitor = await served.visitor()
    url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    for path in served.layout.blobs.rglob(f"{made.id}/*"):
        path.unlink()
    answer = await visitor.get(url)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert str(served.layout.blobs) not in answer.text


async def test_after_a_rotation_addresses_in_peoples_hands_stay_good(tmp_path):
    async with serving(tmp_path) as server:
        owner, link, _, before = await playing(server)
    KeyRing(tmp_path / "data" / "keys").add()
    async with serving(tmp_path) as server:
        visitor = await server.visitor()
        body = (await visitor.get(httpx.URL(link["url"]).path)).json()
        addresses = [httpx.URL(url).raw_path.decode() for url in (before, body["track"]["playback_url"])]
        assert [f"key={number}" in url for number, url in zip(("0001", "0002"), addresses, strict=True)] == [True, True]
        assert [(await visitor.get(url)).status_code for url in addresses] == [200, 200]
        headers = {"X-API-Key": owner.key}
        revoking = await visitor.delete(f"/v1/music/{owner.who.organization_id}/share/{link['id']}", headers=headers)
        assert revoking.status_code == 200
        assert [(await visitor.get(url)).status_code for url in addresses] == [404, 404]
