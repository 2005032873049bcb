"""The calls that the API's documentation shows, with curl and with Python: only the base URL and the values differ."""

import asyncio
import json

import pytest
import requests
from conftest import needs
from factories.links import DEAD, of_that_day
from factories.music import keep, track
from factories.server import in_its_loop
from factories.server import served as served  # noqa: PLC0414 - a fixture, found by its name

pytestmark = [in_its_loop, pytest.mark.parametrize("served", ["sqlite"], indirect=True)]

EXAMPLE = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


async def bash(command, **environment):
    """Standard output of a command line as one would paste it."""
    running = await asyncio.create_subprocess_exec(
        "/bin/bash", "-c", command, env={"PATH": "/usr/bin:/bin"} | environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await running.communicate()
    assert running.returncode == 0
    return out


async def test_curl_makes_a_link_opens_it_and_ends_it(served):
    needs("curl")
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    base = f"{served.url}/v1/music"
    link = json.loads(
        await bash(
            f'curl -s -X POST "{base}/{ada.who.organization_id}/tracks/{made.id}/share" \\\n'
            '  -H "X-API-Key: $FREDDY_API_KEY" \\\n'
            '  -H "Content-Type: application/json" \\\n'
            """  -d '{ "visibility": "link_only", "expires_in_days": 30 }'""",
            FREDDY_API_KEY=ada.key,
        )
    )
    opened = json.loads(await bash(f'curl -s "{base}/shared/{link["token"]}"'))
    assert (opened["kind"], opened["available"], opened["track"]["id"]) == ("track", True, made.id)
    assert opened["share"]["expires_at"] == link["expires_at"]
    sound = await bash(f'curl -s -r 0-99 "{opened["track"]["playback_url"]}"')
    assert len(sound) == 100
    ended = await bash(
        f'curl -s -X DELETE "{base}/{ada.who.organization_id}/share/{link["id"]}" -H "Authorization: Bearer $KEY"',
        KEY=ada.key,
    )
    assert json.loads(ended) == {"success": True, "id": link["id"], "detail": "Share link revoked."}
    for token in (link["token"], EXAMPLE):
        assert of_that_day(await bash(f'curl -s "{base}/shared/{token}"')) == DEAD


async def test_python_opens_a_link(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    link = await ada.share(made.id)

    def opened(token):
        with requests.get(f"{served.url}/v1/music/shared/{token}", timeout=20) as response:
            return response.status_code, response.json()

    status, share = await asyncio.to_thread(opened, link["token"])
    assert status == 200
    assert share["available"]
    assert share["track"]["title"] == "Late Night Study"
    assert share["track"]["licence"]["commercial_use"] is False
    status, share = await asyncio.to_thread(opened, EXAMPLE)
    assert (status, share["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")
