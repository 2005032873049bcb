"""Signing in by password: in one step, alike for every kind of no, and ended at once when it is to end."""

import itertools
import json
import re

import pytest
from factories.music import keep, track
from factories.people import PASSWORD, login, signed_in, with_password
from factories.server import in_its_loop
from sqlalchemy import select, update

from segue import accounts
from segue.accounts import Gate, LastUsed, Passwords
from segue.accounts.tables import sessions, users
from segue.clock import now_s
from segue.ratelimit import Gcra
from segue.settings import Rate

pytestmark = in_its_loop

_numbers = itertools.count()


def fresh():
    return f"signer{next(_numbers)}@example.org"


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def test_one_step_answers_what_the_documented_two_do(served):
    email = fresh()
    member = await with_password(served, email)
    answer = await login(await served.visitor(), f" {email.upper()} ")
    assert answer.status_code == 200
    body = answer.json()
    assert re.fullmatch(r"sgs_[0-9A-Za-z]{40}", body["token"])
    organization = {"id": member.who.organization_id, "name": "Acme", "role": "member"}
    expected = {
        "success": True,
        "message": "Signed in.",
        "email_key": "",
        "email": email,
        "requires_verification": False,
        "next_step": "none",
        "type": "login",
        "user": {"id": member.who.user_id, "email": email},
        "token": body["token"],
        "access_token": body["token"],
        "token_type": "bearer",
        "expires_in": 30 * 86_400,
        "expires_at": body["expires_at"],
        "organizations": [organization],
    }
    assert json.dumps(body) == json.dumps(expected)
    cookie = answer.headers["set-cookie"]
    assert cookie == f"segue_session={body['token']}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
    (row,) = await served.audited(answer)
    assert (row.event, row.outcome, row.actor_id) == ("session.create", "done", member.who.user_id)


async def test_a_session_acts_in_every_organization_of_its_user_and_no_other(served):
    ada = await signed_in(served, fresh())
    organization_id = ada.member.who.organization_id
    answer = await ada.http.get(f"/v1/music/{organization_id}/tracks")
    assert (answer.status_code, answer.headers["aitronos-organization"]) == (200, organization_id)
    other = await served.organization()
    assert code(await ada.http.get(f"/v1/music/{other}/tracks")) == (403, "ORGANIZATION_ACCESS_DENIED")
    assert code(await ada.http.get("/v1/music/org_000000000000/tracks")) == (403, "ORGANIZATION_ACCESS_DENIED")


async def test_every_no_is_the_same_no_after_the_same_work(served, monkeypatch):
    compared = []
    fits = Passwords.fits

    async def counted(self, password, stored):
        compared.append(stored is not None)
        return await fits(self, password, stored)

    monkeypatch.setattr(Passwords, "fits", counted)
    known, disabled, keyed = fresh(), fresh(), fresh()
    await with_password(served, known)
    barred = await with_password(served, disabled)
    await served.member(keyed)
    async with served.parts.database.transaction() as tx:
        await accounts.disable_user(tx, barred.who.user_id, at=now_s())
    tries = [
        (known, "wrong horse battery"),
        (fresh(), PASSWORD),
        (disabled, PASSWORD),
        (keyed, PASSWORD),
        ("", ""),
        ("x" * 5_000, "y" * 5_000),
        ("nul\0@example.org", "nul\0"),
    ]
    answers = [await login(await served.visitor(), email, password) for email, password in tries]
    assert {code(answer) for answer in answers} == {(401, "INVALID_CREDENTIALS")}
    assert len({re.sub(r'"trace_id":.*', "", answer.text) for answer in answers}) == 1
    assert len(compared) == len(tries), "one hash each"
    for answer in answers:
        (row,) = await served.audited(answer)
        assert (row.event, row.outcome, row.actor_id) == ("session.create", "refused", None)


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        ({"content-type": "text/plain"}, None, (400, "INVALID_JSON")),
        ({"content-type": "application/x-www-form-urlencoded"}, None, (400, "INVALID_JSON")),
        ({"content-type": "application/json", "origin": "https://evil.example"}, None, (403, "CROSS_SITE_REQUEST")),
        ({"content-type": "application/json", "origin": "null"}, None, (403, "CROSS_SITE_REQUEST")),
        ({"content-type": "application/json"}, b"{}", (422, "VALIDATION_ERROR")),
        ({"content-type": "application/json"}, b"{", (400, "INVALID_JSON")),
    ],
)
async def test_no_other_site_signs_a_browser_in(served, headers, content, expected):
    email = fresh()
    await with_password(served, email)
    body = content or json.dumps({"email_or_username": email, "password": PASSWORD}).encode()
    answer = await (await served.visitor()).post("/v1/auth/login", content=body, headers=headers)
    assert code(answer) == expected
    assert "set-cookie" not in answer.headers


