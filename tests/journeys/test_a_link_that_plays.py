"""From an audio file to an opened share and back, through the installed program and a real browser."""

import asyncio
import contextlib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from factories import sound
from factories.program import until

pytestmark = pytest.mark.usefixtures("program")

# Resolves when the position of the page's player has passed `at`; rejects with what the page says instead.
PLAYED = """at => new Promise((done, failed) => {
    const audio = document.querySelector('audio'), state = document.querySelector('#state');
    const look = () => {
        if (audio.currentTime > at) done(audio.currentTime);
        else if (state.textContent) failed(new Error(state.textContent));
        else requestAnimationFrame(look);
    };
    look();
})"""
SAYS = """() => new Promise(done => {
    const state = document.querySelector('#state');
    const look = () => state.textContent ? done(state.textContent) : requestAnimationFrame(look);
    look();
})"""


@pytest.fixture
def shared(program, tmp_path):
    """A served program with a real FLAC of 100 seconds, shared; the link is in the program's own words."""
    program.init()
    song = sound.write(tmp_path / "song.flac", sound.noise(100.0), "flac", tags={"title": "Late Night Study"})
    track = program.done("import", str(song), "--licence", "CC-BY-4.0").split()[0]
    program.start()
    return program.done("share", track, "--label", "for the test").splitlines()[-1]


def playback(link) -> str:
    return httpx.get(link).raise_for_status().json()["track"]["playback_url"]


def test_a_link_opens_seeks_and_stops(program, shared):
    body = httpx.get(shared).raise_for_status().json()
    assert body["kind"] == "track"
    assert body["track"]["title"] == "Late Night Study"
    assert body["track"]["measured_duration_seconds"] == 100.0
    assert body["track"]["licence"]["commercial_use"] is True

    # The streaming master is made in the background and takes over.
    until(lambda: "/master?" in playback(shared))
    url = playback(shared)
    whole = httpx.get(url).raise_for_status()
    assert whole.headers["content-type"] == "audio/mpeg"
    for first, last in ((0, 0), (100_000, 199_999), (len(whole.content) - 10, len(whole.content) - 1)):
        part = httpx.get(url, headers={"range": f"bytes={first}-{last}"})
        assert part.status_code == 206
        assert part.content == whole.content[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole.content)}"

    # Revoked in the middle of the playback: the signature is still good, the next range is refused all the same.
    assert program.done("revoke", shared).endswith("is revoked.")
    refused = httpx.get(url, headers={"range": "bytes=200000-299999"})
    assert refused.status_code == 404
    gone = httpx.get(shared)
    assert gone.status_code == 404
    assert gone.json()["error"]["message"] == "This share link is no longer available."

    events = [(row["event"], row["outcome"]) for row in program.audit()]
    assert events[0] == ("track.create", "done")
    assert events[1] == ("share.create", "done")
    assert events[-2:] == [("share.revoke", "done"), ("share.open", "revoked")]
    opens = [row for row in program.audit() if row["event"] == "share.open" and row["outcome"] == "granted"]
    assert len(opens) >= 3
    assert {row["client"] for row in opens} == {"127.0.0.1"}
    assert program.stop() == 0


async def test_the_page_plays_and_stops_in_a_browser(program, shared, chromium):
    page = await chromium.new_page(viewport={"width": 390, "height": 844})
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await page.goto(shared)
    assert await page.inner_text("h1") == "Late Night Study"
    assert "You may use it commercially if you credit it." in await page.inner_text("main")
    assert not [row for row in program.audit() if row["event"] == "share.open"], "a look at the page is no open"

    await page.click("#play")
    assert await page.evaluate(PLAYED, 0.3) > 0.3
    await page.evaluate("() => { document.querySelector('audio').currentTime = 50 }")
    assert await page.evaluate(PLAYED, 50.2) > 50.2

    await asyncio.to_thread(program.done, "revoke", shared)
    await page.evaluate("() => { document.querySelector('audio').currentTime = 95 }")
    assert await page.evaluate(SAYS) == "This share link is no longer available."
    response = await page.goto(shared)
    assert response.status == 404
    assert await page.inner_text("h1") == "This link is no longer available"
    assert hosts == {f"127.0.0.1:{program.port}"}, "the page asks nobody else"


async def test_the_page_plays_without_a_script(shared, chromium):
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(shared)
    async with page.expect_response(lambda response: "/media/" in response.url) as media:
        await page.click("#play")
    assert (await media.value).status == 206
    assert await page.locator("audio[controls][src]").count() == 1


@contextlib.contextmanager
def another_origin(folder):
    """A page of somebody else's, on an origin of its own."""
    (folder / "index.html").write_text("<!doctype html><title>Another origin</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *_: None
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


async def test_the_example_for_javascript_works_from_a_page_of_another_origin(shared, chromium, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with another_origin(folder) as origin:
        page = await chromium.new_page()
        await page.goto(origin)
        answer = await page.evaluate(
            """async url => {
                const response = await fetch(url);
                const data = await response.json();
                const bytes = await (await fetch(data.track.playback_url)).arrayBuffer();
                const sound = await new AudioContext().decodeAudioData(bytes);
                return [response.status, response.headers.get('x-request-id'), data.track.title, sound.duration];
            }""",
            shared,
        )
    status, request_id, title, duration_s = answer
    assert status == 200
    assert request_id.startswith("req_")
    assert title == "Late Night Study"
    assert abs(duration_s - 100) < 0.2
