"""Passwords: how they rest, how they are changed, and what happens when somebody changes one meanwhile."""

import pytest
from argon2 import PasswordHasher
from factories.people import PASSWORD, login, signed_in, with_password
from factories.people import new_email as fresh
from factories.server import in_its_loop
from sqlalchemy import select, update

from segue import accounts
from segue.accounts import Passwords
from segue.accounts.sessions.passwords import NOBODYS
from segue.accounts.tables import sessions, users
from segue.changes.tables import remembered
from segue.clock import now_s

pytestmark = in_its_loop


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_new_password_ends_every_other_session(served):
    email = fresh()
    ada = await signed_in(served, email)
    other = (await login(await served.visitor(), email)).json()["token"]
    change = {"current_password": PASSWORD, "new_password": "staple battery", "confirm_password": "staple battery"}
    for body, fields in (
        (change | {"current_password": "wrong"}, ["current_password"]),
        (change | {"confirm_password": "other than that"}, ["confirm_password"]),
        (change | {"new_password": "short", "confirm_password": "short"}, ["new_password"]),
        (change | {"new_password": "x" * 1_025, "confirm_password": "x" * 1_025}, ["new_password"]),
    ):
        answer = await ada.http.put("/v1/auth/password/update", json=body)
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == fields
    answer = await ada.http.put("/v1/auth/password/update", json=change)
    assert answer.json() == {"success": True, "message": "Password changed."}
    assert (await ada.http.get("/v1/auth/me")).status_code == 200
    gone = await served.visitor(headers={"Authorization": f"Bearer {other}"})
    assert code(await gone.get("/v1/auth/me")) == (401, "TOKEN_INVALID")
    assert (await login(await served.visitor(), email)).status_code == 401
    assert (await login(await served.visitor(), email, "staple battery")).status_code == 200


async def test_a_hash_of_older_making_is_made_anew(served):
    email = fresh()
    ada = await with_password(served, email)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with served.parts.database.transaction() as tx:
        await tx.execute(update(users).where(users.c.id == ada.who.user_id).values(password=weak))
    assert (await login(await served.visitor(), email, "not this one")).status_code == 401
    assert await hash_of(served, ada) == weak
    assert (await login(await served.visitor(), email)).status_code == 200
    assert (await hash_of(served, ada)).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (await login(await served.visitor(), email)).status_code == 200


async def test_nobodys_hash_costs_what_anybodys_does():
    assert not PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).check_needs_rehash(NOBODYS)


async def hash_of(served, member):
    async with served.parts.database.reading() as tx:
        return (await tx.execute(select(users.c.password).where(users.c.id == member.who.user_id))).scalar_one()


@pytest.mark.parametrize("meanwhile", ["changed", "shut out"])
async def test_whoever_changes_a_password_while_it_is_compared_wins(served, monkeypatch, meanwhile):
    email = fresh()
    ada = await with_password(served, email)
    fits = Passwords.fits

    async def overtaken(self, password, stored):
        found = await fits(self, password, stored)
        hashed = await Passwords().hashed("battery staple")
        async with served.parts.database.transaction() as tx:
            if meanwhile == "changed":
                await accounts.give_password(tx, email, hashed, now=now_s())
            else:
                await accounts.disable_user(tx, ada.who.user_id, at=now_s())
        return found

    monkeypatch.setattr(Passwords, "fits", overtaken)
    assert code(await login(await served.visitor(), email)) == (401, "INVALID_CREDENTIALS")
    async with served.parts.database.reading() as tx:
        assert (await tx.execute(select(sessions).where(sessions.c.user_id == ada.who.user_id))).all() == []


async def test_no_quick_digest_of_a_password_is_kept(served):
    """An answer is remembered with a digest of its question: for a password that would be something to guess by."""
    ada = await signed_in(served, fresh())
    change = {"current_password": PASSWORD, "new_password": "staple battery", "confirm_password": "staple battery"}
    answer = await ada.http.put("/v1/auth/password/update", json=change, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200
    async with served.parts.database.reading() as tx:
        mine = remembered.c.scope.startswith(ada.member.who.user_id)
        assert (await tx.execute(select(remembered).where(mine))).all() == []


async def test_a_change_of_password_is_a_row_of_the_audit_granted_or_refused(served):
    ada = await signed_in(served, fresh())
    change = {"current_password": PASSWORD, "new_password": "staple battery", "confirm_password": "staple battery"}
    for body, outcome in ((change | {"current_password": "wrong"}, "refused"), (change, "done")):
        (row,) = await served.audited(await ada.http.put("/v1/auth/password/update", json=body))
        assert (row.event, row.outcome, row.actor_id) == ("password.change", outcome, ada.member.who.user_id)


async def test_a_password_holds_no_nul(served):
    ada = await signed_in(served, fresh())
    change = {"current_password": PASSWORD, "new_password": "staple\0battery", "confirm_password": "staple\0battery"}
    answer = await ada.http.put("/v1/auth/password/update", json=change)
    assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == ["new_password"]
