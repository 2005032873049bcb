"""Members: invited, given roles, taken out. The last owner stays; whoever is out is out at once."""

import asyncio
import re

import pytest
from factories.music import keep, track
from factories.people import house, login, with_password
from factories.people import new_email as fresh
from factories.server import in_its_loop
from sqlalchemy import select, update

from segue.accounts.tables import invitations
from segue.clock import now_s

pytestmark = in_its_loop


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def roles(home):
    items = (await home.ask("other", "GET", "/members")).json()["items"]
    return {item["user_id"]: item["role"] for item in items}


async def test_every_member_sees_the_members(served):
    home = await house(served)
    answer = await home.ask("member", "GET", "/members?limit=2&offset=1")
    body = answer.json()
    assert (body["limit"], body["offset"], len(body["items"])) == (2, 1, 2)
    assert list(body["items"][0]) == ["user_id", "email", "role", "joined_at"]
    assert sorted((await roles(home)).values()) == ["admin", "member", "member", "owner"]


async def test_an_invitation_is_accepted_once_by_a_new_user(served):
    home, email = await house(served), fresh()
    made = await home.invite(email, "admin")
    assert list(made) == ["id", "email", "role", "token", "expires_at", "created_at"]
    assert re.fullmatch(r"sgi_[0-9A-Za-z]{40}", made["token"])
    listed = (await home.ask("admin", "GET", "/invitations")).json()["items"]
    assert listed == [{name: made[name] for name in ("id", "email", "role", "expires_at", "created_at")}]
    short = await home.accept(made["token"], "short")
    assert short.status_code == 422
    answers = await asyncio.gather(*(home.accept(made["token"]) for _ in range(5)))
    assert min(answer.status_code for answer in answers) == 200
    assert sum(answer.status_code == 200 for answer in answers) == 1
    joined = next(answer.json() for answer in answers if answer.status_code == 200)
    assert joined == {
        "user_id": joined["user_id"], "email": email, "organization_id": home.id, "role": "admin",
    }  # fmt: skip
    assert (await roles(home))[joined["user_id"]] == "admin"
    assert (await home.ask("owner", "GET", "/invitations")).json()["items"] == []
    assert (await login(await served.visitor(), email)).json()["organizations"][0]["id"] == home.id
    assert code(await home.accept(made["token"])) == (404, "RESOURCE_NOT_FOUND")


async def test_somebody_with_an_account_joins_by_the_password_it_has(served):
    home, email = await house(served), fresh()
    await with_password(served, email)
    token = (await home.invite(email))["token"]
    assert code(await home.accept(token, "not the password")) == (401, "INVALID_CREDENTIALS")
    assert (await home.accept(token)).status_code == 200
    assert code(await home.ask("owner", "POST", "/members", email=email)) == (409, "OPERATION_NOT_ALLOWED")


async def test_an_account_without_a_password_is_not_taken_over_by_an_invitation(served):
    home, email = await house(served), fresh()
    await served.member(email)
    token = (await home.invite(email))["token"]
    assert code(await home.accept(token)) == (401, "INVALID_CREDENTIALS")
    assert (await login(await served.visitor(), email)).status_code == 401


