"""How often passwords are tried: slowly by strangers, however many, and never at the cost of the owner."""

import asyncio

from factories.people import login, with_password
from factories.people import new_email as fresh
from factories.server import serving

from segue.settings import Rate


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def test_guessing_is_slow_from_one_network_and_the_owner_still_gets_in(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(100, 86_400), sign_in_failures_rate=Rate(3, 86_400)) as server:
        email = fresh()
        await with_password(server, email)
        guesser, owner = await server.visitor(), await server.visitor()
        answers = await asyncio.gather(*(login(guesser, email, f"guess number {number}") for number in range(20)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [401] * 3 + [429] * 17, "all at once are all counted"
        assert int(next(a for a in answers if a.status_code == 429).headers["retry-after"]) > 0
        assert (await login(guesser, email)).status_code == 429, "also with the right password"
        assert (await login(guesser, email, headers={"X-Forwarded-For": "198.51.100.1"})).status_code == 429
        assert [(await login(owner, email)).status_code for _ in range(8)] == [200] * 8, "it was the owner each time"
        unknown = [(await login(await server.visitor(), "nobody@example.org")).status_code for _ in range(1)]
        assert unknown == [401]
        same = [(await login(owner, "nobody@example.org")).status_code for _ in range(5)]
        assert same == [401] * 3 + [429] * 2, "whether or not there is such an account"


async def test_a_network_may_try_so_often_whatever_it_tries(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(4, 86_400), sign_in_failures_rate=Rate(100, 3_600)) as server:
        visitor = await server.visitor()
        answers = [await login(visitor, f"{number}@example.org") for number in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
        assert code(answers[-1]) == (429, "RATE_LIMIT_EXCEEDED")


async def test_an_account_may_be_guessed_at_so_often_from_everywhere(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(100, 60), sign_in_failures_rate=Rate(1, 86_400)) as server:
        statuses = [(await login(await server.visitor(), "a@example.org")).status_code for _ in range(12)]
        assert statuses == [401] * 10 + [429] * 2


async def test_no_crowd_locks_an_owner_out_of_where_he_has_signed_in(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(100, 60), sign_in_failures_rate=Rate(1, 86_400)) as server:
        email = fresh()
        await with_password(server, email)
        home, abroad = await server.visitor(), await server.visitor()
        assert (await login(home, email)).status_code == 200
        statuses = [(await login(await server.visitor(), email, "a guess, a guess")).status_code for _ in range(12)]
        assert statuses == [401] * 10 + [429] * 2
        assert (await login(abroad, email)).status_code == 429
        assert [(await login(home, email)).status_code for _ in range(15)] == [200] * 15
        assert (await login(home, email, "a guess, a guess")).status_code == 401
        assert (await login(home, email)).status_code == 429, "at home it is counted too"


async def test_signing_in_often_uses_nothing_up(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(100, 60), sign_in_failures_rate=Rate(1, 86_400)) as server:
        email = fresh()
        await with_password(server, email)
        visitors = [await server.visitor() for _ in range(15)]
        assert {(await login(visitor, email)).status_code for visitor in visitors} == {200}
