"""People who sign in: users with a password, over the API or at once."""

from dataclasses import dataclass
from typing import Any

import httpx

from segue.accounts import Passwords, give_password

PASSWORD = "correct horse battery"
_passwords = Passwords()


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a session. `http` speaks to the whole server and sends the token as a bearer."""

    member: Any
    email: str
    token: str
    body: dict[str, Any]
    http: httpx.AsyncClient


async def with_password(served, email, *, password=PASSWORD, organization="Acme"):
    """A member who can sign in by password."""
    member = await served.member(email, organization=organization)
    hashed = await _passwords.hashed(password)
    async with served.parts.database.transaction() as tx:
        await give_password(tx, email, hashed, now=1)
    return member


async def login(client, email, password=PASSWORD, **more):
    return await client.post("/v1/auth/login", json={"email_or_username": email, "password": password}, **more)


async def signed_in(served, email, **more) -> SignedIn:
    member = await with_password(served, email, **more)
    answer = await login(await served.visitor(), email)
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    http = await served.visitor(headers={"Authorization": f"Bearer {token}"})
    return SignedIn(member, email, token, answer.json(), http)
