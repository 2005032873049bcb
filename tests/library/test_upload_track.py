"""`POST /v1/music/{organization}/tracks`: a sound file becomes a track, or leaves nothing behind."""

import asyncio
import re
import time

import pytest
from factories import sound
from factories.server import in_its_loop, only_sqlite, serving
from sqlalchemy import func, select

from segue import tracks
from segue.clock import now_s
from segue.jobs import UPKEEP, Task, Workers, counts
from segue.library import library

TRACK = [
    "id", "title", "engine", "mode", "measured_duration_seconds", "instrumental", "licence_class", "created_at",
    "playback_url", "stem_urls",
]  # fmt: skip


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """A second of sound with a title in its tags."""
    path = tmp_path_factory.mktemp("song") / "song.flac"
    return sound.write(path, sound.sine(1.0), "flac", tags={"title": "Tagged"}).read_bytes()


def on_disk(served):
    """Every file under the blobs, the quarantine's with them."""
    return {path for path in served.layout.blobs.rglob("*") if path.is_file() and path.name != ".lock"}


async def in_rows(served):
    tables = (tracks.tracks, tracks.renditions, library)
    async with served.parts.database.reading() as tx:
        rows = [(await tx.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]
        return [*rows, sum(count.jobs for count in await counts(tx, now=now_s()))]


async def upload(member, data, filename="song.flac", **fields):
    return await member.http.post("/tracks", files={"file": (filename, data)}, data=fields)


@in_its_loop
async def test_a_file_becomes_a_track_and_can_be_played_at_once(served, song):
    ada, visitor = await served.member(), await served.visitor()
    before = await in_rows(served)
    answer = await upload(
        ada, song, title="Late Night Study", instrumental="true", licence="CC-BY-4.0", credits="By Ada"
    )
    assert answer.status_code == 201
    body = answer.json()
    assert list(body) == TRACK
    assert re.fullmatch(r"mtrack_[0-9a-f]{12}", body["id"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["created_at"])
    del body["id"], body["created_at"]
    playback_url = body.pop("playback_url")
    assert body == {
        "title": "Late Night Study",
        "engine": "upload",
        "mode": "creation",
        "measured_duration_seconds": 1.0,
        "instrumental": True,
        "licence_class": "commercial_cleared",
        "stem_urls": None,
    }
    played = await visitor.get(playback_url)
    assert (played.status_code, played.headers["content-type"], played.content) == (200, "audio/flac", song)
    # A track, its original and its waveform, a place in the library, and the streaming master to be made.
    assert [now - then for then, now in zip(before, await in_rows(served), strict=True)] == [1, 2, 1, 1]
    (row,) = await served.audited(answer)
    assert (row.event, row.outcome, row.actor_id) == ("track.create", "done", ada.who.user_id)


@in_its_loop
@only_sqlite
@pytest.mark.parametrize("kind", ["wav", "mp3", "vorbis", "opus", "aac", "aiff"])
async def test_every_format_becomes_a_track_that_a_browser_plays(served, kind, tmp_path):
    ada, visitor = await served.member(), await served.visitor()
    path = sound.write(tmp_path / "x", sound.sine(0.5, rate_hz=48_000), kind, rate_hz=48_000)
    answer = await upload(ada, path.read_bytes(), "whatever.bin")
    assert answer.status_code == 201
    assert 0.48 < answer.json()["measured_duration_seconds"] < 0.55
    link = await ada.share(answer.json()["id"])
    playback_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    assert ("/master?" in playback_url) == (kind == "aiff"), "players get what they can play"
    played = await visitor.get(playback_url)
    assert (played.status_code, played.headers["content-type"].split("/")[0]) == (200, "audio")


@in_its_loop
@only_sqlite
@pytest.mark.parametrize(
    ("licence", "licence_class"),
    [(None, "unclear"), ("own", "personal_only"), ("CC-BY-NC-4.0", "personal_only"), ("CC0-1.0", "commercial_cleared")],
)
async def test_a_licence_is_what_was_said_and_silence_is_unclear(served, song, licence, licence_class):
    ada = await served.member()
    answer = await upload(ada, song, **({} if licence is None else {"licence": licence}))
    assert answer.json()["licence_class"] == licence_class
    assert (await ada.share(answer.json()["id"]))["url"], "who brings a file may share it"


@in_its_loop
@only_sqlite
@pytest.mark.parametrize(
    ("filename", "fields", "title"),
    [
        ("song.flac", {}, "Tagged"),
        ("song.flac", {"title": "<script>alert(1)</script> & 'more'"}, "<script>alert(1)</script> & 'more'"),
        (
            "song.flac",
            {"title": " two\r\nlines\x00\x07 and \u202eturned\u2066 round\ufeff "},
            "two lines and turned round",
        ),
        ("song.flac", {"title": "x" * 512}, "x" * 512),
    ],
)
async def test_a_title_is_text_on_one_line(served, song, filename, fields, title):
    ada = await served.member()
    answer = await upload(ada, song, filename, **fields)
    assert (answer.status_code, answer.json()["title"]) == (201, title)


@in_its_loop
@only_sqlite
@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ('<b>"; filename="night.wav', '<b>"; filename="night'),
    ],
)
async def test_without_a_title_the_name_of_the_file_is_one(served, filename, title, tmp_path):
    ada = await served.member()
    before = on_disk(served)
    untagged = sound.write(tmp_path / "x", sound.sine(0.1), "wav").read_bytes()
    answer = await upload(ada, untagged, filename)
    assert (answer.status_code, answer.json()["title"]) == (201, title)
    assert all(re.fullmatch(r"[a-z]+-[0-9a-f]{16}\.[a-z0-9]+", path.name) for path in on_disk(served) - before)


