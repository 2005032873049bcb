"""Other people's programs: the published Python client, plain Python, and Node. Only the address differs."""

import asyncio
import json
from contextlib import contextmanager

import pytest
import requests
from aitronos import Aitronos, AsyncAitronos
from aitronos.core.api_error import ApiError
from aitronos.core.pydantic_utilities import parse_obj_as
from aitronos.errors import NotFoundError
from aitronos.types.http_validation_error import HttpValidationError
from conftest import needs
from factories.links import DEAD, of_that_day
from factories.music import keep, track
from factories.people import PASSWORD, with_password
from factories.server import in_its_loop
from factories.server import served as served  # noqa: PLC0414 - a fixture, found by its name

from segue import library

pytestmark = in_its_loop

EXAMPLE = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


async def somebody(served):
    """A member with a track in the library."""
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    async with served.parts.database.transaction() as tx:
        await library.add(tx, ada.who, made, "uploaded", now=made.created_at)
    return ada, made


@contextmanager
def published(url, key, **more):
    """The published client as it makes itself, and closed in the end, for which it has no method."""
    client = Aitronos(base_url=url, api_key=key, **more)
    yield client
    client._client_wrapper.httpx_client.httpx_client.close()


def asked(client, path, **more):
    """A call that the client has no method for, by its own transport and with its own credentials."""
    return client._client_wrapper.httpx_client.request(path, **{"method": "GET"} | more)


def music(client, organization_id, track_id):
    """The calls of somebody who lists tracks, collects one, shares it, and ends the link again."""
    base = f"v1/music/{organization_id}"
    assert [item["id"] for item in asked(client, f"{base}/tracks", params={"limit": 5}).json()["items"]] == [track_id]
    body = {"name": "Focus Sessions", "description": "Instrumental tracks for deep work"}
    made = asked(client, f"{base}/collections", method="POST", json=body)
    assert made.status_code == 201
    path = f"{base}/collections/{made.json()['id']}"
    assert asked(client, f"{path}/tracks", method="POST", json={"track_id": track_id}).json()["success"] is True
    link = asked(client, f"{path}/share", method="POST", json={"visibility": "public"}).json()
    opened = asked(client, f"v1/music/shared/{link['token']}").json()
    assert (opened["kind"], opened["available"], opened["collection"]["id"]) == ("collection", True, made.json()["id"])
    assert [item["id"] for item in opened["tracks"]] == [track_id]
    assert asked(client, f"{base}/share/{link['id']}", method="DELETE").status_code == 200
    dead = asked(client, f"v1/music/shared/{link['token']}")
    assert (dead.status_code, of_that_day(dead.content)) == (404, DEAD)


async def test_the_published_clients_own_methods_for_keys_and_sessions(served):
    ada, email = await served.member(), "client-of-ours@example.org"
    sam = await with_password(served, email)

    def journey():
        with published(served.url, ada.key) as client:
            keys, organization_id = client.api_keys, ada.who.organization_id
            made = keys.create_api_key(organization_id, key_name="Laptop")
            assert (made.key[:4], made.is_active, made.created_by) == ("sgk_", True, ada.who.user_id)
            listed = keys.list_api_keys(organization_id, page=1, page_size=50)
            assert (listed.total, {key.id for key in listed.keys} >= {made.id}) == (2, True)
            assert keys.get_api_key(organization_id, made.id).key_name == "Laptop"
            rotated = keys.rotate_api_key(organization_id, made.id)
            assert (rotated.success, rotated.old_key_id) == (True, made.id)
            deleted = keys.delete_api_key(organization_id, rotated.new_key.id)
            assert deleted.success is True
            with pytest.raises(ApiError) as refused:
                keys.get_api_key(organization_id, made.id)
            assert (refused.value.status_code, refused.value.body["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")
            answer = client.authentication.login(email_or_username=email, password=PASSWORD)
            assert (answer.success, answer.email, answer.requires_verification) == (True, email, False)
            token = answer.token
        # It always sends a key, too; here that is the same person's.
        with published(served.url, sam.key, token=token) as client:
            changed = client.authentication.update_password(
                current_password=PASSWORD, new_password="staple battery", confirm_password="staple battery"
            )
            assert changed.success is True
            assert client.authentication.logout().message == "Signed out."
            with pytest.raises(ApiError) as ended:
                client.authentication.logout()
            assert (ended.value.status_code, ended.value.body["error"]["code"]) == (401, "TOKEN_INVALID")

    await asyncio.to_thread(journey)


async def test_the_published_client(served):
    ada, made = await somebody(served)

    def journey():
        with published(served.url, ada.key) as client:
            assert client.health.liveness_check().status == "ok"
            ready = client.health.readiness_check()
            assert ready.status == "healthy"
            assert {component.name for component in ready.components} >= {"database", "audit", "storage"}
            music(client, ada.who.organization_id, made.id)

    await asyncio.to_thread(journey)


async def test_the_published_client_with_a_token(served):
    """It always sends an API key; a token goes with it as a bearer."""
    ada, made = await somebody(served)

    def journey():
        with published(served.url, ada.key, token=ada.key) as client:
            music(client, ada.who.organization_id, made.id)

    await asyncio.to_thread(journey)


async def test_the_published_client_that_does_not_wait(served):
    ada, _ = await somebody(served)
    client = AsyncAitronos(base_url=served.url, api_key=ada.key)
    assert (await client.health.liveness_check()).status == "ok"
    assert (await client.health.readiness_check()).status == "healthy"
    listed = await asked(client, f"v1/music/{ada.who.organization_id}/tracks")
    assert len(listed.json()["items"]) == 1
    await client._client_wrapper.httpx_client.httpx_client.aclose()


async def test_the_published_client_reads_our_errors(served):
    ada, _ = await somebody(served)

    def journey():
        with published(served.url, ada.key) as client:
            with pytest.raises(NotFoundError) as missing:
                client.rule_attachments.list_rule_attachments("rule_0")
            with pytest.raises(ApiError) as unknown:
                client.models.list_models()
            wrong = asked(client, f"v1/music/{ada.who.organization_id}/tracks", params={"limit": 0})
        assert missing.value.body["error"]["code"] == "RESOURCE_NOT_FOUND"
        assert missing.value.headers["x-request-id"] == missing.value.body["error"]["trace_id"]
        assert (unknown.value.status_code, unknown.value.body["success"]) == (404, False)
        told = parse_obj_as(HttpValidationError, wrong.json())
        assert told.error["details"]["errors"][0]["field"] == "limit"
        with published(served.url, "sgk_nobody") as stranger:
            refused = asked(stranger, f"v1/music/{ada.who.organization_id}/tracks")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "INVALID_API_KEY")

    await asyncio.to_thread(journey)


