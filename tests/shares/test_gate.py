"""The one gate. Every public route is asked the same questions, and answers them from one table."""

import re

import pytest
from factories.links import DEAD, ENDS, of_that_day, used_up
from factories.music import RENDITIONS, change, keep, keep_collection, track
from factories.server import in_its_loop
from sqlalchemy import delete

from segue.app import application
from segue.clock import now_s
from segue.collections import collection_tracks, collections
from segue.playback import STREAM, VIEW, Signer, SigningKey
from segue.tracks import tracks

pytestmark = in_its_loop

HTML = {"Accept": "text/html"}
LINK_ROUTES = {"json": ("", {}), "page": ("", HTML), "page that plays": ("?play", HTML)}
TITLE = "Nobody else may read this title"

OPEN = dict.fromkeys([*LINK_ROUTES, *RENDITIONS], 200)
CLOSED = dict.fromkeys(OPEN, 404)


class Gate:
    """A link, and the addresses that its holder was given while it was open."""

    def __init__(self, served, owner, made, link, visitor):
        self.served, self.owner, self.made, self.link, self.visitor = served, owner, made, link, visitor
        self.media = {name: self.address(name) for name in RENDITIONS}

    def address(self, name, *, grantee=None, track_id=None, ago_s=0, key=None):
        """A playback address as the server mints it."""
        parts = self.served.parts
        signer = Signer(key or list(parts.keys.values())[-1], parts.public_url, parts.settings.playback_ttl_s)
        action = STREAM if name in {"original", "master"} else VIEW
        return signer.url(grantee or self.link["id"], track_id or self.made.id, name, action, now=now_s() - ago_s)

    async def ask(self):
        """The status of every public route. A refusal gives nothing away."""
        found = {}
        for name, (query, headers) in LINK_ROUTES.items():
            answer = await self.visitor.get(self.link["url"] + query, headers=headers)
            found[name] = answer.status_code
            self.look(answer)
        for name, url in self.media.items():
            answer = await self.visitor.get(url, headers={"Range": "bytes=0-99"} if name == "master" else {})
            found[name] = 200 if answer.status_code == 206 else answer.status_code
            self.look(answer)
        return found

    def look(self, answer):
        if answer.status_code >= 400:
            assert TITLE not in answer.text
            assert "/media/" not in answer.text
            assert not any(data[:100] in answer.content for data, _, _ in RENDITIONS.values())

    async def ask_media(self, url):
        """Status and code of one media address, by every method that reads."""
        answers = [await self.visitor.request(method, url) for method in ("GET", "HEAD")]
        answers.append(await self.visitor.get(url, headers={"Range": "bytes=0-0"}))
        for answer in answers:
            self.look(answer)
        (status,) = {answer.status_code for answer in answers}
        return status, answers[0].json()["error"]["code"]


async def opened(served, *, in_collection=False):
    owner = await served.member(organization=await served.organization())
    made = await keep(served.parts, track(owner.who, title=TITLE, has_artwork=True), list(RENDITIONS))
    subject_id = await keep_collection(served.parts, owner.who, [made.id]) if in_collection else made.id
    gate = Gate(served, owner, made, await owner.share(subject_id), await served.visitor())
    assert await gate.ask() == OPEN
    return gate


async def test_no_public_route_is_missing_here(served):
    whole = application(served.parts)
    assert {route.prefix for route in whole.hot} == {"/v1/music/shared/", "/media/", "/assets/"}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("in_collection", [False, True], ids=["track", "collection"])
async def test_when_a_link_has_ended_every_route_is_shut(served, end, in_collection):
    gate = await opened(served, in_collection=in_collection)
    await end(served, gate.owner, gate.link)
    # What was opened while there were opens left plays to its end; nothing else goes on.
    expected = CLOSED | (dict.fromkeys(RENDITIONS, 200) if end is used_up else {})
    assert await gate.ask() == expected


GONE = dict.fromkeys(LINK_ROUTES, 200) | dict.fromkeys(RENDITIONS, 404)


@pytest.mark.parametrize("in_collection", [False, True], ids=["track", "collection"])
@pytest.mark.parametrize(
    "changes", [{"removed_at": 1}, {"shareable": False}, {"creator_id": None}], ids=["removed", "forbidden", "foreign"]
)
async def test_when_a_track_is_no_longer_the_owners_to_give_its_bytes_are_shut(served, changes, in_collection):
    gate = await opened(served, in_collection=in_collection)
    if "creator_id" in changes:
        changes = {"creator_id": (await served.member()).who.user_id}
    await change(served.parts, tracks, gate.made.id, **changes)
    assert await gate.ask() == GONE
    for query, headers in LINK_ROUTES.values():
        assert TITLE not in (await gate.visitor.get(gate.link["url"] + query, headers=headers)).text


