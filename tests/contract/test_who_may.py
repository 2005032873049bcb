"""Who may do what: every route of the API, asked by every kind of caller. A route without a row here fails a test."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from factories import sound
from factories.music import keep, track
from factories.server import in_its_loop
from sqlalchemy import update

from segue import accounts, library
from segue.app import application
from segue.clock import now_s

pytestmark = in_its_loop

ORGANIZATION = "/v1/music/{organization_id}"
ACCOUNT = "/v1/organizations/{organization_id}"
CALLERS = (
    "anonymous", "stranger", "member", "saver", "creator", "owner", "admin", "removed member", "disabled key",
)  # fmt: skip
_OUTSIDE = {"anonymous": 401, "stranger": 403, "removed member": 401, "disabled key": 401}
_INSIDE = ("member", "saver", "creator", "owner", "admin")


def inside(**statuses):
    """What the members of the organization get; `others` is for those who are not named."""
    others = statuses.pop("others")
    return _OUTSIDE | {each: statuses.get(each, others) for each in _INSIDE}


ANYBODY = dict.fromkeys(CALLERS, 200)
ANY_PERSON = {each: 401 if status == 401 else 200 for each, status in ({**_OUTSIDE, **dict.fromkeys(_INSIDE)}).items()}
ANY_MEMBER = inside(others=200)
# The thing is the creator's; for all others it is not there.
CREATOR = inside(others=404, creator=200)
READERS = inside(others=404, creator=200, saver=200)
MANAGERS = inside(others=403, owner=200, admin=200)


def every_person(status):
    """What everybody gets who proves who he is, by a key."""
    return {caller: 401 if found == 401 else status for caller, found in ANY_PERSON.items()}


@dataclass(frozen=True)
class Row:
    """What a call gives whom, and its body. A success may have any status from 200 to 299."""

    statuses: dict[str, int]
    body: Any = None
    files: Callable[[], dict[str, Any]] | None = None
    headers: dict[str, str] = field(default_factory=dict)


ROWS = {
    f"GET {ORGANIZATION}/tracks": Row(ANY_MEMBER),
    f"POST {ORGANIZATION}/tracks": Row(ANY_MEMBER, files=lambda: {"file": ("a.wav", sound.riff(data=bytes(88_200)))}),
    f"GET {ORGANIZATION}/tracks/{{track_id}}": Row(READERS),
    f"PATCH {ORGANIZATION}/tracks/{{track_id}}": Row(CREATOR, {"title": "New"}),
    f"DELETE {ORGANIZATION}/tracks/{{track_id}}": Row(inside(others=404, creator=200, saver=403)),
    f"GET {ORGANIZATION}/tracks/{{track_id}}/licence": Row(READERS),
    f"GET {ORGANIZATION}/tracks/{{track_id}}/artwork": Row(READERS),
    f"GET {ORGANIZATION}/tracks/{{track_id}}/waveform": Row(READERS, headers={"Accept": "application/octet-stream"}),
    f"POST {ORGANIZATION}/tracks/{{track_id}}/save": Row(READERS),
    f"DELETE {ORGANIZATION}/tracks/{{track_id}}/save": Row(READERS),
    f"POST {ORGANIZATION}/tracks/{{track_id}}/share": Row(CREATOR),
    f"GET {ORGANIZATION}/collections": Row(ANY_MEMBER),
    f"POST {ORGANIZATION}/collections": Row(ANY_MEMBER, {"name": "New"}),
    f"GET {ORGANIZATION}/collections/{{collection_id}}": Row(CREATOR),
    f"PATCH {ORGANIZATION}/collections/{{collection_id}}": Row(CREATOR, {"name": "New"}),
    f"DELETE {ORGANIZATION}/collections/{{collection_id}}": Row(CREATOR),
    f"GET {ORGANIZATION}/collections/{{collection_id}}/tracks": Row(CREATOR),
    f"POST {ORGANIZATION}/collections/{{collection_id}}/tracks": Row(CREATOR, {"track_id": "{track_id}"}),
    f"DELETE {ORGANIZATION}/collections/{{collection_id}}/tracks/{{track_id}}": Row(CREATOR),
    f"PATCH {ORGANIZATION}/collections/{{collection_id}}/order": Row(CREATOR, {"ordered_track_ids": []}),
    f"POST {ORGANIZATION}/collections/{{collection_id}}/share": Row(CREATOR),
    f"GET {ORGANIZATION}/shares": Row(ANY_MEMBER),
    f"GET {ORGANIZATION}/share/{{share_id}}": Row(CREATOR),
    f"PATCH {ORGANIZATION}/share/{{share_id}}": Row(CREATOR, {"label": "New"}),
    f"DELETE {ORGANIZATION}/share/{{share_id}}": Row(CREATOR),
    f"POST {ORGANIZATION}/share/{{share_id}}/rotate": Row(CREATOR),
    f"GET {ORGANIZATION}/share/{{share_id}}/activity": Row(CREATOR),
    "POST /v1/music/shared/{token}/save": Row(ANY_PERSON),
    "POST /v1/auth/login": Row(dict.fromkeys(CALLERS, 401), {"email_or_username": "x", "password": "y"}),
    "POST /v1/auth/logout": Row(every_person(409)),
    "GET /v1/auth/me": Row(ANY_PERSON),
    "PUT /v1/auth/password/update": Row(
        every_person(422), {"current_password": "x", "new_password": "1234567890", "confirm_password": "1234567890"}
    ),
    "POST /v1/invitations/accept": Row(dict.fromkeys(CALLERS, 404), {"token": "x", "password": "1234567890"}),
    "GET /v1/organizations": Row(ANY_PERSON),
    f"GET {ACCOUNT}/api-keys": Row(ANY_MEMBER),
    f"POST {ACCOUNT}/api-keys": Row(ANY_MEMBER, {"key_name": "New"}),
    f"GET {ACCOUNT}/api-keys/{{key_id}}": Row(CREATOR),
    f"DELETE {ACCOUNT}/api-keys/{{key_id}}": Row(CREATOR),
    f"POST {ACCOUNT}/api-keys/{{key_id}}/rotate": Row(CREATOR),
    f"GET {ACCOUNT}/members": Row(ANY_MEMBER),
    f"POST {ACCOUNT}/members": Row(MANAGERS, {"email": "new@example.org", "role": "member"}),
    f"PATCH {ACCOUNT}/members/{{user_id}}": Row(MANAGERS, {"role": "admin"}),
    f"DELETE {ACCOUNT}/members/{{user_id}}": Row(MANAGERS),
    f"GET {ACCOUNT}/invitations": Row(MANAGERS),
    f"DELETE {ACCOUNT}/invitations/{{invitation_id}}": Row(MANAGERS),
    f"GET {ORGANIZATION}/engines": Row(ANY_MEMBER),
    f"GET {ORGANIZATION}/generations": Row(ANY_MEMBER),
    f"POST {ORGANIZATION}/generations": Row(
        ANY_MEMBER, {"engine": "studio", "prompt": "a quiet hum", "duration_seconds": 5}
    ),
    f"GET {ORGANIZATION}/generations/{{job_id}}": Row(CREATOR),
    f"POST {ORGANIZATION}/generations/{{job_id}}/cancel": Row(CREATOR),
    f"POST {ORGANIZATION}/focus/sessions": Row(ANY_MEMBER, {"goal": "focus", "target_minutes": 1}),
    f"GET {ORGANIZATION}/focus/sessions/{{session_id}}": Row(CREATOR),
    f"POST {ORGANIZATION}/focus/sessions/{{session_id}}/end": Row(CREATOR),
    f"GET {ORGANIZATION}/usage": Row(ANY_MEMBER),
    "GET /v1/health/": Row(ANYBODY),
    "GET /v1/health/details": Row(ANYBODY),
    "GET /openapi.json": Row(ANYBODY),
    "GET /docs": Row(ANYBODY),
}


@dataclass(frozen=True)
class Cast:
    """One caller of each kind, around one organization."""

    people: dict[str, Any]
    clients: dict[str, Any]
    session: list[str] = field(default_factory=list)

    async def things(self, served, path: str) -> dict[str, str]:
        """New things of the creator's, by the names that the path has for them. The saver has saved the track."""
        creator, saver = self.people["creator"], self.people["saver"]
        made = await keep(
            served.parts, track(creator.who, has_artwork=True), ["original", "master", "artwork", "waveform"]
        )
        async with served.parts.database.transaction() as tx:
            for each in (creator, saver):
                await library.add(tx, each.who, made, "generated", now=1)
        collection = (await creator.http.post("/collections", json={"name": "A"})).json()
        link = await creator.share(made.id)
        return (
            {
                "organization_id": creator.who.organization_id,
                "track_id": made.id,
                "collection_id": collection["id"],
                "share_id": link["id"],
                "token": link["token"],
            }
            | await self._made(path)
            | await self._account(served, path)
        )

    async def _made(self, path: str) -> dict[str, str]:
        """A generation anew, and one session for all: nobody may have many."""
        creator = self.people["creator"]
        if "{job_id}" in path:
            wish = {"engine": "studio", "prompt": "a quiet hum", "duration_seconds": 5}
            return {"job_id": (await creator.http.post("/generations", json=wish)).json()["id"]}
        if "{session_id}" in path and not self.session:
            wish = {"goal": "focus", "target_minutes": 1}
            self.session.append((await creator.http.post("/focus/sessions", json=wish)).json()["session_id"])
        return {"session_id": self.session[0]} if self.session else {}

    async def _account(self, served, path: str) -> dict[str, str]:
        """What a path about accounts names: made when it is named, since there may be only so many keys."""
        creator, owner = self.people["creator"], self.people["owner"]
        account = f"{served.url}/v1/organizations/{creator.who.organization_id}"
        if "{key_id}" in path:
            return {"key_id": (await creator.http.post(f"{account}/api-keys", json={"key_name": "Spare"})).json()["id"]}
        if "{invitation_id}" in path:
            invited = {"email": "somebody@example.org", "role": "member"}
            return {"invitation_id": (await owner.http.post(f"{account}/members", json=invited)).json()["id"]}
        if "{user_id}" in path:
            return {"user_id": (await served.member(organization=creator.who.organization_id)).who.user_id}
        return {}