async def test_plain_python(served):
    ada, made = await somebody(served)
    base = f"{served.url}/v1/music"

    def journey():
        with requests.Session() as session:
            session.headers["X-API-Key"] = ada.key
            own = f"{base}/{ada.who.organization_id}"
            body = {"name": "Focus Sessions", "description": "Instrumental tracks for deep work"}
            collection = session.post(f"{own}/collections", json=body, timeout=20).json()
            assert collection["track_count"] == 0
            wish = {"visibility": "link_only", "expires_in_days": 30}
            link = session.post(f"{own}/tracks/{made.id}/share", json=wish, timeout=20).json()
            assert link["url"] == f"{base}/shared/{link['token']}"
            assert len(session.get(f"{own}/collections", timeout=20).json()["items"]) == 1
        with requests.get(link["url"], timeout=20) as opened:
            assert opened.json()["track"]["id"] == made.id
        with requests.get(f"{base}/shared/{EXAMPLE}", timeout=20) as dead:
            assert dead.status_code == 404

    await asyncio.to_thread(journey)


_NODE = """
const base = process.env.BASE, own = `${base}/${process.env.ORGANIZATION}`;
const headers = { 'X-API-Key': process.env.FREDDY_API_KEY, 'Content-Type': 'application/json' };
const sent = async (path, body) =>
  (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
const collection = await sent(`${own}/collections`, { name: 'Focus Sessions', description: null });
const added = await sent(`${own}/collections/${collection.id}/tracks`, { track_id: process.env.TRACK });
const link = await sent(`${own}/collections/${collection.id}/share`, { visibility: 'public' });
const listed = await (await fetch(`${own}/collections?limit=5`, { headers })).json();
const response = await fetch(`${base}/shared/${link.token}`);
const share = await response.json();
const sound = await fetch(share.tracks[0].playback_url, { headers: { Range: 'bytes=0-99' } });
const dead = await fetch(`${base}/shared/${process.env.DEAD}`);
console.log(JSON.stringify({
  added, listed: listed.items.length, available: share.available, name: share.collection.name,
  status: response.status, bytes: (await sound.arrayBuffer()).byteLength, partial: sound.status,
  dead: [dead.status, (await dead.json()).error.code],
}));
"""


async def test_node(served):
    node = needs("node")
    ada, made = await somebody(served)
    environment = {
        "BASE": f"{served.url}/v1/music",
        "ORGANIZATION": ada.who.organization_id,
        "FREDDY_API_KEY": ada.key,
        "TRACK": made.id,
        "DEAD": EXAMPLE,
    }
    running = await asyncio.create_subprocess_exec(
        node, "--input-type=module", "-e", _NODE, env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(running.communicate(), 30)
    assert json.loads(out) == {
        "added": {"success": True, "id": made.id, "detail": "Track added to collection."},
        "listed": 1,
        "available": True,
        "name": "Focus Sessions",
        "status": 200,
        "bytes": 100,
        "partial": 206,
        "dead": [404, "RESOURCE_NOT_FOUND"],
    }
