"""A person's own API keys in one organization. The raw key is returned once and never stored."""

from collections.abc import Mapping
from types import MappingProxyType

from segue.access import Caller
from segue.accounts import store as accounts
from segue.accounts.api_keys import store
from segue.accounts.api_keys.store import Key
from segue.accounts.keys import ApiKey, new_api_key
from segue.accounts.refusals import not_your_organization
from segue.database import Tx
from segue.errors import Conflict, Invalid, NotFound
from segue.ids import new_api_key_id
from segue.limits import KEY_NAME_CHARS_MAX, KEYS_MAX

_NO_KEY = "There is no such API key."
_NONE: Mapping[str, str] = MappingProxyType({})
# 10000-01-01T00:00:00Z: a zone can carry the last year that is read beyond it, where no answer could write it.
_ENDS_S_MAX = 253_402_300_800


async def create(
    tx: Tx, who: Caller, name: str, expires_at: int | None, faults: Mapping[str, str] = _NONE, *, now: int
) -> tuple[Key, ApiKey]:
    """A new key of the caller's. `faults` are what is known to be wrong already, and told with the rest.

    There are never more than `KEYS_MAX`, also when many come at once: those that have expired count until deleted.
    """
    faults = dict(faults)
    if not 1 <= len(name) <= KEY_NAME_CHARS_MAX or not name.isprintable():
        faults["key_name"] = f"A key's name is one line of 1 to {KEY_NAME_CHARS_MAX} characters."
    if expires_at is not None and not now < expires_at < _ENDS_S_MAX:
        faults["expires_at"] = "A key expires in the future, and before the year 10000."
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)
    await _hold(tx, who)
    return await _add(tx, who, name, expires_at, now=now)


async def find(tx: Tx, who: Caller, key_id: str) -> Key:
    """A key of the caller's that has not been deleted."""
    key = await store.find(tx, who, key_id)
    if key is None:
        raise NotFound(_NO_KEY)
    return key


async def revoke(tx: Tx, who: Caller, key_id: str, *, now: int) -> tuple[Key, bool]:
    """From the commit on the key is refused. Twice is once: the second value says whether it was live until now."""
    live = await store.revoke(tx, who, key_id, now=now)
    key = await store.find(tx, who, key_id, revoked=True)
    if key is None:
        raise NotFound(_NO_KEY)
    return key, live


async def rotate(tx: Tx, who: Caller, key_id: str, *, now: int) -> tuple[Key, ApiKey]:
    """A new key with the name and the end of an old one, which is refused from the commit on."""
    await _hold(tx, who)
    if not await store.revoke(tx, who, key_id, now=now):
        raise NotFound(_NO_KEY)
    old = await store.find(tx, who, key_id, revoked=True)
    if old is None:
        raise NotFound(_NO_KEY)
    if old.expires_at is not None and old.expires_at <= now:
        raise Conflict("This key has expired. Make a new one.")
    return await _add(tx, who, old.name, old.expires_at, now=now)


async def _hold(tx: Tx, who: Caller) -> None:
    """Before any key: whoever takes a member out takes the membership first and the keys then, too."""
    if not await store.take_membership(tx, who):
        raise not_your_organization()


async def _add(tx: Tx, who: Caller, name: str, expires_at: int | None, *, now: int) -> tuple[Key, ApiKey]:
    if await store.count(tx, who) >= KEYS_MAX:
        raise Conflict(f"There are at most {KEYS_MAX} keys. Delete one that is not used.")
    raw, key_id = new_api_key(), new_api_key_id()
    await accounts.add_api_key(
        tx,
        key_id=key_id,
        digest=raw.digest(),
        hint=raw.hint(),
        name=name,
        organization_id=who.organization_id,
        user_id=who.user_id,
        expires_at=expires_at,
        now=now,
    )
    return await find(tx, who, key_id), raw