async def test_a_cookie_reads_and_changes_only_from_our_own_pages(served):
    ada = await signed_in(served, fresh())
    path = f"/v1/music/{ada.member.who.organization_id}/collections"
    browser = await served.visitor(headers={"Cookie": f"other=1; segue_session={ada.token}"})
    assert (await browser.get(path)).status_code == 200
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        refused = await browser.post(path, json={"name": "A"}, headers=headers)
        assert code(refused) == (403, "CROSS_SITE_REQUEST"), headers
    for headers in ({"Origin": served.url}, {"Sec-Fetch-Site": "same-origin"}):
        assert (await browser.post(path, json={"name": "A"}, headers=headers)).status_code == 201


async def test_over_https_the_cookie_is_for_this_host_alone():
    gate = Gate(None, Gcra(Rate(1, 1)), LastUsed(None), "https://music.example")
    assert gate.cookie_header("sgs_x", 60) == (
        "__Host-segue_session=sgs_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
    )


async def test_whoever_signs_out_is_out_at_once(served):
    ada = await signed_in(served, fresh())
    browser = await served.visitor(headers={"Cookie": f"segue_session={ada.token}", "Origin": served.url})
    assert (await browser.get("/v1/auth/me")).status_code == 200
    answer = await browser.post("/v1/auth/logout")
    assert answer.status_code == 200
    assert list(answer.json()) == ["message", "logged_out_at"]
    assert answer.headers["set-cookie"].startswith("segue_session=; Path=/; Max-Age=0;")
    for client in (browser, ada.http):
        assert code(await client.get("/v1/auth/me")) == (401, "TOKEN_INVALID")
    assert code(await ada.member.http.post(f"{served.url}/v1/auth/logout")) == (409, "OPERATION_NOT_ALLOWED")


async def test_a_session_ends_by_itself(served):
    ada = await signed_in(served, fresh())
    async with served.parts.database.transaction() as tx:
        mine = sessions.c.user_id == ada.member.who.user_id
        await tx.execute(update(sessions).where(mine).values(expires_at=now_s()))
    assert code(await ada.http.get("/v1/auth/me")) == (401, "TOKEN_EXPIRED")


async def test_a_user_who_is_shut_out_is_out_of_every_session(served):
    ada = await signed_in(served, fresh())
    async with served.parts.database.transaction() as tx:
        await accounts.disable_user(tx, ada.member.who.user_id, at=now_s())
    assert code(await ada.http.get("/v1/auth/me")) == (401, "TOKEN_INVALID")


async def test_two_credentials_must_be_one_persons(served):
    ada, bob = await signed_in(served, fresh()), await served.member()
    path = f"/v1/music/{ada.member.who.organization_id}/tracks"
    both = {"X-API-Key": bob.key, "Authorization": f"Bearer {ada.token}"}
    assert code(await (await served.visitor(headers=both)).get(path)) == (401, "INVALID_API_KEY")
    own = {"X-API-Key": ada.member.key, "Authorization": f"Bearer {ada.token}"}
    assert (await (await served.visitor(headers=own)).get(path)).status_code == 200


@pytest.mark.parametrize("token", ["sgs_", "sgs_" + "x" * 40])
async def test_a_made_up_token_is_none(served, token):
    visitor = await served.visitor(headers={"Authorization": f"Bearer {token}"})
    assert code(await visitor.get("/v1/auth/me")) == (401, "TOKEN_INVALID")


