"""The organizations that one belongs to: only those in which one may act now, in an order that pages keep."""

import pytest
from factories.people import new_email, signed_in
from factories.server import in_its_loop

from segue import accounts
from segue.clock import now_s

pytestmark = in_its_loop


async def belonging_to(served, number):
    """Somebody with a session and so many organizations, and their ids."""
    ada = await signed_in(served, new_email())
    ids = [ada.member.who.organization_id, *[await served.organization() for _ in range(number - 1)]]
    async with served.parts.database.transaction() as tx:
        for organization_id in ids[1:]:
            await accounts.add_user(tx, ada.email, organization_id, now=1)
    return ada, ids


async def listed(ada, **params):
    answer = await ada.http.get("/v1/organizations", params=params)
    assert answer.status_code == 200
    return [each["id"] for each in answer.json()]


async def test_pages_are_the_list_in_pieces(served):
    ada, ids = await belonging_to(served, 5)
    whole = await listed(ada)
    assert sorted(whole) == sorted(ids)
    pieces = [await listed(ada, skip=skip, limit=2) for skip in (0, 2, 4, 6)]
    assert [len(piece) for piece in pieces] == [2, 2, 1, 0]
    assert [each for piece in pieces for each in piece] == whole
    assert await listed(ada, active_only=True) == whole
    me = (await ada.http.get("/v1/auth/me")).json()
    assert [each["id"] for each in me["organizations"]] == whole


async def test_where_one_may_not_act_one_does_not_belong(served):
    ada, ids = await belonging_to(served, 3)
    user_id = ada.member.who.user_id
    async with served.parts.database.transaction() as tx:
        await accounts.end_membership(tx, ids[1], user_id, at=now_s())
        await accounts.disable_organization(tx, ids[2], at=now_s())
    assert await listed(ada) == ids[:1]
    async with served.parts.database.transaction() as tx:
        await accounts.disable_organization(tx, ids[2], at=None)
    assert sorted(await listed(ada)) == sorted([ids[0], ids[2]])


async def test_whoever_belongs_nowhere_is_still_somebody(served):
    ada, (organization_id,) = await belonging_to(served, 1)
    async with served.parts.database.transaction() as tx:
        await accounts.end_membership(tx, organization_id, ada.member.who.user_id, at=now_s())
    assert await listed(ada) == []
    me = (await ada.http.get("/v1/auth/me")).json()
    assert me == {"id": ada.member.who.user_id, "email": ada.email, "credential": "session", "organizations": []}


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"skip": -1}, {"active_only": "perhaps"}])
async def test_what_cannot_be_asked_is_told(served, params):
    ada = await signed_in(served, new_email())
    answer = await ada.http.get("/v1/organizations", params=params)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["details"]["errors"]] == list(params)
