"""Saving what was shared: with an account, from an open link, on the terms of the day."""

import asyncio

import pytest
from factories.links import DEAD, ENDS, of_that_day, used_up
from factories.music import change, keep, keep_collection, track
from factories.server import in_its_loop, serving
from sqlalchemy import select

from segue import licences
from segue.library.tables import library
from segue.settings import Rate
from segue.tracks import licence_columns, tracks

pytestmark = in_its_loop


def saving(link):
    return f"/v1/music/shared/{link['token']}/save"


async def listener(served):
    """Somebody of another organization, with a client that speaks to the whole server."""
    bob = await served.member(organization=await served.organization())
    return bob, await served.visitor(headers={"X-API-Key": bob.key})


async def linked(served, **wish):
    ada = await served.member(organization=await served.organization())
    made = await keep(served.parts, track(ada.who, licence="CC-BY-4.0", credits=["Ada"]))
    return ada, made, await ada.share(made.id, **wish)


async def test_a_saved_track_is_kept_after_the_link_has_ended(served):
    ada, made, link = await linked(served)
    bob, client = await listener(served)
    answer = await client.post(saving(link))
    assert answer.status_code == 201
    assert answer.headers["aitronos-organization"] == bob.who.organization_id
    await ada.http.delete(f"/share/{link['id']}")
    kept = await bob.http.get(f"/tracks/{made.id}")
    assert kept.status_code == 200
    assert (await client.get(kept.json()["playback_url"], headers={"Range": "bytes=0-9"})).status_code == 206
    assert (await client.post(saving(link))).status_code == 404
    rows = [row for row in await served.audit(share_id=link["id"]) if row.event == "share.save"]
    assert [(row.outcome, row.subject_id, row.actor_id) for row in rows] == [
        ("done", made.id, bob.who.user_id),
        ("refused", None, bob.who.user_id),
    ]


async def test_the_terms_of_the_day_are_kept_with_it(served):
    _, made, link = await linked(served)
    _, client = await listener(served)
    await client.post(saving(link))
    await change(served.parts, tracks, made.id, **licence_columns(licences.facts_of(None, asserted_by="uploader")))
    async with served.parts.database.reading() as tx:
        (row,) = (await tx.execute(select(library).where(library.c.track_id == made.id))).all()
    facts = licences.from_json(row.licence)
    assert (facts.expression, facts.credits, row.share_id) == ("CC-BY-4.0", {"Ada"}, link["id"])


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
async def test_a_link_that_has_ended_is_the_one_dead_answer(served, end):
    ada, _, link = await linked(served)
    bob, client = await listener(served)
    await end(served, ada, link)
    answer = await client.post(saving(link))
    assert (answer.status_code, of_that_day(answer.content)) == (404, DEAD)
    assert (await bob.http.get("/tracks")).json()["items"] == []


@pytest.mark.parametrize("token", ["shr_" + "0" * 32, "x", "mslink_000000000000", "%00", "ä"])
async def test_so_is_one_that_never_was(served, token):
    _, client = await listener(served)
    answer = await client.post(f"/v1/music/shared/{token}/save")
    assert (answer.status_code, of_that_day(answer.content)) == (404, DEAD)


async def test_a_removed_track_cannot_be_saved(served):
    ada, made, link = await linked(served)
    _, client = await listener(served)
    await ada.http.delete(f"/tracks/{made.id}")
    answer = await client.post(saving(link))
    assert (answer.status_code, of_that_day(answer.content)) == (404, DEAD)


async def test_a_collection_cannot_be_saved_and_neither_what_the_sharer_keeps(served):
    ada, made, _ = await linked(served)
    bob, client = await listener(served)
    whole = await ada.share(await keep_collection(served.parts, ada.who, [made.id]))
    kept_back = await ada.share(made.id, allow_save=False)
    for link in (whole, kept_back):
        answer = await client.post(saving(link))
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")
        refused = [row for row in await served.audit(share_id=link["id"]) if row.event == "share.save"]
        assert [row.outcome for row in refused] == ["refused"]
    assert (await bob.http.get("/tracks")).json()["items"] == []


async def test_saving_takes_one_of_the_opens_that_a_link_has(served):
    _, made, link = await linked(served, max_opens=3)
    people = [await listener(served) for _ in range(20)]
    answers = await asyncio.gather(*(client.post(saving(link)) for _, client in people))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [404] * 17
    kept = [(await bob.http.get(f"/tracks/{made.id}")).status_code for bob, _ in people]
    assert sorted(kept) == [200] * 3 + [404] * 17


async def test_saving_twice_takes_one_open(served):
    _, _, link = await linked(served, max_opens=2)
    _, client = await listener(served)
    assert [(await client.post(saving(link))).status_code for _ in range(3)] == [201, 200, 200]
    assert (await (await served.visitor()).get(link["url"])).status_code == 200


async def test_what_is_used_up_cannot_be_saved(served):
    ada, _, link = await linked(served, max_opens=1)
    _, client = await listener(served)
    await used_up(served, ada, link)
    assert (await client.post(saving(link))).status_code == 404


async def test_without_an_account_it_asks_for_one(served):
    _, _, link = await linked(served)
    answer = await (await served.visitor()).post(saving(link))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTHENTICATION_REQUIRED")


async def test_an_account_is_no_licence_to_guess(tmp_path):
    async with serving(tmp_path, unknown_token_rate=Rate(3, 86_400)) as server:
        _, client = await listener(server)
        guesses = [await client.post(f"/v1/music/shared/shr_{number:032x}/save") for number in range(5)]
        assert [guess.status_code for guess in guesses] == [404] * 3 + [429] * 2
        assert int(guesses[-1].headers["retry-after"]) > 0
