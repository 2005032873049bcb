"""Signing in and out over HTTP, who one is, one's password, one's organizations."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.access import Person
from segue.accounts.credentials import Gate
from segue.accounts.refusals import not_from_our_page, wrong_password
from segue.accounts.sessions import store
from segue.accounts.sessions.sign_in import Doorkeeper, Session, set_password, sign_out
from segue.accounts.sessions.store import Belonging
from segue.audit import Trail
from segue.changes import Change
from segue.clock import utc_text
from segue.database import Database, Tx
from segue.errors import Conflict, Forbidden, Invalid, Malformed, TooMany, Unauthenticated
from segue.http import Call, Offset, Reply, get, post, put
from segue.limits import ORGANIZATIONS_MAX, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN

Role = Literal["owner", "admin", "member"]
TOO_OFTEN = TooMany("Too many attempts. Please try again later.", retry_after_s=60)


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """An e-mail and its password. What a client tells of its device is taken and not kept."""

    email_or_username: str
    password: str
    device_information: dict[str, Any] | None = None


class SignOut(msgspec.Struct, forbid_unknown_fields=True):
    """The body may be left out: the session that is sent is the one that ends."""

    refresh_token: str | None = None


class UpdatePassword(msgspec.Struct, forbid_unknown_fields=True):
    """The present password, and the new one twice."""

    current_password: str
    new_password: Annotated[str, Meta(min_length=PASSWORD_CHARS_MIN, max_length=PASSWORD_CHARS_MAX)]
    confirm_password: str


class UserView(msgspec.Struct):
    """A user."""

    id: str
    email: str


class BelongingView(msgspec.Struct):
    """An organization that the user belongs to."""

    id: str
    name: str
    role: Role


class SignedInView(msgspec.Struct):
    """A new session: what the documented sign-in answers in two steps, in one. The token is shown this once."""

    success: Literal[True]
    message: str
    email_key: Literal[""]
    email: str
    requires_verification: Literal[False]
    next_step: Literal["none"]
    type: Literal["login"]
    user: UserView
    token: str
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    expires_at: str
    organizations: list[BelongingView]


class SignedOutView(msgspec.Struct):
    """The session has ended."""

    message: str
    logged_out_at: str


class ConfirmedView(msgspec.Struct):
    """It was done."""

    success: Literal[True]
    message: str


class MeView(msgspec.Struct):
    """Who calls, and by what."""

    id: str
    email: str
    credential: Literal["api_key", "session"]
    organizations: list[BelongingView]


class OrganizationView(msgspec.Struct, rename="camel"):
    """An organization as the documented list has it, with the caller's role beside it."""

    id: str
    name: str
    description: None
    logo: None
    created_at: str
    updated_at: str
    role: Role


class OrganizationQuery(msgspec.Struct, frozen=True):
    """Which part of the list is wanted. All organizations that one belongs to are active."""

    skip: Offset = 0
    limit: Annotated[int, Meta(ge=1, le=100, description="How many at most.")] = 100
    active_only: bool = True


_BELONGING = BelongingView("org_abc123abc123", "Acme", "owner")
_USER = UserView("usr_0123456789ab", "ada@example.org")


@post(
    "/v1/auth/login",
    status=200,
    errors=(
        wrong_password(),
        TOO_OFTEN,
        not_from_our_page(),
        Malformed("Send the e-mail and the password as JSON.", code="INVALID_JSON"),
    ),
    asks={"email_or_username": "ada@example.org", "password": "correct horse battery"},
    example=SignedInView(
        success=True,
        message="Signed in.",
        email_key="",
        email=_USER.email,
        requires_verification=False,
        next_step="none",
        type="login",
        user=_USER,
        token="sgs_…",  # noqa: S106 - an example
        access_token="sgs_…",  # noqa: S106 - the same
        token_type="bearer",  # noqa: S106 - a word
        expires_in=2_592_000,
        expires_at="2026-07-28T10:30:00Z",
        organizations=[_BELONGING],
    ),
)
async def login(
    body: SignIn, call: Call, database: Database, doorkeeper: Doorkeeper, gate: Gate, trail: Trail, now: int
) -> Reply[SignedInView]:
    """Sign in with e-mail and password, in one step: a bearer token for programs, a cookie for pages.

    Each call is a session of its own, so this takes no idempotency key.
    """
    try:
        gate.require_no_other_page(call)
        proved = await doorkeeper.prove(body.email_or_username, body.password, call.client)
        async with database.transaction() as tx:
            session = await doorkeeper.sign_in(tx, proved, now=now)
            belongings = await store.belongings(tx, session.user_id, limit=ORGANIZATIONS_MAX)
    except (Forbidden, Unauthenticated, TooMany):
        await trail.record("session.create", "refused")
        raise
    await trail.record("session.create", "done", subject_id=session.id, actor_id=session.user_id)
    cookie = gate.cookie_header(session.token.raw, doorkeeper.session_s)
    return Reply(_signed_in(session, belongings, doorkeeper.session_s), headers=[("set-cookie", cookie)])


