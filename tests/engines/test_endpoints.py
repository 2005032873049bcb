"""The list of engines over HTTP, by the wire."""

import json

from factories.engines import facts, install, offer
from factories.server import NOW, in_its_loop, serving

from segue import accounts
from segue.app import application
from segue.engines import Registry
from segue.http import Call


@in_its_loop
async def test_the_list_has_what_ships_and_is_for_members(served):
    ada, eve = await served.member(), await served.member(organization=await served.organization())
    answer = await ada.http.get("/engines")
    assert answer.status_code == 200
    listed = answer.json()["engines"][0]
    assert (listed["engine_key"], listed["licence_class"]) == ("studio", "commercial_cleared")
    again = await ada.http.get("/engines", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    foreign = await eve.http.get(f"{served.url}/v1/music/{ada.who.organization_id}/engines")
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "ORGANIZATION_ACCESS_DENIED")
    unknown = await (await served.visitor()).get(f"{served.url}/v1/music/{ada.who.organization_id}/engines")
    assert unknown.status_code == 401


async def test_an_installed_engine_is_listed_with_what_it_can_do(packages, tmp_path_factory):
    install(packages, "segue_choir")
    install(packages, "segue_organ", "organ")
    install(packages, "segue_broken", "broken", "raise RuntimeError")
    async with serving(
        tmp_path_factory.mktemp("engines"), disabled_engines=("organ", "studio", "studio_orchestra")
    ) as server:
        answer = await (await server.member()).http.get("/engines")
    assert answer.status_code == 200
    assert json.dumps(answer.json()) == json.dumps(
        {
            "engines": [
                {
                    "engine_key": "choir",
                    "name": "Choir",
                    "description": "Four voices.",
                    "max_duration_seconds": 120,
                    "supports_vocals": True,
                    "supports_lyrics": True,
                    "supports_stems": False,
                    "languages": ["la"],
                    "licence_class": "personal_only",
                    "licence_version": "2026-11",
                    "commercial_use": False,
                    "requires_attribution": True,
                }
            ]
        }
    )


async def test_a_registry_may_be_handed_in(installation):
    engines = Registry([offer(facts("studio")), offer(facts("choir", version="7.1"))])
    api = application(installation, engines).api
    async with installation.database.transaction() as tx:
        new = await accounts.add_user(tx, "eve@example.org", None, now=NOW)
    path, headers = f"/v1/music/{new.organization_id}/engines", {"x-api-key": new.key.raw}
    call = Call("GET", path, "", headers.get, client="127.0.0.1", request_id="req_0", now=NOW, protocol=None)
    answer = await api.answer(call)
    assert answer.status == 200
    listed = json.loads(answer.body)["engines"]
    assert [(each["engine_key"], each["commercial_use"]) for each in listed] == [("choir", True), ("studio", True)]
    assert b"7.1" not in answer.body, "the version is for us alone"
