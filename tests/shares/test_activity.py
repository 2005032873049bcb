"""The activity of a link, over HTTP and on both databases."""

import asyncio
import re
from dataclasses import replace

import pytest
from factories.music import keep, keep_collection, track
from factories.server import in_its_loop, only_sqlite, serving

from segue.app import _beside, _workers
from segue.audit import Entry
from segue.clock import DAY_S, now_s, utc_text

pytestmark = in_its_loop

HTML = {"Accept": "text/html"}
FIELDS = [
    "share_id", "days", "from", "to", "opens", "distinct_networks", "page_views", "refused", "saves", "last_opened_at",
    "networks_are", "by_day",
]  # fmt: skip
NUMBERS = ["opens", "distinct_networks", "page_views", "refused", "saves"]


async def shared(served, **wish):
    """Somebody, and a link to a track of theirs."""
    ada = await served.member()
    made = await keep(served.parts, track(ada.who, licence="CC-BY-4.0", credits=["Ada"]))
    return ada, await ada.share(made.id, **wish)


async def activity(ada, link, query=""):
    answer = await ada.http.get(f"/share/{link['id']}/activity{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(body):
    return [body[name] for name in NUMBERS]


async def write(served, link, at_us, event="share.open", outcome="granted", client="192.0.2.1"):
    await served.parts.log.append(Entry(at_us, event, outcome, link["id"], None, None, client, "x", f"req_{at_us:x}"))


async def test_a_new_link_has_nothing_on_every_day(served):
    ada, link = await shared(served)
    body = await activity(ada, link)
    assert list(body) == FIELDS
    assert (body["share_id"], body["days"], body["last_opened_at"]) == (link["id"], 30, None)
    assert body["networks_are"] == "addresses"
    assert numbers(body) == [0] * 5
    assert len(body["by_day"]) == 30
    assert all(list(day) == ["day", *NUMBERS] and numbers(day) == [0] * 5 for day in body["by_day"])
    assert (body["by_day"][0]["day"], body["by_day"][-1]["day"]) == (body["from"], body["to"])


async def test_what_happened_is_counted_as_what_it_was(served):
    ada, link = await shared(served)
    first, second, third = [await served.visitor() for _ in range(3)]
    for visitor in (first, first, second):
        assert (await visitor.get(link["url"])).status_code == 200
    for _ in range(2):
        assert (await third.get(link["url"], headers=HTML)).status_code == 200
    assert (await third.get(f"{link['url']}?play", headers=HTML)).status_code == 200
    bob = await served.member(organization=await served.organization())
    keeper = await served.visitor(headers={"X-API-Key": bob.key})
    for status in (201, 200):
        assert (await keeper.post(f"/v1/music/shared/{link['token']}/save")).status_code == status
    assert (await ada.http.delete(f"/share/{link['id']}")).status_code == 200
    for headers in ({}, {}, HTML):
        assert (await second.get(link["url"], headers=headers)).status_code == 404
    body = await activity(ada, link)
    assert numbers(body) == [4, 3, 2, 3, 1]
    assert sum(day["opens"] for day in body["by_day"]) == 4
    assert abs(now_s() - _seconds(body["last_opened_at"])) < 60


async def test_each_answer_has_all_that_came_before_it(served):
    ada, link = await shared(served)
    visitor = await served.visitor()
    for number in range(1, 6):
        await visitor.get(link["url"])
        assert (await activity(ada, link, "?days=2"))["opens"] == number


async def test_a_link_has_its_own_history_and_no_others(served):
    ada, link = await shared(served)
    other = await ada.share(await keep_collection(served.parts, ada.who, []))
    visitor = await served.visitor()
    await visitor.get(link["url"])
    assert (await activity(ada, link))["opens"] == 1
    assert numbers(await activity(ada, other)) == [0] * 5


async def test_the_history_goes_on_after_the_secret_was_changed(served):
    ada, link = await shared(served)
    visitor = await served.visitor()
    await visitor.get(link["url"])
    rotated = (await ada.http.post(f"/share/{link['id']}/rotate")).json()
    assert (await visitor.get(link["url"])).status_code == 404  # it belongs to no link any more
    await visitor.get(rotated["url"])
    assert numbers(await activity(ada, link)) == [2, 1, 0, 0, 0]


async def test_a_link_that_is_used_up_refuses_and_says_so(served):
    ada, link = await shared(served, max_opens=1)
    visitor = await served.visitor()
    assert [(await visitor.get(link["url"])).status_code for _ in range(3)] == [200, 404, 404]
    assert numbers(await activity(ada, link)) == [1, 1, 0, 2, 0]


async def test_the_window_begins_at_midnight_and_ends_with_today(served):
    ada, link = await shared(served)
    today = now_s() // DAY_S
    midnight = (today - 6) * DAY_S * 1_000_000
    for at_us in (midnight - 1, midnight, midnight + DAY_S * 1_000_000 - 1, (today + 1) * DAY_S * 1_000_000):
        await write(served, link, at_us)
    body = await activity(ada, link, "?days=7")
    assert body["by_day"][0]["opens"] == body["opens"] == 2
    assert body["last_opened_at"] == utc_text((today - 5) * DAY_S - 1)
    assert (await activity(ada, link, "?days=8"))["opens"] == 3
    assert (await activity(ada, link, "?days=1"))["opens"] == 0
    assert (await activity(ada, link, "?days=366"))["opens"] == 3


async def test_networks_are_addresses_and_the_64_of_an_ipv6_host(served):
    ada, link = await shared(served)
    at_us = now_s() * 1_000_000
    for client in ("192.0.2.1", "192.0.2.2", "::ffff:192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"):
        await write(served, link, at_us, client=client)
    await write(served, link, at_us - DAY_S * 1_000_000, client="192.0.2.1")
    body = await activity(ada, link, "?days=3")
    assert (body["opens"], body["distinct_networks"]) == (7, 4)
    assert sorted(day["distinct_networks"] for day in body["by_day"]) == [0, 1, 4]


async def test_no_address_is_in_the_answer(served):
    ada, link = await shared(served)
    visitor = await served.visitor()
    await visitor.get(link["url"])
    (entry,) = await served.audit(share_id=link["id"], event="share.open")
    answer = await ada.http.get(f"/share/{link['id']}/activity")
    assert entry.client not in answer.text
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", answer.text)


async def test_a_client_that_knows_the_answer_gets_no_second_one(served):
    ada, link = await shared(served)
    path = f"/share/{link['id']}/activity"
    tag = (await ada.http.get(path)).headers["etag"]
    assert (await ada.http.get(path, headers={"If-None-Match": tag})).status_code == 304
    await (await served.visitor()).get(link["url"])
    assert (await ada.http.get(path, headers={"If-None-Match": tag})).status_code == 200


async def test_only_whoever_made_the_link_may_know(served):
    ada, link = await shared(served)
    eve = await served.member()
    answers = [
        await eve.http.get(f"/share/{share_id}/activity")
        for share_id in (link["id"], "mslink_000000000000", "%00", "x" * 3_000)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1
    assert (await ada.http.get(f"/share/{link['id']}/activity")).status_code == 200


@only_sqlite
@pytest.mark.parametrize("days", ["0", "-1", "367", "30.5", "all", "", "1e3", "9" * 30])
async def test_days_that_cannot_be_are_named(served, days):
    ada, link = await shared(served)
    answer = await ada.http.get(f"/share/{link['id']}/activity?days={days}")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == ["days"]


@pytest.mark.parametrize(("how", "kept"), [("truncated", r"127\.1\.\d+\.0/24"), ("hashed", "h:[0-9a-f]{24}")])
async def test_what_the_audit_keeps_of_an_address_is_what_can_be_counted(tmp_path, how, kept):
    async with serving(tmp_path, audit_addresses=how) as server:
        ada, link = await shared(server)
        for _ in range(2):
            visitor = await server.visitor()
            for _ in range(2):
                await visitor.get(link["url"])
        body = await activity(ada, link)
        clients = {entry.client for entry in await server.audit(share_id=link["id"], event="share.open")}
        assert all(re.fullmatch(kept, client) for client in clients)
        assert (body["opens"], body["distinct_networks"], body["networks_are"]) == (4, len(clients), how)


async def test_a_server_keeps_the_history_up(tmp_path):
    class Watched:
        kept, ended = asyncio.Event(), asyncio.Event()

        async def keep_up(self):
            self.kept.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.ended.set()

    async with serving(tmp_path) as server:
        watched = Watched()
        async with _beside(replace(server.parts, history=watched), _workers(server.parts, server.engines)):
            await asyncio.wait_for(watched.kept.wait(), 10)
        assert watched.ended.is_set()


def _seconds(text):
    return next(at for at in range(now_s() - 120, now_s() + 60) if utc_text(at) == text)
