"""Many writers on one collection: whatever they do at once, positions are 0 to n-1 and nobody is lost or doubled."""

import asyncio
import random

from factories.music import keep_collection, keep_many
from factories.server import in_its_loop
from sqlalchemy import select

from segue.collections import collection_tracks

pytestmark = in_its_loop


async def positions(served, collection_id):
    async with served.parts.database.reading() as tx:
        members = collection_tracks.c.collection_id == collection_id
        rows = (await tx.execute(select(collection_tracks).where(members))).all()
    return {row.track_id: row.position for row in rows}


async def test_twenty_writers_leave_an_order_without_gaps(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 30)
    collection_id = await keep_collection(served.parts, ada.who, ids[:15])
    path, dice = f"/collections/{collection_id}", random.Random(20)

    async def writer(number):
        statuses = set()
        for _ in range(5):
            track_id = dice.choice(ids)
            match number % 3:
                case 0:
                    answer = await ada.http.post(f"{path}/tracks", json={"track_id": track_id})
                case 1:
                    answer = await ada.http.delete(f"{path}/tracks/{track_id}")
                case _:
                    wished = dice.sample(ids, 10)
                    answer = await ada.http.patch(f"{path}/order", json={"ordered_track_ids": wished})
            statuses.add(answer.status_code)
            assert (await ada.http.get(path)).status_code == 200
        return statuses

    assert set.union(*await asyncio.gather(*map(writer, range(20)))) == {200}
    found = await positions(served, collection_id)
    assert sorted(found.values()) == list(range(len(found)))
    shown = (await ada.http.get(f"{path}/tracks")).json()["items"]
    assert [(item["track_id"], item["position"]) for item in shown] == sorted(found.items(), key=lambda each: each[1])


async def test_the_same_track_added_twenty_times_at_once_is_there_once(served):
    ada = await served.member()
    (track_id,) = await keep_many(served.parts, ada.who, 1)
    collection_id = await keep_collection(served.parts, ada.who, [])
    adding = (ada.http.post(f"/collections/{collection_id}/tracks", json={"track_id": track_id}) for _ in range(20))
    assert {answer.status_code for answer in await asyncio.gather(*adding)} == {200}
    assert await positions(served, collection_id) == {track_id: 0}


async def test_twenty_that_fill_the_last_place_fill_it_once(served):
    ada = await served.member()
    ids = await keep_many(served.parts, ada.who, 519)
    collection_id = await keep_collection(served.parts, ada.who, ids[:499])
    adding = (ada.http.post(f"/collections/{collection_id}/tracks", json={"track_id": each}) for each in ids[499:])
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*adding))
    assert statuses == [200] + [409] * 19
    assert len(await positions(served, collection_id)) == 500