_casts: dict[int, Cast] = {}


async def cast_of(served) -> Cast:
    """The same people for all tests of one server."""
    if id(served) not in _casts:
        organization = await served.organization()
        names = (*_INSIDE, "removed member", "disabled key")
        people = {name: await served.member(organization=organization) for name in names}
        people["stranger"] = await served.member(organization=await served.organization())
        async with served.parts.database.transaction() as tx:
            for role in ("owner", "admin"):
                theirs = accounts.memberships.c.user_id == people[role].who.user_id
                await tx.execute(update(accounts.memberships).where(theirs).values(role=role))
            await accounts.end_membership(tx, organization, people["removed member"].who.user_id, at=now_s())
            await accounts.disable_user(tx, people["disabled key"].who.user_id, at=now_s())
        clients = {name: await served.visitor(headers={"X-API-Key": each.key}) for name, each in people.items()}
        clients["anonymous"] = await served.visitor()
        _casts[id(served)] = Cast(people, clients)
    return _casts[id(served)]


def filled(text: str, parts: dict[str, str]) -> str:
    """The text with every `{name}` that stands for a thing filled in."""
    return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], text)


async def test_every_route_has_its_row(served):
    routes = {f"{route.method} {route.path}" for route in application(served.parts).api.routes}
    assert routes == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_who_may(served, name):
    row, (method, path) = ROWS[name], name.split(" ")
    cast, found = await cast_of(served), {}
    for caller in CALLERS:
        parts = await cast.things(served, path)
        more = {"headers": row.headers}
        if row.files is not None:
            more["files"] = row.files()
        elif row.body is not None:
            more["json"] = json.loads(filled(json.dumps(row.body), parts))
        answer = await cast.clients[caller].request(method, filled(path, parts), **more)
        found[caller] = 200 if answer.is_success else answer.status_code
    assert found == row.statuses


FOREIGN = [name for name, row in ROWS.items() if row.statuses in (CREATOR, READERS)]


@pytest.mark.parametrize("name", FOREIGN)
async def test_a_foreign_thing_and_a_missing_one_are_one_answer(served, name):
    """The same bytes for somebody else's, for none, and for what cannot be an id at all."""
    row, (method, path) = ROWS[name], name.split(" ")
    cast = await cast_of(served)
    parts = await cast.things(served, path)
    asked_for = re.findall(r"\{(\w+_id)\}", path)[1]
    prefix, bodies = parts[asked_for].partition("_")[0], set()
    for value in (parts[asked_for], f"{prefix}_000000000000", "org_000000000000", "x" * 3_000, "%00", "ä"):
        body = None if row.body is None else json.loads(filled(json.dumps(row.body), parts))
        answer = await cast.clients["member"].request(method, filled(path, parts | {asked_for: value}), json=body)
        assert answer.status_code == 404
        bodies.add(re.sub(r'"trace_id":"\w+","timestamp":"[^"]+"', "", answer.text))
    assert len(bodies) == 1, bodies