REFUSED = {
    "no sound": ({"file": ("a.mp3", b"This is a text and no sound at all." * 20)}, {}, 422, None),
    "nothing": ({"file": ("a.mp3", b"")}, {}, 422, None),
    "a playlist": ({"file": ("a.mp3", b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n")}, {}, 422, None),
    "an unknown field": ({"file": ("a", b"x")}, {"owner_id": "usr_000000000000"}, 422, "owner_id"),
    "no file": ({}, {"title": "x"}, 422, "file"),
    "an empty title": ({"file": ("a", None)}, {"title": " \u202e\x00 "}, 422, "title"),
    "a title that is too long": ({"file": ("a", None)}, {"title": "x" * 513}, 422, "title"),
    "a title of 10 kB": ({"file": ("a", None)}, {"title": "x" * 10_000}, 422, "title"),
    "a field of 20 kB": ({"file": ("a", None)}, {"title": "x" * 20_000}, 413, None),
    "a licence nobody knows": ({"file": ("a", None)}, {"licence": "MIT-ish"}, 422, "licence"),
    "a licence that is free text": ({"file": ("a", None)}, {"licence": "royalty" + "-free"}, 422, "licence"),
    "credits without end": ({"file": ("a", None)}, {"credits": "x" * 1_025}, 422, "credits"),
    "instrumental, perhaps": ({"file": ("a", None)}, {"instrumental": "perhaps"}, 422, "instrumental"),
    "a cover that is none": ({"file": ("a", None), "artwork": ("a.png", b"\x89PNG\r\n\x1a\nno")}, {}, 422, None),
}


@in_its_loop
@only_sqlite
@pytest.mark.parametrize(("files", "fields", "status", "field"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_leaves_nothing_behind(served, song, files, fields, status, field):
    ada = await served.member()
    before = on_disk(served), await in_rows(served)
    given = {name: (filename, song if data is None else data) for name, (filename, data) in files.items()}
    # Text fields travel as parts of their own, so that a form without a file is a multipart form too.
    given |= {name: (None, value.encode()) for name, value in fields.items()}
    answer = await ada.http.post("/tracks", files=given)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == {422: "VALIDATION_ERROR", 413: "PAYLOAD_TOO_LARGE"}[status]
    if field is not None:
        assert [fault["field"] for fault in error["details"]["errors"]] == [field]
    assert str(served.layout.blobs) not in answer.text
    assert (on_disk(served), await in_rows(served)) == before
    assert await served.audited(answer) == []


@in_its_loop
@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 400),
        ("multipart/form-data", b"", 400),
        (
            "multipart/form-data; boundary=edge",
            b'--edge\r\nContent-Disposition: form-data; name="file"\r\n\r\nRIFF',
            400,
        ),
        ("multipart/form-data; boundary=edge", b"--edge--\r\n", 422),
    ],
)
async def test_a_broken_form_leaves_nothing_behind(served, content_type, body, status):
    ada = await served.member()
    before = on_disk(served), await in_rows(served)
    answer = await ada.http.post("/tracks", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status
    assert (on_disk(served), await in_rows(served)) == before


@in_its_loop
async def test_two_files_are_one_too_many(served, song):
    ada = await served.member()
    before = on_disk(served)
    answer = await ada.http.post("/tracks", files=[("file", ("a", song)), ("file", ("b", song))])
    assert (answer.status_code, answer.json()["error"]["details"]["errors"][0]["field"]) == (422, "file")
    assert on_disk(served) == before


@in_its_loop
async def test_nobody_uploads_without_a_key_or_into_a_foreign_organization(served, song):
    ada, visitor = await served.member(), await served.visitor()
    before = on_disk(served), await in_rows(served)
    url = str(ada.http.base_url) + "tracks"
    assert (await visitor.post(url, files={"file": ("a", song)})).status_code == 401
    elsewhere = url.replace(ada.who.organization_id, "org_000000000000")
    assert (await ada.http.post(elsewhere, files={"file": ("a", song)})).status_code == 403
    assert (on_disk(served), await in_rows(served)) == before


HEAD = (
    b"POST /v1/music/%s/tracks HTTP/1.1\r\nHost: segue\r\nX-API-Key: %s\r\nContent-Length: 900000000\r\n"
    b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="endless.wav"\r\n\r\n'
)


async def begin(server, member):
    """An upload of 900 MB, begun by hand."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(HEAD % (member.who.organization_id.encode(), member.key.encode()))
    return reader, writer


async def test_a_file_that_is_too_large_is_refused_before_its_end(tmp_path):
    async with serving(tmp_path, upload_bytes_max=100_000) as server:
        reader, writer = await begin(server, await server.member())
        writer.write(b"x" * 100_001)
        answer = await reader.readuntil(b"}}")
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b'"code":"PAYLOAD_TOO_LARGE"' in answer
        writer.close()
        assert on_disk(server) == set()
        assert await in_rows(server) == [0, 0, 0, 0]


@in_its_loop
@only_sqlite
async def test_whoever_sends_much_still_hears_the_refusal(served):
    ada, visitor = await served.member(), await served.visitor()
    much = b"x" * 5_000_000
    url = str(ada.http.base_url)
    for _ in range(3):
        assert (await visitor.post(url + "tracks", files={"file": ("a", much)})).status_code == 401
        assert (await ada.http.post("/nothing", content=much)).status_code == 404
        assert (await ada.http.post("/collections", content=much)).status_code == 413
        assert (await ada.http.post("/tracks", files={"nonsense": ("a", much)})).status_code == 422


async def until(true):
    """What the other end of a connection does is announced by nothing: look until it is done."""
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        await asyncio.sleep(0.01)


async def test_an_upload_that_is_broken_off_leaves_nothing_behind(tmp_path):
    async with serving(tmp_path) as server:
        _, writer = await begin(server, await server.member())
        writer.write(b"x" * 300_000)
        await until(lambda: any(path.name == "file-upload" and path.stat().st_size > 0 for path in on_disk(server)))
        writer.transport.abort()
        await until(lambda: on_disk(server) == set())
        assert await in_rows(server) == [0, 0, 0, 0]
        assert await server.audit(event="track.create") == []


async def test_the_streaming_master_takes_over_in_the_background(tmp_path, song):
    async with serving(tmp_path) as server:
        ada, visitor = await server.member(), await server.visitor()
        link = await ada.share((await upload(ada, song)).json()["id"])

        async def playback_url():
            return (await visitor.get(link["url"])).json()["track"]["playback_url"]

        async def master(payload, _call):
            return await tracks.make_master(server.parts.database, server.parts.intake, payload, now=now_s())

        original = await playback_url()
        assert "/original?" in original
        await Workers(server.parts.database, {tracks.MASTER_JOB: Task(master)}, {UPKEEP: 1}, now_s).catch_up()
        streamed = await playback_url()
        assert "/master?" in streamed
        played = await visitor.get(streamed, headers={"Range": "bytes=0-99"})
        assert (played.status_code, played.headers["content-type"]) == (206, "audio/mpeg")
        assert (await visitor.get(original)).content == song, "a playback that is under way goes on"
        assert not [path for path in on_disk(server) if path.is_relative_to(server.layout.quarantine)]


async def test_a_cover_that_is_sent_along_is_shown(tmp_path, song):
    async with serving(tmp_path) as server:
        ada, visitor = await server.member(), await server.visitor()
        files = {"file": ("song.flac", song), "artwork": ("cover.png", sound.picture())}
        link = await ada.share((await ada.http.post("/tracks", files=files)).json()["id"])
        page = (await visitor.get(link["url"], headers={"Accept": "text/html"})).text
        cover = re.search(r'<img class="cover" src="([^"]+)"', page)[1].replace("&amp;", "&")
        shown = await visitor.get(cover)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.content.startswith(b"\xff\xd8")