async def test_when_a_collection_is_deleted_its_bytes_are_shut(served):
    gate = await opened(served, in_collection=True)
    (listed,) = (await gate.owner.http.get("/shares")).json()["items"]
    await change(served.parts, collections, listed["target_id"], removed_at=1)
    assert await gate.ask() == GONE


async def test_when_a_track_has_left_the_collection_its_bytes_are_shut(served):
    gate = await opened(served, in_collection=True)
    async with served.parts.database.transaction() as tx:
        await tx.execute(delete(collection_tracks).where(collection_tracks.c.track_id == gate.made.id))
    assert await gate.ask() == GONE


@pytest.mark.parametrize("token", ["", "shr_" + "0" * 32, "mslink", "none"])
async def test_without_the_token_nothing_opens(served, token):
    visitor = await served.visitor()
    for query, headers in LINK_ROUTES.values():
        answer = await visitor.get(f"/v1/music/shared/{token}{query}", headers=headers)
        assert answer.status_code == 404
        assert headers or of_that_day(answer.content) == DEAD


NO_SIGNATURE = (401, "TOKEN_INVALID")
NO_LONGER = (404, "RESOURCE_NOT_FOUND")


async def test_a_signature_is_good_for_what_it_signs_and_for_nothing_else(served):
    gate = await opened(served)
    other = await opened(served)
    for name in RENDITIONS:
        url = gate.media[name]
        path, _, query = url.partition("?")
        refused = {
            "no signature": path,
            "an empty query": path + "?",
            "half a query": path + "?grant=" + gate.link["id"],
            "the end cut": url[:-1],
            "a changed signature": url[:-1] + ("0" if url[-1] != "0" else "1"),
            "in capitals": path + "?" + query.replace(query[-64:], query[-64:].upper()),
            "no text": path + "?" + query.replace(query[-64:], "%FF%FE\N{MUSICAL NOTE}"),
            "expired": gate.address(name, ago_s=served.parts.settings.playback_ttl_s),
            "a later end": re.sub(r"expires=\d+", f"expires={now_s() + 9_999}", url),
            "no end": re.sub(r"expires=\d+", "expires=", url),
            "an end that is no number": re.sub(r"expires=\d+", "expires=%D9%A1", url),
            "an endless end": re.sub(r"expires=\d+", "expires=" + "9" * 500, url),
            "an unknown key": re.sub(r"key=\d+", "key=9999", url),
            "no key": re.sub(r"key=\d+", "key=", url),
            "a key of one's own": gate.address(name, key=SigningKey("0001", b"\0" * 32)),
            "another action": re.sub(r"action=\w+", "action=download", url),
            "another link's grant": url.replace(gate.link["id"], other.link["id"]),
            "another link's signed address": other.media[name].replace(other.made.id, gate.made.id),
            "another track": url.replace(gate.made.id, other.made.id),
            **{
                f"the signature of {signed}": gate.media[signed].replace(f"/{signed}?", f"/{name}?")
                for signed in RENDITIONS
                if signed != name
            },
        }
        assert {why: await gate.ask_media(each) for why, each in refused.items()} == dict.fromkeys(
            refused, NO_SIGNATURE
        )


async def test_a_good_signature_is_not_the_right_itself(served):
    gate = await opened(served)
    other = await opened(served)
    for name in RENDITIONS:
        shut = {
            "a track that the link does not show": gate.address(name, track_id=other.made.id),
            "a link that shows another track": gate.address(name, grantee=other.link["id"]),
            "a link that never was": gate.address(name, grantee="mslink_000000000000"),
            "a track that never was": gate.address(name, track_id="mtrack_000000000000"),
            "a user who may not read it": gate.address(name, grantee=other.owner.who.user_id),
            "a user who never was": gate.address(name, grantee="usr_000000000000"),
        }
        assert {why: await gate.ask_media(each) for why, each in shut.items()} == dict.fromkeys(shut, NO_LONGER)
    assert await gate.ask_media(gate.address("stems")) == NO_LONGER


@pytest.mark.parametrize(
    "end", [each for each in ENDS if each.__name__.startswith(("owner", "organization", "member"))]
)
async def test_a_user_who_is_shut_out_hears_nothing_more(served, end):
    gate = await opened(served)
    own = {name: gate.address(name, grantee=gate.owner.who.user_id) for name in RENDITIONS}
    for url in own.values():
        assert (await gate.visitor.get(url)).status_code == 200
    await end(served, gate.owner, gate.link)
    for url in own.values():
        assert await gate.ask_media(url) == NO_LONGER
