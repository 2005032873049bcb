"""What one API key may ask for in a while, and how it is told."""

import time

from factories.server import serving

from segue.settings import Rate

DAY_S = 86_400


async def test_each_key_has_a_budget_and_is_told_how_it_stands(tmp_path):
    async with serving(tmp_path, api_rate=Rate(3, DAY_S), api_burst=5) as server:
        ada, bob = await server.member(), await server.member()
        answers = [await ada.http.get("/tracks") for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        left = [answer.headers["x-ratelimit-remaining"] for answer in answers]
        assert left == ["3", "3", "2", "1", "0", "0", "0"], "never more than the limit says"
        for answer in answers:
            assert answer.headers["x-ratelimit-limit"] == answer.headers["x-ratelimit-limit-requests"] == "3"
            assert answer.headers["x-ratelimit-remaining-requests"] == answer.headers["x-ratelimit-remaining"]
            assert int(answer.headers["x-ratelimit-reset"]) > time.time()
        refused = answers[-1]
        assert 0 < int(refused.headers["retry-after"]) <= DAY_S / 3
        assert refused.headers["x-ratelimit-retry-after"] == refused.headers["retry-after"]
        assert answers[0].headers["x-ratelimit-retry-after"] == "0"
        found = refused.json()["error"]
        assert (found["code"], found["type"]) == ("RATE_LIMIT_EXCEEDED", "rate_limit_error")
        assert found["message"] == "Too many requests. Please try again later."
        assert (await bob.http.get("/tracks")).status_code == 200
        assert (await ada.http.get("/tracks", headers={"X-Forwarded-For": "198.51.100.1"})).status_code == 429


async def test_a_body_costs_its_key_before_it_is_read(tmp_path):
    async with serving(tmp_path, api_rate=Rate(1, DAY_S), api_burst=1) as server:
        ada = await server.member()
        assert (await ada.http.post("/collections", content=b"{")).status_code == 400
        assert (await ada.http.post("/collections", content=b"{")).status_code == 429
