"""Under one `Idempotency-Key` a change happens once: asked again, at once, after a crash, or by somebody else."""

import asyncio

import pytest
from factories import sound
from factories.music import keep, track
from factories.server import in_its_loop, only_sqlite
from sqlalchemy import func, select, update

from segue.changes.change import KEPT_S
from segue.changes.tables import remembered
from segue.collections import collections
from segue.shares.tables import shares
from segue.tracks import tracks

pytestmark = in_its_loop

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


async def count(served, table):
    async with served.parts.database.reading() as tx:
        return (await tx.execute(select(func.count()).select_from(table))).scalar_one()


async def test_asked_again_it_answers_the_same_and_does_nothing(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    before = await count(served, shares)
    first = await ada.http.post(f"/tracks/{made.id}/share", json={"label": "a"}, headers=KEY)
    again = await ada.http.post(f"/tracks/{made.id}/share", json={"label": "a"}, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"
    assert await count(served, shares) == before + 1
    assert await served.audited(again) == []


@pytest.mark.parametrize("other", [{"name": "B"}, {"name": "A", "description": "x"}])
async def test_the_same_key_for_something_else_is_refused(served, other):
    ada = await served.member()
    assert (await ada.http.post("/collections", json={"name": "A"}, headers=KEY)).status_code == 201
    answer = await ada.http.post("/collections", json=other, headers=KEY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert [item["name"] for item in (await ada.http.get("/collections")).json()["items"]] == ["A"]


async def test_another_path_is_something_else_too(served):
    ada = await served.member()
    ids = [(await keep(served.parts, track(ada.who))).id for _ in range(2)]
    assert (await ada.http.post(f"/tracks/{ids[0]}/save", headers=KEY)).status_code == 201
    assert (await ada.http.post(f"/tracks/{ids[1]}/save", headers=KEY)).status_code == 409
    assert (await ada.http.delete(f"/tracks/{ids[0]}/save", headers=KEY)).status_code == 409


async def test_keys_are_each_callers_own(served):
    ada, bob = await served.member(), await served.member()
    made = [(await each.http.post("/collections", json={"name": "A"}, headers=KEY)).json()["id"] for each in (ada, bob)]
    assert made[0] != made[1]


async def test_twenty_at_once_are_one(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    before = await count(served, shares)
    answers = await asyncio.gather(*(ada.http.post(f"/tracks/{made.id}/share", headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 19
    assert await count(served, shares) == before + 1


async def test_what_was_refused_is_not_remembered(served):
    ada = await served.member()
    assert (await ada.http.post("/tracks/mtrack_000000000000/save", headers=KEY)).status_code == 404
    made = (await ada.http.post("/collections", json={"name": "A"}, headers=KEY)).status_code
    assert made == 201, "the key is free for what succeeds"


async def test_a_day_later_the_key_is_free(served):
    ada = await served.member()
    first = (await ada.http.post("/collections", json={"name": "A"}, headers=KEY)).json()["id"]
    async with served.parts.database.transaction() as tx:
        mine = remembered.c.scope == f"{ada.who.user_id}/{ada.who.organization_id}"
        await tx.execute(update(remembered).where(mine).values(created_at=remembered.c.created_at - KEPT_S))
    second = (await ada.http.post("/collections", json={"name": "A"}, headers=KEY)).json()["id"]
    assert first != second


async def test_an_upload_sent_twice_is_one_track(served, tmp_path):
    ada = await served.member()
    song = sound.write(tmp_path / "a.flac", sound.sine(0.2), "flac").read_bytes()
    other = sound.write(tmp_path / "b.flac", sound.sine(0.3), "flac").read_bytes()
    before = await count(served, tracks)

    async def upload(data, **fields):
        return await ada.http.post("/tracks", files={"file": ("a.flac", data)}, data=fields, headers=KEY)

    first, again = await upload(song, title="A"), await upload(song, title="A")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (await upload(song, title="B")).status_code == 409
    assert (await upload(other, title="A")).status_code == 409
    assert await count(served, tracks) == before + 1
    files = [path for path in served.layout.blobs.rglob("*-*.flac") if first.json()["id"] in str(path)]
    assert len(files) == 1


async def test_no_secret_rests_readable_in_what_is_remembered(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    token = (await ada.http.post(f"/tracks/{made.id}/share", headers=KEY)).json()["token"]
    async with served.parts.database.reading() as tx:
        rows = (await tx.execute(select(remembered))).all()
    kept = b"".join(value for row in rows for value in row if isinstance(value, bytes))
    assert token.encode() not in kept
    assert KEY["Idempotency-Key"].encode() not in kept
    assert not any(KEY["Idempotency-Key"] in str(value) for row in rows for value in row)


@only_sqlite
@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
async def test_a_key_that_is_none_is_told(served, key):
    ada = await served.member()
    answer = await ada.http.post("/collections", json={"name": "A"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == ["Idempotency-Key"]
    assert (await ada.http.get("/collections")).json()["items"] == []


async def test_every_change_is_one_row_of_the_audit(served):
    ada = await served.member()
    answer = await ada.http.post("/collections", json={"name": "A"})
    collection_id = answer.json()["id"]
    (row,) = await served.audited(answer)
    assert (row.event, row.outcome, row.subject_id, row.actor_id) == (
        "collection.create", "done", collection_id, ada.who.user_id,
    )  # fmt: skip
    for outcome in ("done", "unchanged"):
        (row,) = await served.audited(await ada.http.delete(f"/collections/{collection_id}"))
        assert (row.event, row.outcome, row.subject_id) == ("collection.delete", outcome, collection_id)
    assert await count(served, collections) > 0
