"""The look at every answer of the suite finds what it is there to find."""

import httpx
import pytest
from factories.secrets import look

TOKEN = "shr_" + "0" * 32


def answer(body, method="GET", path="/v1/music/org_0/shares", status=200):
    return httpx.Response(status, json=body, request=httpx.Request(method, "http://x" + path))


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{"digest": "x"}]},
        {"items": [{"inside": {"blob_key": "x"}}]},
        {"token": TOKEN},
        {"label": TOKEN},
        {"label": "sgk_" + "a" * 40},
        {"items": ["sgs_" + "a" * 40]},
        {"client": "x"},
        {"note": "opened from 127.1.0.7"},
        {"note": "f" * 64},
        {"note": "tracks/ab/mtrack_0123456789ab/master"},
    ],
)
async def test_a_leak_is_found(body):
    with pytest.raises(AssertionError):
        await look(answer(body))


@pytest.mark.parametrize(
    ("body", "method", "path"),
    [
        ({"token": TOKEN, "url": "http://x/" + TOKEN}, "POST", "/v1/music/org_0/tracks/mtrack_0/share"),
        ({"playback_url": "http://x/media/a/b?grant=c&signature=" + "f" * 64}, "GET", "/v1/music/org_0/tracks/t"),
        ({"engine_key": "studio", "key_name": "x", "key_prefix": "sgk_abcd"}, "GET", "/v1/music/org_0/engines"),
    ],
)
async def test_what_may_be_shown_is_no_leak(body, method, path):
    await look(answer(body, method, path))


async def test_a_refusal_shows_nothing_even_where_success_would():
    with pytest.raises(AssertionError):
        await look(answer({"token": TOKEN}, "POST", "/v1/music/org_0/tracks/t/share", 400))
