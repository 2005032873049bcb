"""What an open costs: the budget of a client's network, and the opens that a link has left."""

import asyncio
from ipaddress import ip_network

import pytest
from factories.links import LIMITED, of_that_day
from factories.music import change, keep, track
from factories.server import in_its_loop, only_sqlite, serving

from segue.settings import Rate
from segue.tracks import tracks

DAY_S = 86_400
HTML = {"Accept": "text/html"}
UNKNOWN = "/v1/music/shared/shr_" + "0" * 32


async def linked(server, **wish):
    ada = await server.member()
    made = await keep(server.parts, track(ada.who))
    return ada, made, await ada.share(made.id, **wish)


async def statuses(client, url, count, **more):
    return [(await client.get(url, **more)).status_code for _ in range(count)]


async def test_over_the_budget_the_answer_is_the_references_429(tmp_path):
    async with serving(tmp_path, share_rate=Rate(5, DAY_S)) as server:
        _, _, link = await linked(server)
        greedy, other = await server.visitor(), await server.visitor()
        assert await statuses(greedy, link["url"], 5) == [200] * 5
        answer = await greedy.get(link["url"])
        assert answer.status_code == 429
        assert of_that_day(answer.content) == LIMITED
        assert 0 < int(answer.headers["retry-after"]) <= DAY_S / 5
        assert answer.headers["cache-control"] == "no-store"
        (row,) = await server.audited(answer)
        assert (row.event, row.outcome, row.share_id) == ("share.open", "limited", None)
        page = await greedy.get(link["url"], headers=HTML)
        assert (page.status_code, page.headers["retry-after"].isdigit()) == (429, True)
        assert "A moment, please" in page.text
        assert (await greedy.head(link["url"])).status_code == 429
        assert (await other.get(link["url"])).status_code == 200


async def test_a_made_up_forwarded_for_buys_nothing(tmp_path):
    async with serving(tmp_path, share_rate=Rate(5, DAY_S)) as server:
        _, _, link = await linked(server)
        liar = await server.visitor()
        answers = [
            await liar.get(link["url"], headers={"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"{number}"})
            for number in range(8)
        ]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
        assert len({row.client for answer in answers for row in await server.audited(answer)}) == 1


async def test_behind_a_trusted_proxy_the_last_strange_address_counts(tmp_path):
    networks = (ip_network("127.1.0.0/16"), ip_network("10.0.0.0/8"))
    async with serving(tmp_path, share_rate=Rate(2, DAY_S), trusted_proxies=networks) as server:
        _, _, link = await linked(server)
        proxy = await server.visitor()

        async def of(forwarded_for):
            return await statuses(proxy, link["url"], 3, headers={"X-Forwarded-For": forwarded_for})

        assert await of("198.51.100.1") == [200, 200, 429]
        assert await of("198.51.100.2") == [200, 200, 429]
        assert await of("198.51.100.77, 198.51.100.1") == [429] * 3, "what stands further left was written by anybody"
        assert await of("198.51.100.1, 10.1.2.3") == [429] * 3, "a trusted hop is passed over"
        assert await of("2001:db8:1:2::1") == [200, 200, 429]
        assert await of("2001:db8:1:2:ffff::9") == [429] * 3, "one host can roam in its /64"
        assert await of("2001:db8:1:3::1") == [200, 200, 429]


async def test_a_known_but_dead_link_never_blocks_an_office(tmp_path):
    async with serving(tmp_path, share_rate=Rate(100, DAY_S), unknown_token_rate=Rate(3, DAY_S)) as server:
        ada, made, dead = await linked(server)
        live = await ada.share(made.id)
        await ada.http.delete(f"/share/{dead['id']}")
        office = await server.visitor()
        assert await statuses(office, dead["url"], 30) == [404] * 30
        assert (await office.get(live["url"])).status_code == 200


async def test_who_tries_tokens_has_a_tighter_budget(tmp_path):
    async with serving(tmp_path, share_rate=Rate(100, DAY_S), unknown_token_rate=Rate(3, DAY_S)) as server:
        _, _, live = await linked(server)
        guesser, other = await server.visitor(), await server.visitor()
        guesses = [UNKNOWN, "/v1/music/shared/x", UNKNOWN, UNKNOWN, "/v1/music/shared/%00"]
        assert [(await guesser.get(guess)).status_code for guess in guesses] == [404, 404, 404, 429, 429]
        answer = await guesser.get(live["url"])
        assert answer.status_code == 429, "or a guesser could tell a hit from a miss"
        assert int(answer.headers["retry-after"]) > 0
        assert (await other.get(live["url"])).status_code == 200


@in_its_loop
async def test_fifty_at_once_and_three_opens_left_are_exactly_three_answers(served):
    ada, _, link = await linked(served, max_opens=3)
    visitor = await served.visitor()
    answers = await asyncio.gather(*(visitor.get(link["url"]) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [404] * 47
    (listed,) = (await ada.http.get("/shares")).json()["items"]
    assert (listed["opens"], listed["state"]) == (3, "used_up")
    rows = await served.audit(share_id=link["id"], event="share.open")
    assert sorted(row.outcome for row in rows) == ["granted"] * 3 + ["used_up"] * 47


@in_its_loop
@only_sqlite
@pytest.mark.parametrize(
    ("method", "query", "headers", "spends"),
    [
        ("GET", "", {}, True),
        ("GET", "?anything", {"Accept": "application/json"}, True),
        ("GET", "?play", HTML, True),
        ("GET", "?play=", HTML, True),
        ("GET", "", HTML, False),
        ("GET", "?utm_source=chat", HTML, False),
        ("GET", "?player", HTML, False),
        ("GET", "", HTML | {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, False),
        ("GET", "", HTML | {"User-Agent": "facebookexternalhit/1.1"}, False),
        ("HEAD", "", {}, False),
        ("HEAD", "?play", HTML, False),
        ("OPTIONS", "", {}, False),
        ("POST", "", {}, False),
    ],
)
async def test_what_spends_an_open(served, method, query, headers, spends):
    ada, _, link = await linked(served, max_opens=1)
    visitor = await served.visitor()
    for _ in range(2):
        await visitor.request(method, link["url"] + query, headers=headers)
    (listed,) = (await ada.http.get("/shares")).json()["items"]
    assert (listed["opens"], listed["state"]) == ((1, "used_up") if spends else (0, "open"))
    assert (await visitor.get(link["url"])).status_code == (404 if spends else 200)


@in_its_loop
async def test_what_is_no_longer_there_spends_nothing(served):
    ada, made, link = await linked(served, max_opens=1)
    await change(served.parts, tracks, made.id, removed_at=1)
    visitor = await served.visitor()
    assert await statuses(visitor, link["url"], 2) == [200, 200]
    assert (await ada.http.get("/shares")).json()["items"][0]["opens"] == 0


@in_its_loop
async def test_the_last_open_may_play_to_its_end(served):
    _, _, link = await linked(served, max_opens=1)
    visitor = await served.visitor()
    playback_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    assert (await visitor.get(link["url"])).status_code == 404
    assert (await visitor.get(playback_url, headers={"Range": "bytes=0-99"})).status_code == 206


@in_its_loop
async def test_a_link_without_a_limit_counts_nothing(served):
    ada, _, link = await linked(served)
    assert await statuses(await served.visitor(), link["url"], 3) == [200] * 3
    assert (await ada.http.get("/shares")).json()["items"][0]["opens"] is None
