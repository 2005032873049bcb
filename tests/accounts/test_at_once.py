"""What meets on the same rows at the same moment: all of it is done, one after the other; nothing waits in a ring."""

import asyncio

import pytest
from factories.people import house, new_email, with_password
from factories.server import in_its_loop

from segue import accounts
from segue.accounts import Passwords
from segue.accounts.api_keys import manage
from segue.clock import now_s
from segue.errors import Forbidden

pytestmark = in_its_loop

ROUNDS = 8


def statuses(answers):
    return [answer.status_code for answer in answers]


async def several(served, number):
    """Organizations that one user belongs to, and the user's id."""
    homes, email = [await house(served) for _ in range(number)], new_email()
    members = [await with_password(served, email, organization=home.id) for home in homes]
    return homes, email, members


async def test_one_user_taken_out_of_many_organizations_at_once_and_back_in(served):
    homes, email, members = await several(served, 4)
    user_id = members[0].who.user_id
    for _ in range(ROUNDS):
        gone = await asyncio.gather(*(home.ask("owner", "DELETE", f"/members/{user_id}") for home in homes))
        assert statuses(gone) == [200] * 4
        tokens = [(await home.invite(email))["token"] for home in homes]
        back = await asyncio.gather(*(home.accept(token) for home, token in zip(homes, tokens, strict=True)))
        assert statuses(back) == [200] * 4
        assert [user_id in await home.roles() for home in homes] == [True] * 4


async def test_shut_out_by_the_operator_and_taken_out_by_owners_at_once(served):
    homes, _, members = await several(served, 3)
    user_id = members[0].who.user_id

    async def operator():
        async with served.parts.database.transaction() as tx:
            await accounts.disable_user(tx, user_id, at=now_s())

    for _ in range(ROUNDS):
        asked = (home.ask("owner", "DELETE", f"/members/{user_id}") for home in homes)
        _, *gone = await asyncio.gather(operator(), *asked)
        # Whoever comes second finds no live member.
        assert set(statuses(gone)) <= {200, 404}
        async with served.parts.database.transaction() as tx:
            await accounts.disable_user(tx, user_id, at=None)
            for home in homes:
                await accounts.end_membership(tx, home.id, user_id, at=None)


async def test_a_key_is_rotated_while_its_owner_is_taken_out(served):
    home, email = await house(served), new_email()
    for _ in range(ROUNDS):
        member = await with_password(served, email, organization=home.id)
        path = f"{home.path}/api-keys"
        made = [(await member.http.post(path, json={"key_name": "A"})).json()["id"] for _ in range(4)]
        *turned, gone = await asyncio.gather(
            *(member.http.post(f"{path}/{key_id}/rotate") for key_id in made),
            home.ask("owner", "DELETE", f"/members/{member.who.user_id}"),
        )
        assert gone.status_code == 200
        assert set(statuses(turned)) <= {200, 401, 403, 404}
        async with served.parts.database.transaction() as tx:
            await accounts.end_membership(tx, home.id, member.who.user_id, at=None)
        for answer in turned:
            if answer.status_code == 200:
                key = {"X-API-Key": answer.json()["new_key"]["key"]}
                again = await (await served.visitor(headers=key)).get("/v1/auth/me")
                assert again.status_code == 401, "a key of somebody who was taken out is dead for good"
        email = new_email()


async def test_one_key_rotated_many_times_at_once_is_one_new_key(served):
    ada = await served.member()
    path = f"{served.url}/v1/organizations/{ada.who.organization_id}/api-keys"
    key_id = (await ada.http.post(path, json={"key_name": "Laptop"})).json()["id"]
    answers = await asyncio.gather(*(ada.http.post(f"{path}/{key_id}/rotate") for _ in range(6)))
    assert sorted(statuses(answers)) == [200] + [404] * 5
    assert (await ada.http.get(path)).json()["total"] == 2


async def test_whoever_has_just_been_taken_out_makes_no_key_any_more(served):
    """The caller was proved a moment before: the statement that makes the key asks again."""
    ada = await served.member()
    async with served.parts.database.transaction() as tx:
        await accounts.end_membership(tx, ada.who.organization_id, ada.who.user_id, at=now_s())
    async with served.parts.database.transaction() as tx:
        with pytest.raises(Forbidden):
            await manage.create(tx, ada.who, "Late", None, now=now_s())


@pytest.mark.parametrize("meanwhile", ["changed", "shut out"])
async def test_whoever_changes_a_password_while_an_invitation_is_accepted_wins(served, monkeypatch, meanwhile):
    home, email = await house(served), new_email()
    member = await with_password(served, email)
    token = (await home.invite(email))["token"]
    fits = Passwords.fits

    async def overtaken(self, password, stored):
        found = await fits(self, password, stored)
        async with served.parts.database.transaction() as tx:
            if meanwhile == "changed":
                await accounts.give_password(tx, email, "another hash", now=now_s())
            else:
                await accounts.disable_user(tx, member.who.user_id, at=now_s())
        return found

    monkeypatch.setattr(Passwords, "fits", overtaken)
    refused = await home.accept(token)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "INVALID_CREDENTIALS")
    assert member.who.user_id not in await home.roles()
    assert [each["email"] for each in (await home.ask("owner", "GET", "/invitations")).json()["items"]] == [email]
