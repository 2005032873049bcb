"""Spending over HTTP, by the wire. What the reference shows is counted first, over a month."""

import json
from datetime import UTC, datetime

from factories.server import NOW, in_its_loop

from segue.app import application
from segue.engines import Registry
from segue.http import Call
from segue.spending import Window, give_back, record, set_caps

pytestmark = in_its_loop


def second(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


async def counted(served, who, *spends):
    """Each is a day, tracks, a cost in ten-thousandths of a franc, and an engine that is not `studio`."""
    async with served.parts.database.transaction() as tx:
        for day, tracks, cost_chf_e4, *engine in spends:
            await record(tx, who, *(engine or ["studio"]), cost_chf_e4, tracks, now=second(day))


async def capped(served, who, **limits_chf_e4):
    async with served.parts.database.transaction() as tx:
        await set_caps(tx, who.organization_id, {Window(name): limit for name, limit in limits_chf_e4.items()})


async def told(served, member, now=NOW):
    """What the API answers at that moment."""
    path, headers = f"/v1/music/{member.who.organization_id}/usage", {"x-api-key": member.key}
    call = Call("GET", path, "", headers.get, client="127.0.0.1", request_id="req_0", now=now, protocol=None)
    answer = await application(served.parts, Registry()).api.answer(call)
    assert answer.status == 200
    return json.loads(answer.body)


def window(name, start, cost, limit, *by_engine):
    engines = [{"engine": engine, "track_count": tracks, "cost_chf": chf} for engine, tracks, chf in by_engine]
    return {"window": name, "window_start": start, "cost_chf": cost, "limit_chf": limit, "by_engine": engines}


async def test_spending_as_the_reference_shows_it(served):
    ada = await served.member(organization=await served.organization())
    await capped(served, ada.who, day=100_000, week=500_000)
    month = [(f"2026-06-{day:02}T12:00:00", 3, 12_000) for day in range(1, 22)]
    odd = [("2026-06-21T23:59:59", 5, 22_000)]
    week = [("2026-06-22T00:00:00", 10, 40_000), ("2026-06-27T23:59:59", 12, 48_000)]
    day = [("2026-06-28T00:00:00", 2, 8_000), ("2026-06-28T10:30:00", 4, 16_000)]
    around = [("2026-05-31T23:59:59", 7, 70_000), ("2026-06-29T00:00:00", 7, 70_000)]
    await counted(served, ada.who, *month, *odd, *week, *day, *around)
    found = await told(served, ada)
    assert json.dumps(found) == json.dumps(
        {
            "organization_id": ada.who.organization_id,
            "windows": [
                window("day", "2026-06-28T00:00:00Z", 2.40, 10.00, ("studio", 6, 2.40)),
                window("week", "2026-06-22T00:00:00Z", 11.20, 50.00, ("studio", 28, 11.20)),
                window("month", "2026-06-01T00:00:00Z", 38.60, None, ("studio", 96, 38.60)),
            ],
        }
    )


async def test_whoever_spent_nothing_is_told_so(served):
    ada = await served.member(organization=await served.organization())
    assert (await told(served, ada))["windows"] == [
        window("day", "2026-06-28T00:00:00Z", 0, None),
        window("week", "2026-06-22T00:00:00Z", 0, None),
        window("month", "2026-06-01T00:00:00Z", 0, None),
    ]


async def test_a_week_may_reach_into_the_month_before(served):
    ada = await served.member(organization=await served.organization())
    await counted(served, ada.who, ("2026-06-28T12:00:00", 1, 1), ("2026-06-29T12:00:00", 1, 10))
    await counted(served, ada.who, ("2026-07-01T00:00:00", 1, 100))
    found = await told(served, ada, second("2026-07-01T00:00:00"))
    assert [(each["window_start"], each["cost_chf"]) for each in found["windows"]] == [
        ("2026-07-01T00:00:00Z", 0.01),
        ("2026-06-29T00:00:00Z", 0.011),
        ("2026-07-01T00:00:00Z", 0.01),
    ]


async def test_engines_come_by_name_and_one_that_gave_all_back_is_left_out(served):
    ada = await served.member(organization=await served.organization())
    await counted(served, ada.who, ("2026-06-28T01:00:00", 1, 1_000), ("2026-06-28T01:00:00", 1, 2_000, "organ"))
    await counted(served, ada.who, ("2026-06-28T01:00:00", 2, 0, "choir"), ("2026-06-01T01:00:00", 1, 5, "bells"))
    async with served.parts.database.transaction() as tx:
        await give_back(tx, ada.who, "organ", 2_000, 1, spent_at=NOW)
    day, _, month = (await told(served, ada))["windows"]
    assert day == window("day", "2026-06-28T00:00:00Z", 0.1, None, ("choir", 2, 0), ("studio", 1, 0.1))
    assert [each["engine"] for each in month["by_engine"]] == ["bells", "choir", "studio"]


async def test_the_spending_is_the_callers_and_the_cap_the_organizations(served):
    organization = await served.organization()
    ada, bob = await served.member(organization=organization), await served.member(organization=organization)
    eve = await served.member(organization=await served.organization())
    await capped(served, ada.who, day=1_250)
    await counted(served, ada.who, ("2026-06-28T01:00:00", 1, 1_000))
    seen = [(await told(served, each))["windows"][0] for each in (ada, bob, eve)]
    assert [(each["cost_chf"], each["limit_chf"]) for each in seen] == [(0.1, 0.125), (0, 0.125), (0, None)]


async def test_it_is_asked_for_over_http(served):
    ada, eve = await served.member(), await served.member(organization=await served.organization())
    answer = await ada.http.get("/usage")
    assert answer.status_code == 200
    assert [each["window"] for each in answer.json()["windows"]] == ["day", "week", "month"]
    again = await ada.http.get("/usage", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    foreign = await eve.http.get(f"{served.url}/v1/music/{ada.who.organization_id}/usage")
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "ORGANIZATION_ACCESS_DENIED")
    assert (await ada.http.post("/usage", json={"day": 1})).status_code == 405, "a cap is set by the operator alone"
