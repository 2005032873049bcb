"""The library: newest save first, filtered and by pages; kept, let go, and gone when a track is deleted."""

import asyncio

import pytest
from factories.music import keep, track
from factories.server import in_its_loop
from sqlalchemy import select

from segue import library, licences
from segue.library.tables import library as edges

pytestmark = in_its_loop


async def saved(served, member, *tracks):
    for each in tracks:
        async with served.parts.database.transaction() as tx:
            await library.add(tx, member.who, each, "saved", now=1)


async def listed(member, **params):
    answer = await member.http.get("/tracks", params=params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def made(served, member, **more):
    return await keep(served.parts, track(member.who, **more))


async def test_the_newest_save_is_first_whenever_the_track_was_made(served):
    ada = await served.member()
    old, new, newest = [await made(served, ada, created_at=at) for at in (10, 20, 30)]
    await saved(served, ada, newest, old, new)
    assert await listed(ada) == [new.id, old.id, newest.id]
    await ada.http.delete(f"/tracks/{newest.id}/save")
    await ada.http.post(f"/tracks/{newest.id}/save")
    assert await listed(ada) == [newest.id, new.id, old.id]


async def test_filters_are_all_meant_together(served):
    ada = await served.member()
    kinds = [("studio", "creation"), ("studio", "focus"), ("upload", "creation"), ("other", "focus")]
    found = {kind: await made(served, ada, engine=kind[0], mode=kind[1]) for kind in kinds}
    await saved(served, ada, *found.values())
    collection = (await ada.http.post("/collections", json={"name": "A"})).json()
    for kind in kinds[:3]:
        await ada.http.post(f"/collections/{collection['id']}/tracks", json={"track_id": found[kind].id})

    async def kinds_of(**params):
        ids = {each.id: kind for kind, each in found.items()}
        return [ids[track_id] for track_id in await listed(ada, **params)]

    assert await kinds_of() == kinds[::-1]
    assert await kinds_of(engine="studio") == [kinds[1], kinds[0]]
    assert await kinds_of(mode="focus") == [kinds[3], kinds[1]]
    assert await kinds_of(mode="focus", engine="studio") == [kinds[1]]
    assert await kinds_of(collection_id=collection["id"]) == [kinds[2], kinds[1], kinds[0]]
    assert await kinds_of(collection_id=collection["id"], mode="creation", engine="studio") == [kinds[0]]
    assert await kinds_of(engine="none_of_that_name") == []


async def test_a_foreign_collection_is_no_filter(served):
    ada, eve = await served.member(), await served.member()
    foreign = (await eve.http.post("/collections", json={"name": "A"})).json()["id"]
    answers = [
        await ada.http.get("/tracks", params={"collection_id": each})
        for each in (foreign, "mcoll_000000000000", "x", "\0")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1


async def test_pages_follow_each_other(served):
    ada = await served.member()
    await saved(served, ada, *[await made(served, ada) for _ in range(5)])
    whole = await listed(ada)
    pages = [await listed(ada, limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert pages == [whole[:2], whole[2:4], whole[4:], []]


async def test_whoever_lets_a_saved_track_go_cannot_see_it_any_more(served):
    ada, bob = await served.member(), await served.member()
    theirs = await made(served, ada)
    await saved(served, bob, theirs)
    assert (await bob.http.get(f"/tracks/{theirs.id}")).status_code == 200
    assert (await bob.http.delete(f"/tracks/{theirs.id}/save")).status_code == 200
    for method, path in (("GET", ""), ("DELETE", "/save"), ("POST", "/save"), ("DELETE", "")):
        assert (await bob.http.request(method, f"/tracks/{theirs.id}{path}")).status_code == 404


async def test_a_saver_may_not_delete_and_a_stranger_does_not_know(served):
    ada, bob, eve = await served.member(), await served.member(), await served.member()
    theirs = await made(served, ada)
    await saved(served, bob, theirs)
    answers = [await each.http.delete(f"/tracks/{theirs.id}") for each in (bob, eve)]
    assert [answer.status_code for answer in answers] == [403, 404]
    assert answers[0].json()["error"]["code"] == "INSUFFICIENT_PERMISSIONS"
    assert (await ada.http.get(f"/tracks/{theirs.id}")).status_code == 200


async def test_a_deleted_track_leaves_every_library_and_its_snapshots_stay(served):
    ada, bob = await served.member(), await served.member()
    theirs = await made(served, ada, licence="CC-BY-4.0", credits=["Ada"])
    await saved(served, ada, theirs)
    await saved(served, bob, theirs)
    await ada.http.delete(f"/tracks/{theirs.id}")
    assert await listed(ada) == await listed(bob) == []
    assert (await bob.http.get(f"/tracks/{theirs.id}")).status_code == 404
    async with served.parts.database.reading() as tx:
        rows = (await tx.execute(select(edges).where(edges.c.track_id == theirs.id))).all()
    assert len(rows) == 2
    for row in rows:
        assert row.withdrawn_at is not None
        assert licences.from_json(row.licence).credits == {"Ada"}


async def test_saved_twice_at_once_it_is_there_once(served):
    ada = await served.member()
    theirs = await made(served, ada)
    answers = await asyncio.gather(*(ada.http.post(f"/tracks/{theirs.id}/save") for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await listed(ada) == [theirs.id]


@pytest.mark.parametrize("word", ["creationx", "", "CREATION"])
async def test_an_unknown_mode_is_told(served, word):
    ada = await served.member()
    answer = await ada.http.get("/tracks", params={"mode": word})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == ["mode"]
