"""The server as a hostile client meets it: every answer wears the envelope, and nothing of the inside gets out."""

import asyncio
import contextlib
import json
import re

import httpx
import pytest
import structlog
from factories.server import serving

from segue.errors import Unavailable
from segue.shares.resolve import Resolve


@pytest.fixture
async def live(tmp_path):
    async with serving(tmp_path / "live") as served:
        yield served


@pytest.fixture
async def client(live):
    async with httpx.AsyncClient(base_url=live.url) as client:
        yield client


def error(answer):
    body = answer.json()
    assert set(body) == {"success", "error"}
    assert body["success"] is False
    found = body["error"]
    assert set(found) == {
        "code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp",
    }  # fmt: skip
    assert found["status"] == answer.status_code
    assert found["trace_id"] == answer.headers["x-request-id"]
    assert re.fullmatch(r"req_[0-9a-f]{12}", found["trace_id"])
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["freddy-processing-ms"]) >= 0
    return found


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/v1/music", "/v1/music/shared", "/v1/music//shared/x", "/media/x", "/assets/x", "/%00", "/ä/😀",
     "/v1/music/../../etc/passwd", "/" + "a" * 4_000],
)  # fmt: skip
async def test_an_unknown_path(client, path):
    found = error(await client.get(path))
    assert (found["status"], found["code"], found["type"]) == (404, "RESOURCE_NOT_FOUND", "client_error")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/music/shared/x", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/media/mtrack_x/master", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/v1/music/org_x/collections", {"GET", "POST", "OPTIONS"}),
        ("PUT", "/v1/music/org_x/share/mslink_x", {"GET", "PATCH", "DELETE", "OPTIONS"}),
    ],
)
async def test_a_wrong_method(client, method, path, allowed):
    answer = await client.request(method, path)
    assert error(answer)["code"] == "METHOD_NOT_ALLOWED"
    assert answer.status_code == 405
    assert {word.strip() for word in answer.headers["allow"].split(",")} >= allowed - {"OPTIONS"}


async def test_a_callers_request_id_is_not_trusted(client):
    answer = await client.get("/nowhere", headers={"x-request-id": "req_aaaaaaaaaaaa"})
    assert answer.headers["x-request-id"] != "req_aaaaaaaaaaaa"


async def test_nobody_without_a_key(client):
    found = error(await client.get("/v1/music/org_x/collections"))
    assert (found["status"], found["code"]) == (401, "AUTHENTICATION_REQUIRED")
    assert found["message"] == "Authentication required. Please provide a valid API key."


async def test_a_body_that_is_no_json_and_one_that_is_too_large(live):
    owner = await live.member()
    assert error(await owner.http.post("/collections", content=b"{"))["code"] == "INVALID_JSON"
    assert error(await owner.http.post("/collections", content=b" " * 200_000))["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [(RuntimeError("secret inside"), 500, "INTERNAL_ERROR"), (Unavailable("Later."), 503, "SERVICE_UNAVAILABLE")],
)
async def test_a_failure_of_ours_keeps_the_inside_inside_and_the_trace_in_the_log(
    client, monkeypatch, raised, status, code
):
    async def fail(_self, _request):
        raise raised

    monkeypatch.setattr(Resolve, "__call__", fail)
    with structlog.testing.capture_logs() as logs:
        answer = await client.get("/v1/music/shared/shr_" + "0" * 32)
    found = error(answer)
    assert (found["status"], found["code"], found["type"]) == (status, code, "server_error")
    assert "secret" not in answer.text
    assert logs[0]["request_id"] == found["trace_id"]
    assert "shr_" not in json.dumps(logs, default=str)


async def test_head_is_get_without_a_body(client):
    get = await client.get("/v1/music/shared/x")
    head = await client.head("/v1/music/shared/x")
    assert head.content == b""
    assert head.status_code == get.status_code
    assert set(head.headers) == set(get.headers)
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_who_leaves_in_the_middle_does_no_harm(live, client):
    port = int(live.url.rpartition(":")[2])
    for request in (
        b"GET /v1/music/sha",
        b"POST /v1/music/org_x/tracks HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\nabc",
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await writer.drain()
        writer.transport.abort()
    assert (await client.get("/nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: " + b"b" * 2_000_000 + b"\r\n\r\n", b" 431 "),
    ],
)
async def test_what_is_no_request_never_reaches_us(live, sent, status):
    """The server underneath answers these itself, with a bare status: see docs/decisions/0001."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(live.url.rpartition(":")[2]))
    with contextlib.suppress(ConnectionError):
        writer.write(sent)
        await writer.drain()
    line = await reader.readline()
    assert status in line or line == b""
    writer.close()
