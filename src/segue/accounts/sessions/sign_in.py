"""Signs people in and out by e-mail and password, and changes passwords.

A wrong e-mail and a wrong password are one answer, after the same work. What was proved is asked once more by the
statement that acts on it: whoever changes a password or is shut out meanwhile wins.
"""

from dataclasses import dataclass

from segue.access import Person
from segue.accounts.keys import SessionToken, new_session_token
from segue.accounts.refusals import wrong_password
from segue.accounts.sessions import store
from segue.accounts.sessions.passwords import Passwords, check_password
from segue.accounts.sessions.store import Account
from segue.accounts.sessions.throttle import SignInThrottle
from segue.clock import DAY_S
from segue.database import Database, Tx
from segue.errors import Conflict, Invalid, NotFound, Unauthenticated, together
from segue.ids import SessionId, UserId, new_session_id
from segue.limits import EMAIL_CHARS_MAX


@dataclass(frozen=True, slots=True)
class Session:
    """A new session with its raw token, which is shown once."""

    id: SessionId
    user_id: UserId
    email: str
    token: SessionToken
    expires_at: int


@dataclass(frozen=True, slots=True)
class Proved:
    """An account whose password was shown, and the hash of it to keep from now on."""

    account: Account
    kept: str


class Doorkeeper:
    """Whoever knows an account's password, and nobody more often than the throttle allows."""

    def __init__(self, database: Database, passwords: Passwords, throttle: SignInThrottle, session_days: int) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self.session_s = session_days * DAY_S

    def admit(self, client: str) -> None:
        """Count a try at something that is no account's. Raises `TooMany`."""
        self._throttle.admit(client)

    async def prove(self, email: str, password: str, client: str) -> Proved:
        """The account that has this e-mail and password. Raises `Unauthenticated` or `TooMany`."""
        address = email.strip().lower()
        self._throttle.take(client, address)
        readable = len(address) <= EMAIL_CHARS_MAX and address.isprintable()
        async with self._database.reading() as tx:
            account = await store.account(tx, address) if readable else None
        fits = await self._passwords.fits(password, account.password if account else None)
        if account is None or account.password is None or not fits or account.disabled_at is not None:
            raise wrong_password()
        self._throttle.forgive(client, address)
        return Proved(account, await self._passwords.renewed(password, account.password))

    async def sign_in(self, tx: Tx, proved: Proved, *, now: int) -> Session:
        """A new session for an account whose password was shown. Raises `Unauthenticated` when it no longer counts."""
        account = await hold(tx, proved)
        token, expires_at = new_session_token(), now + self.session_s
        session = Session(new_session_id(), account.user_id, account.email, token, expires_at)
        await store.forget_expired(tx, account.user_id, now=now)
        await store.add(tx, session.id, token.digest(), account.user_id, expires_at=expires_at, now=now)
        return session

    async def hashed(self, password: str) -> str:
        return await self._passwords.hashed(password)

    async def new_password(self, person: Person, current: str, new: str, again: str, client: str) -> Proved:
        """A person's account with the hash of a new password, after the present one was shown.

        Raises `TooMany`, and `Invalid` for a present one that is wrong or a new one that cannot be taken.
        """
        async with self._database.reading() as tx:
            email = await store.email_of(tx, person.user_id)
        try:
            proved = await self.prove(email, current, client)
        except Unauthenticated:
            raise _not_present() from None
        together(lambda: check_password(new, "new_password"), lambda: _check_same(new, again))
        return Proved(proved.account, await self.hashed(new))


async def hold(tx: Tx, proved: Proved) -> Account:
    """The account whose password was shown, held until the transaction ends. Raises `Unauthenticated` when the proof no
    longer counts.
    """
    if not await store.keep_password(tx, proved.account, proved.kept):
        raise wrong_password()
    return proved.account


async def sign_out(tx: Tx, session: Person | None, *, now: int) -> str:
    """End the session that was sent, and say its id. Raises `Conflict` for an API key alone."""
    if session is None:
        raise Conflict("An API key does not sign out. Delete the key to end it.")
    await store.end(tx, session.credential_id, now=now)
    return session.credential_id


async def set_password(tx: Tx, person: Person, proved: Proved, *, now: int) -> None:
    """Store a new password, and end every session but the one that asked for it."""
    if not await store.keep_password(tx, proved.account, proved.kept):
        raise _not_present()
    await store.end_others(tx, person.user_id, person.credential_id, now=now)


async def give_password(tx: Tx, email: str, password_hash: str, *, now: int) -> UserId:
    """What the operator does at the machine: a new password, and every session ends. Raises `NotFound`."""
    account = await store.account(tx, email.strip().lower())
    if account is None:
        raise NotFound(f"There is no user {email}.")
    await store.set_password(tx, account.user_id, password_hash)
    await store.end_others(tx, account.user_id, "", now=now)
    return account.user_id


def _check_same(new: str, again: str) -> None:
    if new != again:
        sentence = "The new password was not written the same twice."
        raise Invalid(sentence, faults={"confirm_password": sentence})


def _not_present() -> Invalid:
    sentence = "This is not your present password."
    return Invalid(sentence, faults={"current_password": sentence})
