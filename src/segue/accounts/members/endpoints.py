"""Members of an organization over HTTP: who they are, invitations, roles, leaving."""

from typing import Annotated

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.accounts import store as accounts
from segue.accounts.keys import InvitationToken
from segue.accounts.members import manage, store
from segue.accounts.members.store import Invitation, Member, Role
from segue.accounts.refusals import wrong_password
from segue.accounts.sessions.passwords import check_password
from segue.accounts.sessions.sign_in import Doorkeeper, Proved
from segue.audit import Trail
from segue.changes import Change
from segue.clock import utc_text
from segue.database import Database
from segue.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from segue.http import Ack, Call, Page, Reply, delete, get, patch, post
from segue.limits import PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN

_PATH = "/v1/organizations/{organization_id}"
_ONE = _PATH + "/members/{user_id}"
NO_MEMBER = NotFound("There is no such member.")
NO_INVITATION = NotFound("There is no such invitation.")
ENDED = NotFound("This invitation is no longer good.")
NOT_ALLOWED = Forbidden("You don't have permission to perform this action.", code="INSUFFICIENT_PERMISSIONS")
LAST_OWNER = Forbidden("The last owner of an organization stays.", code="CANNOT_REMOVE_LAST_OWNER")


class Invite(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    email: str
    role: Role = "member"


class ChangeMember(msgspec.Struct, forbid_unknown_fields=True):
    """A member's new role."""

    role: Role


class Accept(msgspec.Struct, forbid_unknown_fields=True):
    """The token of an invitation, and the password of the account: a new one's, or the one that it has."""

    token: str
    password: Annotated[str, Meta(min_length=PASSWORD_CHARS_MIN, max_length=PASSWORD_CHARS_MAX)]


class MemberView(msgspec.Struct):
    """A member of an organization."""

    user_id: str
    email: str
    role: Role
    joined_at: str


class MemberPage(msgspec.Struct):
    """One page of an organization's members."""

    items: list[MemberView]
    limit: int
    offset: int


class InvitationView(msgspec.Struct):
    """An invitation that can still be accepted."""

    id: str
    email: str
    role: Role
    expires_at: str
    created_at: str


class NewInvitationView(msgspec.Struct):
    """An invitation with its token, which is shown here once: it is for whoever is invited."""

    id: str
    email: str
    role: Role
    token: str
    expires_at: str
    created_at: str


class InvitationPage(msgspec.Struct):
    """One page of an organization's invitations, newest first."""

    items: list[InvitationView]
    limit: int
    offset: int


class AcceptedView(msgspec.Struct):
    """Joined. Sign in to go on."""

    user_id: str
    email: str
    organization_id: str
    role: Role


_MEMBER = MemberView("usr_0123456789ab", "ada@example.org", "owner", "2026-06-28T10:30:00Z")
_INVITED = InvitationView("inv_0123456789ab", "bob@example.org", "member", "2026-07-05T10:30:00Z", _MEMBER.joined_at)


@get(_PATH + "/members", cached=True, example=MemberPage([_MEMBER], 50, 0))
async def list_members(who: Caller, query: Page, database: Database) -> MemberPage:
    """List the members of the organization."""
    async with database.reading() as tx:
        found = await store.members(tx, who, limit=query.limit, offset=query.offset)
    return MemberPage([_member_view(each) for each in found], query.limit, query.offset)


@post(
    _PATH + "/members",
    status=201,
    errors=(
        NOT_ALLOWED,
        Conflict("Somebody with this e-mail is a member already."),
        Invalid("That is not an e-mail address.", code="INVALID_EMAIL_FORMAT"),
    ),
    asks={"email": "bob@example.org", "role": "member"},
    example=NewInvitationView(_INVITED.id, _INVITED.email, "member", "sgi_…", _INVITED.expires_at, _INVITED.created_at),
)
async def invite_member(body: Invite, who: Caller, change: Change, now: int) -> Reply[NewInvitationView]:
    """Invite somebody; nothing is mailed, so pass the token on. Owners give any role, admins all but owner."""
    async with change as tx:
        made, token = await manage.invite(tx, who, body.email, body.role, now=now)
        view = NewInvitationView(
            made.id, made.email, made.role, token.raw, utc_text(made.expires_at), utc_text(made.created_at)
        )
        return await change.done(view, "member.invite", subject_id=made.id)


@get(
    _PATH + "/invitations",
    cached=True,
    errors=(NOT_ALLOWED,),
    example=InvitationPage([_INVITED], 50, 0),
)
async def list_invitations(who: Caller, query: Page, database: Database, now: int) -> InvitationPage:
    """List the invitations that can still be accepted, newest first. For owners and admins."""
    async with database.reading() as tx:
        found = await manage.open_invitations(tx, who, limit=query.limit, offset=query.offset, now=now)
    return InvitationPage([_invitation_view(each) for each in found], query.limit, query.offset)


@delete(
    _PATH + "/invitations/{invitation_id}",
    errors=(NO_INVITATION, NOT_ALLOWED),
    example=Ack(id=_INVITED.id, detail="Invitation withdrawn."),
)
async def withdraw_invitation(invitation_id: str, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """Withdraw an invitation before it is accepted."""
    async with change as tx:
        await manage.withdraw(tx, who, invitation_id, now=now)
        done = Ack(id=invitation_id, detail="Invitation withdrawn.")
        return await change.done(done, "member.withdraw", subject_id=invitation_id)


@patch(
    _ONE,
    errors=(NO_MEMBER, NOT_ALLOWED, LAST_OWNER),
    asks={"role": "admin"},
    example=Ack(id=_MEMBER.user_id, detail="Role changed."),
)
async def change_member(user_id: str, body: ChangeMember, who: Caller, change: Change) -> Reply[Ack]:
    """Give a member another role. Only owners make owners, and only owners change owners."""
    async with change as tx:
        await manage.change_role(tx, who, user_id, body.role)
        return await change.done(Ack(id=user_id, detail="Role changed."), "member.change", subject_id=user_id)


@delete(
    _ONE,
    errors=(NO_MEMBER, NOT_ALLOWED, LAST_OWNER),
    example=Ack(id=_MEMBER.user_id, detail="Member removed."),
)
async def remove_member(user_id: str, who: Caller, change: Change, now: int) -> Reply[Ack]:
    """Take a member out, or leave. Their keys and their links in this organization stop at once."""
    async with change as tx:
        await manage.remove(tx, who, user_id, now=now)
        return await change.done(Ack(id=user_id, detail="Member removed."), "member.remove", subject_id=user_id)


@post(
    "/v1/invitations/accept",
    status=200,
    errors=(
        ENDED,
        wrong_password(),
        Conflict("You are a member of this organization already."),
        Conflict("This e-mail has just got an account. Try again with its password."),
        TooMany("Too many attempts. Please try again later.", retry_after_s=60),
    ),
    asks={"token": "sgi_…", "password": "correct horse battery"},
    example=AcceptedView(_MEMBER.user_id, "bob@example.org", "org_abc123abc123", "member"),
)
async def accept_invitation(
    body: Accept, call: Call, database: Database, doorkeeper: Doorkeeper, trail: Trail, now: int
) -> AcceptedView:
    """Join an organization, once: as the account with the invited e-mail, or as a new one with this password."""
    async with database.reading() as tx:
        invitation = await store.invitation(tx, InvitationToken(body.token).digest(), now=now)
        there = invitation is not None and await accounts.user_by_email(tx, invitation.email) is not None
    try:
        if invitation is None:
            doorkeeper.admit(call.client)
            raise NotFound(ENDED.message)  # noqa: TRY301 - one place records every refusal
        proved, hashed = await _proved(invitation, body.password, call.client, doorkeeper, there=there)
        async with database.transaction() as tx:
            joined = await manage.accept(tx, invitation, proved, hashed, now=now)
    except (NotFound, Unauthenticated, Conflict, TooMany):
        await trail.record("member.join", "refused", subject_id=invitation.id if invitation else None)
        raise
    await trail.record("member.join", "done", subject_id=invitation.id, actor_id=joined)
    return AcceptedView(joined, invitation.email, invitation.organization_id, invitation.role)


async def _proved(
    invitation: Invitation, password: str, client: str, doorkeeper: Doorkeeper, *, there: bool
) -> tuple[Proved | None, str | None]:
    """The account whose password this is, or the hash of it for a user who is yet to be made."""
    if there:
        return await doorkeeper.prove(invitation.email, password, client), None
    check_password(password)
    doorkeeper.admit(client)
    return None, await doorkeeper.hashed(password)


def _member_view(member: Member) -> MemberView:
    return MemberView(member.user_id, member.email, member.role, utc_text(member.created_at))


def _invitation_view(made: Invitation) -> InvitationView:
    return InvitationView(made.id, made.email, made.role, utc_text(made.expires_at), utc_text(made.created_at))


ENDPOINTS = (
    list_members,
    invite_member,
    list_invitations,
    withdraw_invitation,
    change_member,
    remove_member,
    accept_invitation,
)
