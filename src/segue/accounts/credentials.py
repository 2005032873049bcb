"""Proves who calls: reads the credentials of a call, takes it from the credential's budget, and says so in headers."""

import math
import time
from urllib.parse import urlsplit

from segue.access import Caller, Person
from segue.accounts import store
from segue.accounts.authenticate import authenticate, secret_of
from segue.accounts.keys import ApiKey, Secret, SessionToken
from segue.accounts.last_used import LastUsed
from segue.accounts.refusals import not_from_our_page, not_your_organization
from segue.database import Reader
from segue.errors import Forbidden, Malformed, TooMany, Unauthenticated
from segue.http import Call
from segue.ids import OrganizationId
from segue.ratelimit import Gcra

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ORGANIZATION_HEADER = "aitronos-organization"


class Gate:
    """Who calls, for every route of the API that is not public. `public_url` is where our own pages come from."""

    def __init__(self, reader: Reader, budget: Gcra, last_used: LastUsed, public_url: str) -> None:
        self._reader = reader
        self._budget = budget
        self._last_used = last_used
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self.cookie = session_cookie(public_url)

    async def person(self, call: Call) -> Person:
        """The person who calls. Raises `Unauthenticated`, and `TooMany` when the credential's budget is spent."""
        people = [await authenticate(self._reader, secret, now=call.now) for secret in self._secrets(call)]
        if not people:
            raise Unauthenticated(
                "Authentication required. Please provide a valid API key.",
                system_message="Missing or invalid authorization header",
            )
        person = people[0]
        if any(other.user_id != person.user_id for other in people):
            raise Unauthenticated("Your API key is invalid.", code="INVALID_API_KEY")
        call.actor = (person.user_id,)
        self._spend(call, person)
        if person.organization_id is not None:
            self._last_used.note(person.credential_id, call.now)
        return person

    async def session(self, call: Call) -> Person | None:
        """The session among the credentials of a call, None where there is only an API key. Raises as `person`."""
        for secret in self._secrets(call):
            if isinstance(secret, SessionToken):
                return await authenticate(self._reader, secret, now=call.now)
        return None

    async def caller(self, call: Call) -> Caller:
        """The caller of a call on an organization's path.

        Raises `Forbidden` for an organization that is not the caller's, whether or not it exists.
        """
        person = await self.person(call)
        organization_id = call.params["organization_id"]
        acts_there = person.organization_id == organization_id or (
            person.organization_id is None and await store.is_member(self._reader, organization_id, person.user_id)
        )
        if not acts_there:
            raise not_your_organization()
        return _acting(call, person, OrganizationId(organization_id))

    async def somewhere(self, call: Call) -> Caller:
        """The caller of a call whose path names no organization: it is the key's, or the one that a header names, or
        the only one that the person belongs to. Raises `Forbidden` where that leaves none or a choice.
        """
        person = await self.person(call)
        named = call.header(ORGANIZATION_HEADER)
        if person.organization_id is not None:
            known: tuple[OrganizationId, ...] = (person.organization_id,)
        else:
            known = await store.organizations_of(self._reader, person.user_id)
        if not known:
            raise Forbidden("You are not a member of any organization.", code="NO_ORGANIZATION_MEMBERSHIP")
        if named is not None and named not in known:
            raise not_your_organization()
        if named is None and len(known) > 1:
            raise Forbidden("Please specify which organization to use.", code="AMBIGUOUS_ORGANIZATION")
        return _acting(call, person, OrganizationId(named) if named is not None else known[0])

    def _secrets(self, call: Call) -> list[Secret]:
        key = call.header("x-api-key")
        kind, _, bearer = (call.header("authorization") or "").partition(" ")
        found: list[Secret] = [ApiKey(key)] if key else []
        if kind.lower() == "bearer" and bearer.strip():
            found.append(secret_of(bearer.strip()))
        if not found:
            token = cookies(call).get(self.cookie)
            if token is not None:
                self._require_own_page(call)
                found.append(SessionToken(token))
        return found

    def cookie_header(self, token: str, lasts_s: int) -> str:
        """`Set-Cookie` (RFC 6265) for a page of ours: no script reads it, and no other site's form sends it along."""
        secure = "; Secure" if self.cookie.startswith("__Host-") else ""
        return f"{self.cookie}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}"

    def require_no_other_page(self, call: Call) -> None:
        """Raises for what a page of another site can make a browser send: a foreign origin, or anything but JSON."""
        kind = (call.header("content-type") or "").partition(";")[0]
        if kind.strip().lower() != "application/json":
            raise Malformed("Send the e-mail and the password as JSON.", code="INVALID_JSON")
        if call.header("origin") not in {None, self._origin}:
            raise not_from_our_page()

    def _require_own_page(self, call: Call) -> None:
        """A browser sends a cookie along whoever made the page; what changes something must come from ours."""
        if call.method in _SAFE or call.header("sec-fetch-site") == "same-origin":
            return
        if call.header("origin") != self._origin:
            raise not_from_our_page()

    def _spend(self, call: Call, person: Person) -> None:
        at_s = time.time()
        wait_s = self._budget.spend(person.credential_id, at_s)
        left, full_in_s = self._budget.state(person.credential_id, at_s)
        limit, remaining = str(self._budget.requests), str(min(left, self._budget.requests))
        reset, retry_after_s = str(math.ceil(at_s + full_in_s)), math.ceil(wait_s)
        call.headers += [
            ("x-ratelimit-limit", limit),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", reset),
            ("x-ratelimit-retry-after", str(retry_after_s)),
            ("x-ratelimit-limit-requests", limit),
            ("x-ratelimit-remaining-requests", remaining),
            ("x-ratelimit-reset-requests", reset),
        ]
        if wait_s:
            raise TooMany(
                "Too many requests. Please try again later.",
                system_message="Request rate limit exceeded for this credential",
                retry_after_s=retry_after_s,
            )


def session_cookie(public_url: str) -> str:
    """The name of the cookie that holds a session: over https a browser takes it from this very host only."""
    return "__Host-segue_session" if urlsplit(public_url).scheme == "https" else "segue_session"


def cookies(call: Call) -> dict[str, str]:
    """The cookies of a call by name (RFC 6265, section 4.2)."""
    pairs = (part.strip().partition("=") for part in (call.header("cookie") or "").split(";"))
    return {name: value for name, _, value in pairs if name}


def _acting(call: Call, person: Person, organization_id: OrganizationId) -> Caller:
    call.actor = (person.user_id, organization_id)
    call.headers.append((ORGANIZATION_HEADER, organization_id))
    return Caller(person.user_id, organization_id)
