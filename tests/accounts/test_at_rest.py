"""With a copy of the whole database and its audit nobody signs in, calls or joins: no secret of an account is in it."""

from factories.people import house, login, new_email, signed_in
from factories.server import in_its_loop
from sqlalchemy import MetaData, select

from segue.database import metadata, open_database

pytestmark = in_its_loop

OLD, NEW = "correct horse battery", "staple battery horse"


async def rows_of(database):
    """Every table that is there, also one that no room of ours knows of."""
    found = MetaData()
    async with database.reading() as tx:
        await tx.run_sync(found.reflect)
        return [tuple(row) for table in found.sorted_tables for row in await tx.execute(select(table))], found.tables


async def test_no_row_of_any_table_holds_a_secret(served):
    home, email = await house(served), new_email()
    once = {"headers": {"Idempotency-Key": "once"}}
    invited = await home["owner"].http.post(f"{home.path}/members", json={"email": email}, **once)
    assert (await home.accept(invited.json()["token"], OLD)).status_code == 200
    ada = await signed_in(served, new_email())
    keys = f"/v1/organizations/{ada.member.who.organization_id}/api-keys"
    made = await ada.http.post(keys, json={"key_name": "A"}, **once)
    turned = await ada.http.post(f"{keys}/{made.json()['id']}/rotate", headers={"Idempotency-Key": "twice"})
    change = {"current_password": OLD, "new_password": NEW, "confirm_password": NEW}
    assert (await ada.http.put("/v1/auth/password/update", json=change, **once)).status_code == 200
    token = (await login(await served.visitor(), email, OLD)).json()["token"]
    raw = [invited.json()["token"], made.json()["key"], turned.json()["new_key"]["key"], token, ada.token]
    secrets = [*(each.partition("_")[2] for each in raw), OLD, NEW]

    main, tables = await rows_of(served.parts.database)
    dialect = served.parts.database.url.get_backend_name()
    assert set(tables) >= {
        name for name, table in metadata.tables.items() if table.info.get("only", dialect) == dialect
    }
    audit = await open_database(served.layout.audit_url)
    try:
        audited, _ = await rows_of(audit)
    finally:
        await audit.close()
    kept = b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for row in (*main, *audited) for value in row
    )
    assert made.json()["id"].encode() in kept
    assert not [secret[:4] for secret in secrets if secret.encode() in kept]