async def test_an_invitation_that_was_withdrawn_or_is_old_is_none(served):
    home = await house(served)
    withdrawn, old = await home.invite(fresh()), await home.invite(fresh())
    assert (await home.ask("admin", "DELETE", f"/invitations/{withdrawn['id']}")).status_code == 200
    async with served.parts.database.transaction() as tx:
        await tx.execute(update(invitations).where(invitations.c.id == old["id"]).values(expires_at=now_s()))
    for token in (withdrawn["token"], old["token"], "sgi_" + "x" * 40, "", "\0"):
        assert code(await home.accept(token)) == (404, "RESOURCE_NOT_FOUND")
    assert (await home.ask("owner", "GET", "/invitations")).json()["items"] == []
    assert (await home.ask("owner", "DELETE", f"/invitations/{withdrawn['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("role", "given", "status"),
    [("owner", "owner", 201), ("admin", "admin", 201), ("admin", "owner", 403), ("member", "member", 403)],
)
async def test_who_may_invite_as_what(served, role, given, status):
    home = await house(served)
    answer = await home.ask(role, "POST", "/members", email=fresh(), role=given)
    assert answer.status_code == status
    if status == 403:
        assert code(answer) == (403, "INSUFFICIENT_PERMISSIONS")
        assert (await home.ask("owner", "GET", "/invitations")).json()["items"] == []


async def test_a_wrong_address_is_told(served):
    home = await house(served)
    answer = await home.ask("owner", "POST", "/members", email="nobody")
    assert code(answer) == (422, "INVALID_EMAIL_FORMAT")


@pytest.mark.parametrize(
    ("role", "target", "given", "status"),
    [
        ("owner", "member", "owner", 200),
        ("owner", "admin", "member", 200),
        ("admin", "member", "admin", 200),
        ("admin", "member", "owner", 403),
        ("admin", "owner", "member", 403),
        ("member", "other", "admin", 403),
        ("member", "member", "owner", 403),
    ],
)
async def test_who_may_give_whom_what(served, role, target, given, status):
    home = await house(served)
    user_id = home[target].who.user_id
    before = await roles(home)
    answer = await home.ask(role, "PATCH", f"/members/{user_id}", role=given)
    assert answer.status_code == status
    assert (await roles(home))[user_id] == (given if status == 200 else before[user_id])


@pytest.mark.parametrize(
    ("role", "target", "status"),
    [
        ("owner", "admin", 200),
        ("admin", "member", 200),
        ("member", "member", 200),
        ("admin", "owner", 403),
        ("member", "other", 403),
    ],
)
async def test_who_may_take_whom_out(served, role, target, status):
    home = await house(served)
    user_id = home[target].who.user_id
    assert (await home.ask(role, "DELETE", f"/members/{user_id}")).status_code == status
    assert (user_id in await roles(home)) == (status != 200)


async def test_nobody_who_is_no_member_can_be_changed(served):
    home, stranger = await house(served), await served.member()
    for user_id in (stranger.who.user_id, "usr_000000000000", "x"):
        for method, body in (("PATCH", {"role": "member"}), ("DELETE", {})):
            assert code(await home.ask("owner", method, f"/members/{user_id}", **body)) == (404, "RESOURCE_NOT_FOUND")


async def test_the_last_owner_stays(served):
    home = await house(served)
    user_id = home["owner"].who.user_id
    assert code(await home.ask("owner", "DELETE", f"/members/{user_id}")) == (403, "CANNOT_REMOVE_LAST_OWNER")
    demoted = await home.ask("owner", "PATCH", f"/members/{user_id}", role="member")
    assert code(demoted) == (403, "CANNOT_REMOVE_LAST_OWNER")
    assert (await roles(home))[user_id] == "owner"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_two_owners_who_shut_each_other_out_at_once_leave_one(served, method):
    for _ in range(5):
        home = await house(served)
        first, second = home["owner"], home["admin"]
        await home.ask("owner", "PATCH", f"/members/{second.who.user_id}", role="owner")
        body = {"role": "member"} if method == "PATCH" else {}
        await asyncio.gather(
            home.ask("owner", method, f"/members/{second.who.user_id}", **body),
            home.ask("admin", method, f"/members/{first.who.user_id}", **body),
            home.ask("owner", method, f"/members/{first.who.user_id}", **body),
        )
        assert list((await roles(home)).values()).count("owner") == 1


async def test_whoever_is_taken_out_is_out_at_once_and_for_good(served):
    home, email = await house(served), fresh()
    await home.accept((await home.invite(email))["token"])
    session = (await login(await served.visitor(), email)).json()
    gone = home["member"]
    made = await keep(served.parts, track(gone.who))
    link, visitor = await gone.share(made.id), await served.visitor()
    playback_url = (await visitor.get(link["url"])).json()["track"]["playback_url"]
    assert (await home.ask("admin", "DELETE", f"/members/{gone.who.user_id}")).status_code == 200
    assert code(await gone.http.get("/tracks")) == (401, "API_KEY_DEACTIVATED")
    assert (await visitor.get(link["url"])).status_code == 404
    assert (await visitor.get(playback_url, headers={"Range": "bytes=0-9"})).status_code == 404
    await home.ask("owner", "DELETE", f"/members/{session['user']['id']}")
    signed = await served.visitor(headers={"Authorization": f"Bearer {session['token']}"})
    assert code(await signed.get(f"/v1/music/{home.id}/tracks")) == (403, "ORGANIZATION_ACCESS_DENIED")
    assert (await home.accept((await home.invite(email))["token"])).status_code == 200
    assert (await signed.get(f"/v1/music/{home.id}/tracks")).status_code == 200, "invited again, in again"


async def test_an_old_key_stays_dead_when_its_owner_comes_back(served):
    home, email = await house(served), fresh()
    member = await with_password(served, email, organization=home.id)
    assert (await member.http.get("/tracks")).status_code == 200
    await home.ask("owner", "DELETE", f"/members/{member.who.user_id}")
    await home.accept((await home.invite(email))["token"])
    assert code(await member.http.get("/tracks")) == (401, "API_KEY_DEACTIVATED")


async def test_no_token_of_an_invitation_rests_readable(served):
    home = await house(served)
    token = (await home.invite(fresh()))["token"]
    async with served.parts.database.reading() as tx:
        rows = (await tx.execute(select(invitations))).all()
    assert token not in repr(rows)
    assert token[4:] not in repr(rows)
