"""What an invitation is not good for: another role for a member, a way back in, a right that its giver has lost."""

import asyncio

from factories.people import House, house, login, new_email, with_password
from factories.server import in_its_loop, serving
from sqlalchemy import update

from segue import accounts
from segue.settings import Rate

pytestmark = in_its_loop


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


NO_LONGER_GOOD = (404, "RESOURCE_NOT_FOUND")


async def test_the_last_owner_is_not_demoted_by_an_invitation_that_was_left_over(served):
    home, email = await house(served), new_email()
    first, second = await home.invite(email, "owner"), await home.invite(email, "member")
    joined = [await home.accept(made["token"]) for made in (second, first)]
    assert [answer.status_code for answer in joined] == [200, 404]
    email = new_email()
    made = await home.invite(email, "member")
    member = await with_password(served, email, organization=home.id)
    await home.ask("owner", "PATCH", f"/members/{member.who.user_id}", role="owner")
    assert code(await home.accept(made["token"])) == (409, "OPERATION_NOT_ALLOWED")
    assert (await home.roles())[member.who.user_id] == "owner"


async def test_whoever_was_taken_out_has_no_invitation_left(served):
    home, email = await house(served), new_email()
    spare = await home.invite(email, "admin")
    member = await with_password(served, email, organization=home.id)
    await home.ask("owner", "DELETE", f"/members/{member.who.user_id}")
    assert code(await home.accept(spare["token"])) == NO_LONGER_GOOD


async def test_an_invitation_is_good_as_long_as_its_giver_may_give_it(served):
    home = await house(served)
    by_admin, by_owner = await home.invite(new_email(), "admin", by="admin"), await home.invite(new_email(), "owner")
    await home.ask("owner", "PATCH", f"/members/{home['admin'].who.user_id}", role="member")
    assert code(await home.accept(by_admin["token"])) == NO_LONGER_GOOD
    shown = (await home.ask("owner", "GET", "/invitations")).json()["items"]
    assert [each["id"] for each in shown] == [by_owner["id"]]
    await home.ask("owner", "PATCH", f"/members/{home['other'].who.user_id}", role="owner")
    await home.ask("other", "PATCH", f"/members/{home['owner'].who.user_id}", role="admin")
    assert code(await home.accept(by_owner["token"])) == NO_LONGER_GOOD, "an admin gives no owner"


async def test_an_invitation_anew_takes_the_place_of_the_one_before(served):
    home, email = await house(served), new_email()
    first, second = await home.invite(email), await home.invite(email)
    shown = (await home.ask("owner", "GET", "/invitations")).json()["items"]
    assert [each["id"] for each in shown] == [second["id"]]
    assert code(await home.accept(first["token"])) == NO_LONGER_GOOD
    by_owner = await home.invite(new_email(), "owner")
    await home.invite(by_owner["email"], "member", by="admin")
    shown = (await home.ask("owner", "GET", "/invitations")).json()["items"]
    assert by_owner["id"] in [each["id"] for each in shown], "an admin takes nothing back from an owner"


async def test_one_new_address_invited_twice_at_once_is_one_user(served):
    homes, email = [await house(served) for _ in range(3)], new_email()
    tokens = [(await home.invite(email))["token"] for home in homes]
    answers = await asyncio.gather(*(home.accept(token) for home, token in zip(homes, tokens, strict=True)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    again = [await home.accept(token) for home, token in zip(homes, tokens, strict=True)]
    assert {answer.status_code for answer in again} <= {200, 404}
    assert len((await login(await served.visitor(), email)).json()["organizations"]) == 3


async def test_where_there_is_no_owner_members_still_leave_and_are_taken_out(served):
    home = await house(served)
    async with served.parts.database.transaction() as tx:
        theirs = accounts.memberships.c.user_id == home["owner"].who.user_id
        await tx.execute(update(accounts.memberships).where(theirs).values(role="member"))
    assert (await home.ask("other", "DELETE", f"/members/{home['other'].who.user_id}")).status_code == 200
    assert (await home.ask("admin", "DELETE", f"/members/{home['member'].who.user_id}")).status_code == 200


async def test_every_try_to_join_is_a_row_of_the_audit(served):
    home, email = await house(served), new_email()
    await with_password(served, email)
    made = await home.invite(email)
    wrong, unknown = await home.accept(made["token"], "not the password"), await home.accept("sgi_" + "x" * 40)
    (row,) = await served.audited(wrong)
    assert (row.event, row.outcome, row.subject_id) == ("member.join", "refused", made["id"])
    (row,) = await served.audited(unknown)
    assert (row.event, row.outcome, row.subject_id) == ("member.join", "refused", None)
    done = await home.accept(made["token"])
    (row,) = await served.audited(done)
    assert (row.event, row.outcome, row.actor_id) == ("member.join", "done", done.json()["user_id"])


async def test_tokens_are_not_guessed_at_without_end(tmp_path):
    async with serving(tmp_path, sign_in_rate=Rate(3, 86_400)) as server:
        home, visitor = House(server, {}, "org_0"), await server.visitor()
        answers = [await home.accept("sgi_" + "x" * 40, visitor=visitor) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404] * 3 + [429] * 2
