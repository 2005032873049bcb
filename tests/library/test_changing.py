"""What a track's maker may change: title, declared terms, picture. And the files that go with a track."""

import json

import pytest
from factories import sound
from factories.music import RENDITIONS, keep, track
from factories.server import in_its_loop, only_sqlite

from segue.clock import now_s
from segue.jobs import UPKEEP, Task, Workers
from segue.tracks import ERASE_JOB, erase, remove

pytestmark = in_its_loop


async def uploaded(served, member, **more):
    return await keep(served.parts, track(member.who, engine="upload", licence=None, **more))


async def terms(member, made):
    return (await member.http.get(f"/tracks/{made.id}/licence")).json()


async def test_a_declaration_is_told_back_with_what_follows_from_it(served):
    ada = await served.member()
    made = await uploaded(served, ada)
    before = await terms(ada, made)
    assert (before["licence"], before["licence_class"], before["asserted_by"]) == (None, "unclear", "uploader")
    declared = {"licence": "cc-by-nc-4.0", "credits": "Music by Ada", "source": "https://ada.example/late"}
    answer = await ada.http.patch(f"/tracks/{made.id}", json=declared)
    assert (answer.status_code, answer.json()["licence_class"]) == (200, "personal_only")
    after = await terms(ada, made)
    lines = after.pop("lines")
    assert after == {
        "track_id": made.id,
        "licence": "CC-BY-NC-4.0",
        "licence_class": "personal_only",
        "licence_version": "2026-11",
        "commercial_use": False,
        "requires_attribution": True,
        "shareable": True,
        "asserted_by": "uploader",
        "credits": ["Music by Ada"],
        "sources": ["https://ada.example/late"],
        "credit_line": after["credit_line"],
    }
    assert "Music by Ada" in after["credit_line"]
    assert all(line.endswith(".") for line in lines)


async def test_absent_stays_and_null_takes_away(served):
    ada = await served.member()
    made = await uploaded(served, ada)
    await ada.http.patch(f"/tracks/{made.id}", json={"licence": "own", "credits": "Ada", "source": "https://a.example"})
    await ada.http.patch(f"/tracks/{made.id}", json={"title": "Other"})
    assert (await terms(ada, made))["credits"] == ["Ada"]
    await ada.http.patch(f"/tracks/{made.id}", json={"credits": None})
    seen = await terms(ada, made)
    assert (seen["licence"], seen["credits"], seen["sources"]) == ("own", [], ["https://a.example"])
    await ada.http.patch(f"/tracks/{made.id}", json={"licence": None, "source": None, "title": None})
    seen = await terms(ada, made)
    assert (seen["licence"], seen["licence_class"], seen["sources"]) == (None, "unclear", [])
    assert (await ada.http.get(f"/tracks/{made.id}")).json()["title"] is None
    same = await ada.http.patch(f"/tracks/{made.id}", json={})
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "x" * 513, "licence": "nonsense"}, ["licence", "title"]),
        ({"title": 7}, ["title"]),
        ({"licence": "x" * 201, "credits": "x" * 1_025, "source": "ftp://x"}, ["credits", "licence", "source"]),
        ({"source": "javascript:alert(1)"}, ["source"]),
        ({"source": "https://x/ y"}, ["source"]),
        ({"source": "https://x/\0"}, ["source"]),
        ({"artwork": "x", "licence_class": "commercial_cleared"}, ["artwork", "licence_class"]),
    ],
)
async def test_every_fault_is_told_and_nothing_changes(served, body, fields):
    ada = await served.member()
    made = await uploaded(served, ada)
    before = await terms(ada, made)
    answer = await ada.http.patch(f"/tracks/{made.id}", json=body)
    assert answer.status_code == 422
    assert sorted(fault["field"] for fault in answer.json()["error"]["details"]["errors"]) == fields
    assert await terms(ada, made) == before
    assert (await ada.http.get(f"/tracks/{made.id}")).json()["title"] == made.title


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("<script>alert('1')</script>", "<script>alert('1')</script>"),
        ('"; DROP TABLE tracks; --', '"; DROP TABLE tracks; --'),
        ("turned \u202e round", "turned round"),
        ("two\nlines\0", "two lines"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    ],
)
async def test_a_hostile_title_is_text_everywhere(served, title, kept):
    ada, visitor = await served.member(), await served.visitor()
    made = await uploaded(served, ada)
    answer = await ada.http.patch(f"/tracks/{made.id}", json={"title": title})
    assert (answer.status_code, answer.json()["title"]) == (200, kept)
    link = await ada.share(made.id)
    assert (await visitor.get(link["url"])).json()["track"]["title"] == kept
    page = await visitor.get(link["url"], headers={"Accept": "text/html"})
    assert "<script>alert" not in page.text


async def test_ten_kilobytes_of_title_are_refused(served):
    ada = await served.member()
    made = await uploaded(served, ada)
    assert (await ada.http.patch(f"/tracks/{made.id}", json={"title": "x" * 10_000})).status_code == 422


