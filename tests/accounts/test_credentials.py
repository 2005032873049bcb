"""Who is calling: one credential or two, for one's own organization and no other."""

import pytest
from conftest import NOW, Someone
from sqlalchemy import update

from segue import accounts
from segue.access import Caller
from segue.accounts import Gate, LastUsed
from segue.accounts.keys import new_api_key
from segue.accounts.store import add_organization
from segue.accounts.tables import api_keys
from segue.errors import Forbidden, Unauthenticated
from segue.http import Call
from segue.ids import OrganizationId
from segue.ratelimit import Gcra
from segue.settings import Rate

# No database has a say in this; both have theirs in test_accounts.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OTHER = OrganizationId("org_0000000000ff")


@pytest.fixture
async def people(database, ada):
    """Ada and Bob in one organization, Ada once more in another, and Eve there too."""
    found = {"ada": ada}
    async with database.transaction() as tx:
        await add_organization(tx, OTHER, "Other", now=NOW)
        for name, email, organization in (
            ("bob", "bob@example.org", ada.who.organization_id),
            ("ada elsewhere", "ada@example.org", OTHER),
            ("eve", "eve@example.org", OTHER),
        ):
            member = await accounts.add_user(tx, email, organization, now=NOW)
            found[name] = Someone(Caller(member.user_id, member.organization_id), member.key)
    return found


async def asked(database, organization_id, **headers):
    gate = Gate(database.reader, Gcra(Rate(1_000, 60)), LastUsed(database), "https://music.example")
    call = Call("GET", "/", "", headers.get, client="127.0.0.1", request_id="req_0", now=NOW, protocol=None)
    call.params = {"organization_id": organization_id}
    return await gate.caller(call)


@pytest.mark.parametrize(
    "sent",
    [
        {"x-api-key": "{ada}"},
        {"authorization": "Bearer {ada}"},
        {"authorization": "bearer {ada}"},
        {"authorization": "BEARER   {ada} "},
        {"x-api-key": "{ada}", "authorization": "Bearer {ada}"},
        {"x-api-key": "{ada}", "authorization": "Bearer {ada elsewhere}"},
        {"x-api-key": "{ada}", "authorization": "Basic {bob}"},
        {"x-api-key": "{ada}", "authorization": ""},
    ],
)
async def test_a_good_key_says_who_is_calling(database, people, sent):
    keys = {name: each.key.raw for name, each in people.items()}
    who = people["ada"].who
    assert await asked(database, who.organization_id, **written(sent, keys)) == who


def written(sent, keys):
    for name, key in keys.items():
        sent = {header: value.replace("{" + name + "}", key) for header, value in sent.items()}
    return sent


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, None),
        ({"x-api-key": ""}, None),
        ({"authorization": "Bearer"}, None),
        ({"authorization": "Bearer  "}, None),
        ({"authorization": "Basic {ada}"}, None),
        ({"authorization": "{ada}"}, None),
        ({"cookie": "key={ada}"}, None),
        ({"x-api-key": "nonsense"}, "INVALID_API_KEY"),
        ({"x-api-key": "{ada}x"}, "INVALID_API_KEY"),
        ({"x-api-key": "{ada} "}, "INVALID_API_KEY"),
        ({"authorization": "Bearer nonsense"}, "INVALID_API_KEY"),
        ({"x-api-key": "{ada}", "authorization": "Bearer {bob}"}, "INVALID_API_KEY"),
        ({"x-api-key": "{bob}", "authorization": "Bearer {ada}"}, "INVALID_API_KEY"),
        ({"x-api-key": "{ada}", "authorization": "Bearer nonsense"}, "INVALID_API_KEY"),
        ({"x-api-key": "nonsense", "authorization": "Bearer {ada}"}, "INVALID_API_KEY"),
    ],
)
async def test_without_a_good_key_or_with_two_that_disagree_nobody_is(database, people, sent, code):
    keys = {name: each.key.raw for name, each in people.items()}
    with pytest.raises(Unauthenticated) as refused:
        await asked(database, people["ada"].who.organization_id, **written(sent, keys))
    assert refused.value.code == code


async def test_a_foreign_organization_and_one_that_is_not_there_are_one_answer(database, people):
    refusals = []
    for organization_id in (OTHER, "org_000000000000", "", "\0", "org_" + "x" * 5_000):
        with pytest.raises(Forbidden) as refused:
            await asked(database, organization_id, **{"x-api-key": people["ada"].key.raw})
        refusals.append(
            (refused.value.message, refused.value.system_message, refused.value.code, refused.value.details)
        )
    assert refusals[0][0] == "You don't have access to this organization."
    assert refusals[0][2] == "ORGANIZATION_ACCESS_DENIED"
    assert all(each == refusals[0] for each in refusals)


async def test_a_second_key_is_asked_as_strictly_as_the_first(database, people):
    async with database.transaction() as tx:
        worn_out = people["ada elsewhere"].key.digest().value
        await tx.execute(update(api_keys).where(api_keys.c.digest == worn_out).values(revoked_at=NOW))
    ada = people["ada"]
    headers = {"x-api-key": ada.key.raw, "authorization": f"Bearer {people['ada elsewhere'].key.raw}"}
    with pytest.raises(Unauthenticated) as refused:
        await asked(database, ada.who.organization_id, **headers)
    assert refused.value.code == "API_KEY_DEACTIVATED"


async def test_a_refusal_says_nothing_of_the_key(database, people):
    key = new_api_key().raw
    with pytest.raises(Unauthenticated) as refused:
        await asked(database, people["ada"].who.organization_id, **{"x-api-key": key})
    assert key[4:] not in repr(vars(refused.value))
