"""Organizations, users, keys: who is let in, and that no secret rests."""

import pytest
from conftest import NOW, someone
from sqlalchemy import select, text, update

from segue import accounts
from segue.access import Caller
from segue.accounts import ApiKey, authenticate
from segue.accounts.keys import new_api_key
from segue.accounts.store import add_organization
from segue.accounts.tables import api_keys
from segue.errors import Conflict, Invalid, NotFound, Unauthenticated


def test_a_key_is_long_and_does_not_print_itself():
    key = new_api_key()
    assert key.raw.startswith("sgk_")
    assert len(key.raw) == 44
    assert key.raw not in f"{key} {key!r}"
    assert new_api_key() != key


async def test_the_first_user_founds_and_nobody_founds_twice(database, ada):
    async with database.transaction() as tx:
        with pytest.raises(Conflict):
            await accounts.found(tx, "Other", "bob@example.org", now=NOW)
    person = await authenticate(database.reader, ada.key, now=NOW)
    assert Caller(person.user_id, person.organization_id) == ada.who


async def test_the_raw_key_rests_nowhere(database, ada):
    async with database.reading() as tx:
        for table in ("organizations", "users", "memberships", "api_keys"):
            rows = (await tx.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608 - our own names
            assert ada.key.raw not in repr(rows)
        (digest,) = (await tx.execute(select(api_keys.c.digest))).one()
    assert bytes(digest) == ada.key.digest().value


@pytest.mark.parametrize("email", ["", "ada", "a b@c", "@", "a\n@b", "x" * 300 + "@example.org"])
async def test_what_is_no_address_is_refused(database, email):
    async with database.transaction() as tx:
        with pytest.raises(Invalid):
            await accounts.found(tx, "Acme", email, now=NOW)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 513])
async def test_what_is_no_name_is_refused(database, name):
    async with database.transaction() as tx:
        with pytest.raises(Invalid):
            await accounts.found(tx, name, "ada@example.org", now=NOW)


async def test_users_are_added_once(database, ada):
    bob = await someone(database, "Bob@Example.org", ada.who.organization_id)
    assert bob.who.organization_id == ada.who.organization_id
    async with database.transaction() as tx:
        with pytest.raises(Conflict):
            await accounts.add_user(tx, "bob@example.org", None, now=NOW)
        with pytest.raises(NotFound):
            await accounts.add_user(tx, "eve@example.org", "org_000000000000", now=NOW)


async def test_where_there_is_a_choice_of_organizations_it_has_to_be_made(database, ada):
    async with database.transaction() as tx:
        await add_organization(tx, "org_0000000000ff", "Acme", now=NOW)
        for unclear in (None, "Acme"):
            with pytest.raises(Invalid, match="say which one"):
                await accounts.add_user(tx, "bob@example.org", unclear, now=NOW)
        there = await accounts.add_user(tx, "Ada@Example.org", "org_0000000000ff", now=NOW)
    assert (there.user_id, there.organization_id) == (ada.who.user_id, "org_0000000000ff")
    assert there.key != ada.key


async def test_a_local_command_acts_for_the_only_user_or_for_the_one_named(database, ada):
    async with database.reading() as tx:
        assert await accounts.acting_member(tx, None) == ada.who
    bob = await someone(database, "bob@example.org", "Acme")
    async with database.reading() as tx:
        assert await accounts.acting_member(tx, "bob@example.org") == bob.who
        with pytest.raises(Invalid):
            await accounts.acting_member(tx, None)
        with pytest.raises(NotFound):
            await accounts.acting_member(tx, "eve@example.org")


async def code_of(database, key, now=NOW):
    try:
        await authenticate(database.reader, key, now=now)
    except Unauthenticated as refused:
        return refused.code
    return None


async def change_key(database, **values):
    async with database.transaction() as tx:
        await tx.execute(update(api_keys).values(**values))


async def test_keys_end(database, ada):
    assert await code_of(database, ApiKey("sgk_" + "0" * 40)) == "INVALID_API_KEY"
    assert await code_of(database, ApiKey("")) == "INVALID_API_KEY"
    await change_key(database, expires_at=NOW + 10)
    assert await code_of(database, ada.key, NOW + 9) is None
    assert await code_of(database, ada.key, NOW + 10) == "API_KEY_EXPIRED"
    await change_key(database, expires_at=None, revoked_at=NOW)
    assert await code_of(database, ada.key) == "API_KEY_DEACTIVATED"


async def disable_user(tx, who: Caller, at):
    await accounts.disable_user(tx, who.user_id, at=at)


async def disable_organization(tx, who: Caller, at):
    await accounts.disable_organization(tx, who.organization_id, at=at)


async def end_membership(tx, who: Caller, at):
    await accounts.end_membership(tx, who.organization_id, who.user_id, at=at)


@pytest.mark.parametrize("bar", [disable_user, disable_organization, end_membership])
async def test_who_is_barred_is_out_and_comes_back(database, ada, bar):
    for at, code in ((NOW, "API_KEY_DEACTIVATED"), (NOW, "API_KEY_DEACTIVATED"), (None, None)):
        async with database.transaction() as tx:
            await bar(tx, ada.who, at)
        assert await code_of(database, ada.key) == code


async def test_one_reason_less_is_not_none(database, ada):
    bob = await someone(database, "bob@example.org", "Acme")
    async with database.transaction() as tx:
        await disable_user(tx, ada.who, NOW)
        await disable_organization(tx, ada.who, NOW)
        await disable_organization(tx, ada.who, None)
    assert await code_of(database, ada.key) == "API_KEY_DEACTIVATED"
    assert await code_of(database, bob.key) is None
