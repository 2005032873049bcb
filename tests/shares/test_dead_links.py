"""The one dead answer: whatever is wrong with a link, nobody can tell it from one that never was."""

import pytest
from factories.links import DEAD, ENDS, of_that_day
from factories.music import keep, keep_collection, track
from factories.server import in_its_loop, only_sqlite

pytestmark = in_its_loop

UNKNOWN = "shr_" + "0" * 32
HTML = {"Accept": "text/html"}

MALFORMED = {
    "nothing": "",
    "a letter": "x",
    "no prefix": "0" * 32,
    "short": UNKNOWN[:-1],
    "long": UNKNOWN + "0",
    "upper case": UNKNOWN.upper(),
    "no hex": "shr_" + "g" * 32,
    "an id": "mslink_000000000000",
    "a percent-encoded nul": UNKNOWN + "%00",
    "a percent-encoded line feed": UNKNOWN + "%0A",
    "a percent-encoded space": "%20" + UNKNOWN,
    "a percent sign": "%25",
    "a broken percent sign": "%zz",
    "no utf-8": "%FF%FE",
    "an overlong encoding": "%C0%AE%C0%AE",
    "dots": "%2e%2e",
    "a backslash": "..%5C..",
    "unicode": "shr_\N{ARABIC-INDIC DIGIT ZERO}" + "0" * 31,
    "an emoji": "\N{MUSICAL NOTE}",
    "direction tricks": "\u202e" + UNKNOWN,
    "a parameter": UNKNOWN + ";play",
    "sql": "'%20OR%201=1--",
    "eight kilobytes": "a" * 8_192,
}


def assert_dead(answer, page):
    assert answer.status_code == 404
    assert of_that_day(answer.content) == DEAD
    assert page.status_code == 404
    assert "This link is no longer available" in page.text
    assert [each.headers["cache-control"] for each in (answer, page)] == ["no-store"] * 2


async def told(visitor, url):
    """The answer to a program, and the page, with everything cut out that must differ."""
    answer, page = await visitor.get(url), await visitor.get(url, headers=HTML)
    return answer, page, [(each.status_code, sorted(each.headers), len(each.content)) for each in (answer, page)]


@only_sqlite
@pytest.mark.parametrize("token", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_token_gets_the_one_dead_answer(served, token):
    visitor = await served.visitor()
    answer, page, form = await told(visitor, f"/v1/music/shared/{token}")
    assert_dead(answer, page)
    _, like_this, same_form = await told(visitor, f"/v1/music/shared/{UNKNOWN}")
    assert (page.content, form) == (like_this.content, same_form)
    assert [entry.outcome for entry in await served.audited(answer)] == ["unknown"]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("kind", ["track", "collection"])
async def test_an_ended_link_gets_the_one_dead_answer(served, end, kind):
    ada = await served.member(organization=await served.organization())
    made = await keep(served.parts, track(ada.who))
    subject_id = made.id if kind == "track" else await keep_collection(served.parts, ada.who, [made.id])
    link = await ada.share(subject_id)
    visitor = await served.visitor()
    assert (await visitor.get(link["url"])).status_code == 200
    await end(served, ada, link)
    answer, page, form = await told(visitor, link["url"])
    assert_dead(answer, page)
    _, like_this, same_form = await told(visitor, f"/v1/music/shared/{UNKNOWN}")
    assert (page.content, form) == (like_this.content, same_form)
    assert [(row.event, row.outcome) for each in (answer, page) for row in await served.audited(each)] == [
        ("share.open", ENDS[end]),
        ("share.page", ENDS[end]),
    ]


async def test_below_a_link_there_is_nothing_whether_it_is_live_or_not(served):
    ada, visitor = await served.member(), await served.visitor()
    link = await ada.share((await keep(served.parts, track(ada.who))).id)
    for below in ("/", "/x", "%2F", "%2Fx"):
        live = await visitor.get(link["url"] + below)
        unknown = await visitor.get(f"/v1/music/shared/{UNKNOWN}{below}")
        assert (live.status_code, unknown.status_code) == (404, 404)
        assert of_that_day(live.content) == of_that_day(unknown.content)