@post(
    "/v1/auth/logout",
    status=200,
    errors=(Conflict("An API key does not sign out. Delete the key to end it."),),
    example=SignedOutView("Signed out.", "2026-06-28T10:30:00Z"),
)
async def logout(
    body: SignOut,  # noqa: ARG001 - it is checked, and there is nothing to do with it
    person: Person,  # noqa: ARG001 - nobody else may, and it has a budget
    call: Call,
    change: Change,
    gate: Gate,
    now: int,
) -> Reply[SignedOutView]:
    """End the session that is sent, by token or by cookie. An API key that comes along with it stays as it is."""
    session = await gate.session(call)
    async with change as tx:
        session_id = await sign_out(tx, session, now=now)
        done = SignedOutView("Signed out.", utc_text(now))
        reply = await change.done(done, "session.end", subject_id=session_id)
        reply.headers = [("set-cookie", gate.cookie_header("", 0))]
        return reply


@put(
    "/v1/auth/password/update",
    errors=(Invalid("This is not your present password."), TOO_OFTEN, not_from_our_page()),
    asks={"current_password": "correct horse", "new_password": "battery staple", "confirm_password": "battery staple"},
    example=ConfirmedView(True, "Password changed."),
)
async def update_password(
    body: UpdatePassword,
    call: Call,
    person: Person,
    database: Database,
    doorkeeper: Doorkeeper,
    gate: Gate,
    trail: Trail,
    now: int,
) -> ConfirmedView:
    """Change one's password. Every other session of the user ends.

    This takes no idempotency key: what is kept of a call under one includes a quick digest of its body, and no
    password may be guessed at by that.
    """
    # It is the session that goes on, also where a key comes along with it.
    session = await gate.session(call)
    try:
        proved = await doorkeeper.new_password(
            person, body.current_password, body.new_password, body.confirm_password, call.client
        )
        async with database.transaction() as tx:
            await set_password(tx, session or person, proved, now=now)
    except (Invalid, TooMany):
        await trail.record("password.change", "refused", subject_id=person.user_id, actor_id=person.user_id)
        raise
    await trail.record("password.change", "done", subject_id=person.user_id, actor_id=person.user_id)
    return ConfirmedView(success=True, message="Password changed.")


@get("/v1/auth/me", cached=True, example=MeView(_USER.id, _USER.email, "api_key", [_BELONGING]))
async def me(person: Person, database: Database) -> MeView:
    """Who one is: the user behind the credential, and the organizations that the credential acts in."""
    async with database.reading() as tx:
        email = await store.email_of(tx, person.user_id)
        belongings = await _acted_in(tx, person, limit=ORGANIZATIONS_MAX, offset=0)
    credential: Literal["api_key", "session"] = "session" if person.organization_id is None else "api_key"
    return MeView(person.user_id, email, credential, _views(belongings))


@get(
    "/v1/organizations",
    cached=True,
    example=[
        OrganizationView(_BELONGING.id, "Acme", None, None, "2026-06-28T10:30:00Z", "2026-06-28T10:30:00Z", "owner")
    ],
)
async def list_organizations(person: Person, query: OrganizationQuery, database: Database) -> list[OrganizationView]:
    """List the organizations that the caller belongs to; for an API key, the one that it acts in."""
    async with database.reading() as tx:
        found = await _acted_in(tx, person, limit=query.limit, offset=query.skip)
    return [
        OrganizationView(
            id=each.id,
            name=each.name,
            description=None,
            logo=None,
            created_at=utc_text(each.created_at),
            updated_at=utc_text(each.created_at),
            role=each.role,  # type: ignore[arg-type]
        )
        for each in found
    ]


async def _acted_in(tx: Tx, person: Person, *, limit: int, offset: int) -> list[Belonging]:
    if person.organization_id is None:
        return await store.belongings(tx, person.user_id, limit=limit, offset=offset)
    one = await store.belonging(tx, person.user_id, person.organization_id)
    return one[offset : offset + limit]


def _views(belongings: list[Belonging]) -> list[BelongingView]:
    return [BelongingView(each.id, each.name, each.role) for each in belongings]  # type: ignore[arg-type]


def _signed_in(session: Session, belongings: list[Belonging], lasts_s: int) -> SignedInView:
    return SignedInView(
        success=True,
        message="Signed in.",
        email_key="",
        email=session.email,
        requires_verification=False,
        next_step="none",
        type="login",
        user=UserView(session.user_id, session.email),
        token=session.token.raw,
        access_token=session.token.raw,
        token_type="bearer",  # noqa: S106 - a word
        expires_in=lasts_s,
        expires_at=utc_text(session.expires_at),
        organizations=_views(belongings),
    )


ENDPOINTS = (login, logout, update_password, me, list_organizations)