async def test_what_an_engine_made_has_the_engines_terms(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who, engine="studio"))
    answer = await ada.http.patch(f"/tracks/{made.id}", json={"licence": "CC0-1.0"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "OPERATION_NOT_ALLOWED")
    assert (await ada.http.patch(f"/tracks/{made.id}", json={"title": "Mine"})).status_code == 200


async def test_a_new_picture_takes_the_place_of_the_old(served):
    ada, visitor = await served.member(), await served.visitor()
    made = await uploaded(served, ada)
    assert (await ada.http.get(f"/tracks/{made.id}/artwork")).status_code == 404
    link = await ada.share(made.id)
    seen = []
    for colour in ("teal", "crimson"):
        picture = {"artwork": ("cover.png", sound.picture(colour=colour))}
        answer = await ada.http.patch(f"/tracks/{made.id}", files=picture, data={"title": colour})
        assert (answer.status_code, answer.json()["title"]) == (200, colour)
        shown = await ada.http.get(f"/tracks/{made.id}/artwork")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.headers["cache-control"] == "private, no-cache"
        tag = shown.headers["etag"]
        known = await ada.http.get(f"/tracks/{made.id}/artwork", headers={"If-None-Match": tag})
        assert (known.status_code, known.content) == (304, b"")
        head = await ada.http.head(f"/tracks/{made.id}/artwork")
        assert head.headers["content-length"] == str(len(shown.content))
        seen.append(shown.content)
        assert "artwork" in (await visitor.get(link["url"], headers={"Accept": "text/html"})).text
    assert seen[0] != seen[1]
    assert (await ada.http.patch(f"/tracks/{made.id}", json={"artwork": None})).status_code == 200
    assert (await ada.http.get(f"/tracks/{made.id}/artwork")).status_code == 404
    pictures = [path for path in served.layout.blobs.rglob("artwork-*.jpg") if made.id in str(path)]
    assert pictures == [], "the bytes of pictures that were replaced are gone"


@pytest.mark.parametrize("picture", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
async def test_what_is_no_picture_is_refused(served, picture):
    ada = await served.member()
    made = await uploaded(served, ada)
    answer = await ada.http.patch(f"/tracks/{made.id}", files={"artwork": ("a.png", picture)})
    assert answer.status_code == 422
    assert (await ada.http.get(f"/tracks/{made.id}/artwork")).status_code == 404


async def test_a_strangers_picture_is_not_even_looked_at(served):
    ada, eve = await served.member(), await served.member()
    made = await uploaded(served, ada)
    answer = await eve.http.patch(f"/tracks/{made.id}", files={"artwork": ("a.png", sound.picture())})
    assert answer.status_code == 404
    assert [path for path in served.layout.blobs.rglob("artwork-*") if made.id in str(path)] == []


@only_sqlite
async def test_the_waveform_is_the_same_in_both_forms(served, tmp_path):
    ada = await served.member()
    song = sound.write(tmp_path / "song.flac", sound.sine(0.5), "flac").read_bytes()
    made = (await ada.http.post("/tracks", files={"file": ("song.flac", song)})).json()
    path = f"/tracks/{made['id']}/waveform"
    shown = await ada.http.get(path)
    peaks = shown.json()
    assert {name: peaks[name] for name in ("version", "channels", "sample_rate", "samples_per_pixel", "bits")} == {
        "version": 2, "channels": 1, "sample_rate": 44_100, "samples_per_pixel": 512, "bits": 8,
    }  # fmt: skip
    assert len(peaks["data"]) == 2 * peaks["length"]
    assert 0 < max(peaks["data"]) <= 127
    binary = await ada.http.get(path, headers={"Accept": "application/octet-stream"})
    assert binary.headers["content-type"] == "application/octet-stream"
    assert [byte - 256 if byte > 127 else byte for byte in binary.content[24:]] == peaks["data"]
    assert shown.headers["etag"] != binary.headers["etag"]
    assert (await ada.http.get(path, headers={"If-None-Match": shown.headers["etag"]})).status_code == 304


async def test_the_bytes_of_a_deleted_track_go_after_a_time_of_grace(served):
    ada = await served.member()
    lately, long_ago = [await keep(served.parts, track(ada.who), list(RENDITIONS)) for _ in range(2)]

    async def work(payload, _call):
        return await erase(served.parts.database, served.parts.intake, payload)

    def on_disk(made):
        return [path for path in served.layout.blobs.rglob("*.*") if made.id in str(path)]

    await ada.http.delete(f"/tracks/{lately.id}")
    async with served.parts.database.transaction() as tx:
        assert await remove(tx, ada.who, long_ago.id, grace_s=7 * 86_400, now=now_s() - 8 * 86_400)
    await Workers(served.parts.database, {ERASE_JOB: Task(work)}, {UPKEEP: 1}, now_s).catch_up()
    assert (len(on_disk(lately)), on_disk(long_ago)) == (4, [])
    assert json.dumps((await ada.http.delete(f"/tracks/{lately.id}")).json()["success"]) == "true"
