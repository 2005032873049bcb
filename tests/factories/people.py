"""People who sign in, users with a password, and organizations with somebody of each role."""

import itertools
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import update

from segue.accounts import Passwords, give_password, memberships

_numbers = itertools.count()

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


def new_email():
    """An address that nobody has yet."""
    return f"newcomer{next(_numbers)}@example.org"


@dataclass(frozen=True)
class House:
    """An organization with somebody of each role, and a second plain member, `other`."""

    served: Any
    people: dict[str, Any]
    id: str

    @property
    def path(self):
        return f"{self.served.url}/v1/organizations/{self.id}"

    def __getitem__(self, role):
        return self.people[role]

    async def ask(self, by, method, path, **body):
        return await self[by].http.request(method, self.path + path, json=body or None)

    async def roles(self):
        items = (await self.ask("owner", "GET", "/members")).json()["items"]
        return {item["user_id"]: item["role"] for item in items}

    async def invite(self, email, role="member", by="owner"):
        answer = await self.ask(by, "POST", "/members", email=email, role=role)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def accept(self, token, password=PASSWORD, visitor=None):
        visitor = visitor or await self.served.visitor()
        return await visitor.post("/v1/invitations/accept", json={"token": token, "password": password})


async def house(served) -> House:
    organization = await served.organization()
    people = {role: await served.member(organization=organization) for role in ("owner", "admin", "member", "other")}
    async with served.parts.database.transaction() as tx:
        for role in ("owner", "admin"):
            theirs = memberships.c.user_id == people[role].who.user_id
            await tx.execute(update(memberships).where(theirs).values(role=role))
    return House(served, people, organization)
