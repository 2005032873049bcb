"""Every call of the API against its own document: what is promised is kept, whatever comes in.

`make test` tries a little, the same each time; `make fuzz` tries as much as `EXAMPLES` says.
"""

import asyncio
import os

from factories.fuzzing import fuzz
from factories.music import keep, keep_collection, track
from factories.server import in_its_loop
from sqlalchemy import update

from segue import accounts, library

pytestmark = in_its_loop

EXAMPLES = int(os.environ.get("SEGUE_FUZZ_EXAMPLES", "5"))


async def accounts_of(served, ada):
    """Spare keys, invitations and members of the organization. Never the key that asks, nor its owner."""
    path = f"{served.url}/v1/organizations/{ada.who.organization_id}"
    keys = [await ada.http.post(f"{path}/api-keys", json={"key_name": "Spare"}) for _ in range(4)]
    async with served.parts.database.transaction() as tx:
        mine = accounts.memberships.c.user_id == ada.who.user_id
        await tx.execute(update(accounts.memberships).where(mine).values(role="owner"))
    invited = [await ada.http.post(f"{path}/members", json={"email": f"g{n}@example.org"}) for n in range(4)]
    members = [await served.member(organization=ada.who.organization_id) for _ in range(4)]
    return {
        "key_id": [each.json()["id"] for each in keys],
        "invitation_id": [each.json()["id"] for each in invited],
        "user_id": [each.who.user_id for each in members],
    }


async def seeds(served, ada):
    """What calls may find: a run deletes some of it, so there is more than one of each."""
    made = [await keep(served.parts, track(ada.who), ("original", "master", "artwork", "waveform")) for _ in range(8)]
    async with served.parts.database.transaction() as tx:
        for each in made:
            await library.add(tx, ada.who, each, "uploaded", now=each.created_at)
    tracks = [each.id for each in made]
    collections = [await keep_collection(served.parts, ada.who, tracks[:3]) for _ in range(6)]
    wish = {"engine": "studio", "prompt": "a quiet hum", "duration_seconds": 5}
    jobs = [(await ada.http.post("/generations", json=wish)).json()["id"] for _ in range(6)]
    session = {"goal": "focus", "target_minutes": 1}
    sessions = [(await ada.http.post("/focus/sessions", json=session)).json()["session_id"] for _ in range(2)]
    links = [await ada.share(subject) for subject in (*tracks, *collections)]
    return {
        "organization_id": [ada.who.organization_id],
        "track_id": tracks,
        "cover_track_id": tracks,
        "seed_track_id": tracks,
        "engine": ["studio", "nobody"],
        "job_id": jobs,
        "session_id": sessions,
        "collection_id": collections,
        "share_id": [link["id"] for link in links],
        "token": [link["token"] for link in links],
        "rendition": ["master", "original"],
    } | await accounts_of(served, ada)


async def test_no_call_breaks_its_word(served):
    ada = await served.member()
    known = await seeds(served, ada)
    failures = await asyncio.to_thread(fuzz, served.url, {"X-API-Key": ada.key}, known, examples=EXAMPLES)
    assert not failures, "\n\n".join(failures)
