"""What each call of the API may ask of the database: reads by key on the hot reader, and statements in transactions.

The numbers are what a call takes today; one that takes more has to say why here.
"""

import re
from dataclasses import dataclass, field, replace

import pytest
from factories.making import Studio, offered
from factories.music import keep, keep_collection, track
from factories.server import serving
from sqlalchemy import event, update

from segue import accounts, library
from segue.app import application
from segue.engines import Registry

MUSIC = "/v1/music/{organization_id}"
ORGANIZATION = "/v1/organizations/{organization_id}"
_PIECE = {"engine": "studio", "prompt": "a hum", "duration_seconds": 5}
# Of each call: reads by key (one proves the caller), statements, and its body.
BUDGETS = {
    f"GET {MUSIC}/tracks": (1, 1, None),
    f"GET {MUSIC}/tracks?mode=creation&engine=studio": (1, 1, None),
    f"GET {MUSIC}/tracks?collection_id={{collection_id}}": (1, 4, None),
    f"GET {MUSIC}/tracks/{{track_id}}": (2, 0, None),
    f"GET {MUSIC}/tracks/{{track_id}}/licence": (2, 0, None),
    f"GET {MUSIC}/tracks/{{track_id}}/artwork": (2, 0, None),
    f"GET {MUSIC}/tracks/{{track_id}}/waveform": (2, 0, None),
    f"GET {MUSIC}/collections": (1, 1, None),
    f"GET {MUSIC}/collections/{{collection_id}}": (1, 2, None),
    f"GET {MUSIC}/collections/{{collection_id}}/tracks": (1, 2, None),
    f"GET {MUSIC}/shares": (1, 1, None),
    f"GET {MUSIC}/share/{{share_id}}": (1, 1, None),
    f"GET {MUSIC}/engines": (1, 0, None),
    f"GET {MUSIC}/generations": (1, 1, None),
    f"GET {MUSIC}/generations?status=queued": (1, 1, None),
    f"GET {MUSIC}/generations/{{job_id}}": (1, 1, None),
    f"POST {MUSIC}/generations": (1, 5, _PIECE),
    f"POST {MUSIC}/generations/{{job_id}}/cancel": (1, 4, None),
    f"GET {MUSIC}/focus/sessions/{{session_id}}": (1, 3, None),
    f"POST {MUSIC}/focus/sessions/{{session_id}}/end": (1, 17, None),
    f"GET {MUSIC}/usage": (1, 2, None),
    "GET /v1/auth/me": (1, 2, None),
    "GET /v1/organizations": (1, 1, None),
    f"GET {ORGANIZATION}/members": (1, 1, None),
    f"GET {ORGANIZATION}/invitations": (1, 2, None),
    "GET /v1/health/": (0, 0, None),
    "GET /openapi.json": (0, 0, None),
    f"PATCH {MUSIC}/tracks/{{track_id}}": (1, 2, {"title": "New"}),
    f"POST {MUSIC}/tracks/{{track_id}}/save": (1, 3, None),
    f"POST {MUSIC}/tracks/{{track_id}}/share": (1, 2, {}),
    f"POST {MUSIC}/collections": (1, 1, {"name": "New"}),
    f"PATCH {MUSIC}/collections/{{collection_id}}": (1, 3, {"name": "New"}),
    f"POST {MUSIC}/collections/{{collection_id}}/tracks": (1, 3, {"track_id": "{track_id}"}),
    f"PATCH {MUSIC}/collections/{{collection_id}}/order": (1, 4, {"ordered_track_ids": ["{track_id}"]}),
    f"DELETE {MUSIC}/collections/{{collection_id}}/tracks/{{track_id}}": (1, 4, None),
    f"PATCH {MUSIC}/share/{{share_id}}": (1, 2, {"label": "New"}),
    f"POST {MUSIC}/share/{{share_id}}/rotate": (1, 2, None),
    f"DELETE {MUSIC}/share/{{share_id}}": (1, 1, None),
    f"DELETE {MUSIC}/tracks/{{track_id}}": (1, 3, None),
    f"DELETE {MUSIC}/collections/{{collection_id}}": (1, 1, None),
}


@dataclass
class Counting:
    """A reader, and the statements of an engine, counted."""

    reader: object
    reads: list[int] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    async def find(self, query, shape, *values):
        self.reads.append(query.number)
        return await self.reader.find(query, shape, *values)

    async def close(self):
        await self.reader.close()

    def executed(self, _connection, _cursor, statement, *_more):
        if not re.match(r"PRAGMA|BEGIN", statement):
            self.statements.append(statement)


@pytest.fixture
async def counted(tmp_path):
    """A server, and what it asks of its database."""
    counting = []

    def watched(parts):
        count = Counting(parts.database.reader)
        counting.append(count)
        for engine in (parts.database._reading, parts.database._writing):
            event.listen(engine.sync_engine, "before_cursor_execute", count.executed)
        return replace(parts, database=replace(parts.database, reader=count))

    async with serving(tmp_path, engines=Registry([offered(Studio)]), watched=watched) as server:
        yield server, counting[0]


async def test_no_call_asks_for_more_than_its_budget(counted):
    server, count = counted
    ada = await server.member()
    async with server.parts.database.transaction() as tx:
        await tx.execute(
            update(accounts.memberships).where(accounts.memberships.c.user_id == ada.who.user_id).values(role="owner")
        )
    client = await server.visitor(headers={"X-API-Key": ada.key})
    found = {}
    for name, (_, _, body) in BUDGETS.items():
        made = await keep(server.parts, track(ada.who, has_artwork=True), ["original", "artwork", "waveform"])
        async with server.parts.database.transaction() as tx:
            await library.add(tx, ada.who, made, "generated", now=1)
        parts = {
            "organization_id": ada.who.organization_id,
            "track_id": made.id,
            "collection_id": await keep_collection(server.parts, ada.who, [made.id]),
            "share_id": (await ada.share(made.id))["id"],
            "job_id": (await ada.http.post("/generations", json=_PIECE)).json()["id"],
            "session_id": await _session(ada) if "{session_id}" in name else "",
        }
        method, path = re.sub(r"\{(\w+)\}", lambda match, parts=parts: parts[match[1]], name).split(" ")
        asked = None if body is None else {key: _filled(value, parts) for key, value in body.items()}
        headers = {"Accept": "application/octet-stream"} if path.endswith("waveform") else {}
        count.reads.clear()
        count.statements.clear()
        answer = await client.request(method, path, json=asked, headers=headers)
        assert answer.is_success, (name, answer.text)
        found[name] = (len(count.reads), len(count.statements), body)
    assert found == BUDGETS


async def _session(ada):
    """A new session; there may be only two at once."""
    started = await ada.http.post("/focus/sessions", json={"goal": "focus", "target_minutes": 10})
    return started.json()["session_id"]


def _filled(value, parts):
    if isinstance(value, list):
        return [_filled(each, parts) for each in value]
    return value.format(**parts) if isinstance(value, str) else value


async def test_every_list_has_a_budget(counted):
    server, _ = counted
    lists = {
        f"GET {route.path}"
        for route in application(server.parts).api.routes
        if route.method == "GET" and "query" in route.wants and "activity" not in route.path
    }
    assert lists - {name.partition("?")[0] for name in BUDGETS} == {f"GET {ORGANIZATION}/api-keys"}
