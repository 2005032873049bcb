"""The share page as it comes from the server, before any script: what a listener reads and what a robot sees."""

from dataclasses import dataclass, replace
from html.parser import HTMLParser

import pytest
from factories.music import change, keep, keep_collection, track
from factories.server import in_its_loop, serving

from segue.database import Reader
from segue.shares import store
from segue.tracks import tracks

HTML = {"Accept": "text/html"}


class Elements(HTMLParser):
    """Every element of a page with its attributes, in order."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for each, attributes in self.found if each == tag]


async def page_of(served, subject_id, owner, query=""):
    link = await owner.share(subject_id)
    answer = await (await served.visitor()).get(link["url"] + query, headers=HTML)
    return answer, link, Elements(answer.text)


@in_its_loop
async def test_a_track_says_who_made_it_how_long_it_is_and_what_one_may_do(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who, licence="CC-BY-4.0", credits=["Music by Ada"]))
    answer, link, page = await page_of(served, made.id, ada)
    for words in ("Late Night Study", "Shared by Acme", "2:00", "CC BY 4.0", "Commercial use: yes.", "Music by Ada"):
        assert words in answer.text
    (licence,) = (each for each in page.of("a") if "license" in (each.get("rel") or ""))
    assert licence["href"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert link["token"] not in answer.text


@in_its_loop
async def test_the_page_loads_only_from_its_own_server_and_runs_nothing_inline(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who, has_artwork=True), ["original", "master", "artwork"])
    answer, _, page = await page_of(served, made.id, ada, "?play")
    sources = [value for _, each in page.found for name, value in each.items() if name in {"src", "action", "srcset"}]
    sources += [each["href"] for each in page.of("link")]
    assert sources
    assert all(each.startswith(("/assets/", f"{served.url}/media/")) for each in sources)
    for tag, each in page.found:
        assert not [name for name in each if name.startswith("on") or name == "style"], tag
        assert tag not in {"style", "iframe", "object", "embed", "base"}
    assert [set(each) for each in page.of("script")] == [{"type", "src"}]
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    for each in ("/assets/x.css", *(each["src"] for each in page.of("script"))):
        status = (await (await served.visitor()).get(each)).status_code
        assert status == (404 if each.endswith("x.css") else 200)


@in_its_loop
async def test_before_anybody_presses_play_the_page_leads_to_no_sound(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    answer, _, page = await page_of(served, made.id, ada)
    assert "/media/" not in answer.text
    assert [each.get("src") for each in page.of("audio")] == [None]
    assert [(each["name"], each["value"]) for each in page.of("button")] == [("play", "")]
    _, _, playing = await page_of(served, made.id, ada, "?play=")
    (audio,) = playing.of("audio")
    assert (await (await served.visitor()).get(audio["src"])).status_code == 200


@in_its_loop
async def test_a_robot_is_told_not_to_keep_it_and_gets_a_card(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    _, _, page = await page_of(served, made.id, ada)
    properties = {each.get("property") or each.get("name"): each.get("content") for each in page.of("meta")}
    assert "noindex" in properties["robots"]
    assert properties["og:title"] == "Late Night Study"
    assert properties["og:type"] == "music.song"
    assert properties["og:description"].startswith("Shared by Acme.")


@in_its_loop
async def test_a_collection_lists_its_tracks_and_an_untitled_one_has_a_name(served):
    ada = await served.member()
    members = [(await keep(served.parts, track(ada.who, title=title))).id for title in ("One", None, "Three")]
    collection_id = await keep_collection(served.parts, ada.who, members, "Late", "For nights")
    answer, _, page = await page_of(served, collection_id, ada)
    assert [each["data-track"] for each in page.of("li") if "data-track" in each] == members
    for words in ("Late", "For nights", "3 tracks", "6:01", "Untitled"):
        assert words in answer.text
    assert len(page.of("audio")) == 1
    _, _, playing = await page_of(served, collection_id, ada, "?play")
    assert len(playing.of("audio")) == 3


@in_its_loop
async def test_what_was_removed_and_what_is_empty_say_so_calmly(served):
    ada = await served.member()
    made = await keep(served.parts, track(ada.who))
    link = await ada.share(made.id)
    await change(served.parts, tracks, made.id, removed_at=1)
    gone = await (await served.visitor()).get(link["url"], headers=HTML)
    assert (gone.status_code, "No longer here" in gone.text) == (200, True)
    empty, _, _ = await page_of(served, await keep_collection(served.parts, ada.who, []), ada)
    assert (empty.status_code, "There is nothing in this collection yet." in empty.text) == (200, True)


@dataclass
class Overtaken:
    """A reader in whose second read for a page the track has just gone."""

    reader: Reader
    meanwhile: list

    async def find(self, query, shape, *values):
        if query is store._SLEEVE:
            for work in self.meanwhile:
                await work()
        return await self.reader.find(query, shape, *values)

    async def close(self):
        await self.reader.close()


@pytest.mark.parametrize("in_collection", [False, True], ids=["track", "collection"])
async def test_a_track_that_goes_while_its_page_is_made_is_not_shown(tmp_path, in_collection):
    meanwhile = []

    def watched(parts):
        return replace(parts, database=replace(parts.database, reader=Overtaken(parts.database.reader, meanwhile)))

    async with serving(tmp_path, watched=watched) as server:
        ada = await server.member()
        made = await keep(server.parts, track(ada.who))
        meanwhile.append(lambda: change(server.parts, tracks, made.id, removed_at=1))
        subject_id = await keep_collection(server.parts, ada.who, [made.id]) if in_collection else made.id
        answer, _, _ = await page_of(server, subject_id, ada, "?play")
        assert answer.status_code == 200
        assert made.id not in answer.text
