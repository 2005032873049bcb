"""The ends that a link can come to, and the answers that the API's reference shows for it."""

import re

from factories.music import change

from segue import accounts
from segue.clock import now_s
from segue.shares.tables import shares

DEAD = (
    b'{"success":false,"error":{"code":"RESOURCE_NOT_FOUND","message":"This share link is no longer available.",'
    b'"system_message":"Share token invalid, revoked, or expired","type":"client_error","status":404,"details":{},'
    b'"trace_id":"req_jkl012mno","timestamp":"2026-06-28T10:30:00Z"}}'
)
LIMITED = (
    b'{"success":false,"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests. Please try again later.",'
    b'"system_message":"Share resolve rate limit exceeded for client IP","type":"rate_limit_error","status":429,'
    b'"details":{},"trace_id":"req_jkl012mno","timestamp":"2026-06-28T10:30:00Z"}}'
)


def of_that_day(body: bytes) -> bytes:
    """An error body with the trace and the moment of the reference's example, and otherwise as it came."""
    body = re.sub(rb'"trace_id":"req_[0-9a-z]{12}"', b'"trace_id":"req_jkl012mno"', body)
    return re.sub(rb'"timestamp":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"', b'"timestamp":"2026-06-28T10:30:00Z"', body)


async def revoked(_served, owner, link):
    assert (await owner.http.delete(f"/share/{link['id']}")).status_code == 200


async def expired(served, _owner, link):
    await change(served.parts, shares, link["id"], expires_at=now_s())


async def used_up(served, _owner, link):
    await change(served.parts, shares, link["id"], max_opens=1, opens=1)


async def owner_disabled(served, owner, _link):
    async with served.parts.database.transaction() as tx:
        await accounts.disable_user(tx, owner.who.user_id, at=now_s())


async def organization_disabled(served, owner, _link):
    async with served.parts.database.transaction() as tx:
        await accounts.disable_organization(tx, owner.who.organization_id, at=now_s())


async def membership_ended(served, owner, _link):
    async with served.parts.database.transaction() as tx:
        await accounts.end_membership(tx, owner.who.organization_id, owner.who.user_id, at=now_s())


# Each end with the word that the audit has for it. The owner must be the only member of an organization.
ENDS = {
    revoked: "revoked",
    expired: "expired",
    used_up: "used_up",
    owner_disabled: "owner_gone",
    organization_disabled: "owner_gone",
    membership_ended: "owner_gone",
}