async def test_where_no_organization_is_named_it_is_the_only_one_or_has_to_be_said(served):
    ada, owner = await signed_in(served, fresh()), await served.member()
    made = await keep(served.parts, track(owner.who))
    saving = f"/v1/music/shared/{(await owner.share(made.id))['token']}/save"
    assert (await ada.http.post(saving)).status_code == 201
    other = await served.organization()
    async with served.parts.database.transaction() as tx:
        await accounts.add_user(tx, ada.email, other, now=1)
    assert code(await ada.http.post(saving)) == (403, "AMBIGUOUS_ORGANIZATION")
    named = await ada.http.post(saving, headers={"aitronos-organization": other})
    assert (named.status_code, named.headers["aitronos-organization"]) == (201, other)
    foreign = await ada.http.post(saving, headers={"aitronos-organization": await served.organization()})
    assert code(foreign) == (403, "ORGANIZATION_ACCESS_DENIED")
    async with served.parts.database.transaction() as tx:
        for organization in (ada.member.who.organization_id, other):
            await accounts.end_membership(tx, organization, ada.member.who.user_id, at=now_s())
    assert code(await ada.http.post(saving)) == (403, "NO_ORGANIZATION_MEMBERSHIP")


async def test_who_one_is_and_where_one_belongs(served):
    ada = await signed_in(served, fresh())
    home = {"id": ada.member.who.organization_id, "name": "Acme", "role": "member"}
    me = {"id": ada.member.who.user_id, "email": ada.email, "credential": "session", "organizations": [home]}
    assert (await ada.http.get("/v1/auth/me")).json() == me
    by_key = await ada.member.http.get(f"{served.url}/v1/auth/me")
    assert by_key.json() == me | {"credential": "api_key"}
    other = await served.organization()
    async with served.parts.database.transaction() as tx:
        await accounts.add_user(tx, ada.email, other, now=1)
    listed = (await ada.http.get("/v1/organizations")).json()
    assert {each["id"] for each in listed} == {home["id"], other}
    one = next(each for each in listed if each["id"] == home["id"])
    assert one == {
        "id": home["id"],
        "name": "Acme",
        "description": None,
        "logo": None,
        "createdAt": one["createdAt"],
        "updatedAt": one["createdAt"],
        "role": "member",
    }
    pages = [(await ada.http.get("/v1/organizations", params={"limit": 1, "skip": at})).json() for at in (0, 1, 2)]
    assert [len(page) for page in pages] == [1, 1, 0]
    keyed = (await ada.member.http.get(f"{served.url}/v1/organizations")).json()
    assert [each["id"] for each in keyed] == [home["id"]], "a key acts in one organization"
    assert (await ada.http.get("/v1/organizations?limit=101&skip=-1")).status_code == 422


async def test_no_secret_of_an_account_rests_readable(served):
    ada = await signed_in(served, fresh())
    async with served.parts.database.reading() as tx:
        rows = [row for table in (users, sessions, accounts.memberships) for row in await tx.execute(select(table))]
    kept = " ".join(str(value) for row in rows for value in row) + repr(rows)
    assert ada.token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in kept


async def test_a_session_that_comes_with_a_key_is_the_one_that_ends(served):
    ada = await signed_in(served, fresh())
    both = {"X-API-Key": ada.member.key, "Authorization": f"Bearer {ada.token}"}
    assert (await (await served.visitor(headers=both)).post("/v1/auth/logout", json={})).status_code == 200
    assert code(await ada.http.get("/v1/auth/me")) == (401, "TOKEN_INVALID")
    assert (await ada.member.http.get("/tracks")).status_code == 200


async def test_a_sign_in_from_another_site_is_a_row_of_the_audit(served):
    answer = await login(await served.visitor(), fresh(), headers={"Origin": "https://evil.example"})
    (row,) = await served.audited(answer)
    assert (row.event, row.outcome) == ("session.create", "refused")


async def test_sessions_that_have_expired_are_not_kept_for_ever(served):
    email = fresh()
    ada = await signed_in(served, email)
    async with served.parts.database.transaction() as tx:
        mine = sessions.c.user_id == ada.member.who.user_id
        await tx.execute(update(sessions).where(mine).values(expires_at=now_s()))
    assert (await login(await served.visitor(), email)).status_code == 200
    async with served.parts.database.reading() as tx:
        assert len((await tx.execute(select(sessions).where(mine))).all()) == 1
