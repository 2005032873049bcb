"""A person's own API keys over HTTP. Lists answer in both shapes that clients of the documented API know."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.access import Caller
from segue.accounts.api_keys import manage, store
from segue.accounts.api_keys.store import Key
from segue.accounts.keys import ApiKey
from segue.accounts.last_used import LastUsed
from segue.changes import Change
from segue.clock import utc_text, utc_text_or_none
from segue.database import Database
from segue.errors import Conflict, Invalid, NotFound
from segue.http import Reply, delete, get, post
from segue.limits import KEY_NAME_CHARS_MAX, KEYS_MAX, OFFSET_MAX

_PATH = "/v1/organizations/{organization_id}/api-keys"
_ONE = _PATH + "/{key_id}"
NO_KEY = NotFound("There is no such API key.")
FULL = Conflict(f"There are at most {KEYS_MAX} keys. Delete one that is not used.")
_Count = Annotated[int, Meta(ge=1, le=100)]


# Told as null, and taken as anything: what is asked for in vain gets a sentence of its own.
_Null = Annotated[Any, Meta(extra_json_schema={"type": "null"})]


class CreateKey(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new key. Limits and scopes are not kept by this server, so none may be asked for."""

    key_name: Annotated[str, Meta(min_length=1, max_length=KEY_NAME_CHARS_MAX)]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    usage_limit_chf: _Null = None
    scopes: _Null = None
    metadata: _Null = None

    def faults(self) -> dict[str, str]:
        """What is asked for and nothing would keep."""
        told = {
            "usage_limit_chf": "No limit is kept for a single key: leave it out. An operator caps the organization.",
            "scopes": "A key has no scopes: it may do what its user may. Leave them out.",
            "metadata": "Nothing but a name is kept with a key: leave it out.",
        }
        return {name: text for name, text in told.items() if getattr(self, name) is not None}


class KeyQuery(msgspec.Struct, frozen=True):
    """Which page is wanted: by its number, or by how many to pass over (`skip`) and to take (`take`)."""

    page: Annotated[int, Meta(ge=1, le=OFFSET_MAX)] = 1
    page_size: _Count = 20
    skip: Annotated[int, Meta(ge=0, le=OFFSET_MAX)] | None = None
    take: _Count | None = None


class KeyView(msgspec.Struct):
    """A key as its owner's list shows it. `last_used_at` is true to the minute."""

    id: str
    organization_id: str
    key_name: str
    key_prefix: str
    is_active: bool
    is_paused: Literal[False]
    usage_limit_chf: None
    scopes: None
    metadata: None
    created_by: str
    created_at: str
    last_used_at: str | None
    expires_at: str | None


class NewKeyView(msgspec.Struct):
    """A key with its raw form, which is shown here once."""

    id: str
    key: str
    key_prefix: str
    organization_id: str
    key_name: str
    is_active: bool
    usage_limit_chf: None
    scopes: None
    metadata: None
    created_by: str
    created_at: str
    expires_at: str | None


class PaginationView(msgspec.Struct):
    """Where a page stands in the list."""

    page: int
    page_size: int
    total_count: int
    total_pages: int


class KeyPage(msgspec.Struct):
    """One page of the caller's keys, newest first: as the reference names it, and as the published client does."""

    keys: list[KeyView]
    total: int
    page: int
    page_size: int
    api_keys: list[KeyView]
    pagination: PaginationView


class DeletedKeyView(msgspec.Struct):
    """The key is dead."""

    success: Literal[True]
    message: str
    id: str
    key: KeyView


class RotatedKeyView(msgspec.Struct):
    """A new key in the place of an old one."""

    success: Literal[True]
    message: str
    old_key_id: str
    new_key: NewKeyView
    rotated_at: str


_VIEW = KeyView(
    id="ak_123abc456def",
    organization_id="org_abc123abc123",
    key_name="Laptop",
    key_prefix="sgk_a1b2",
    is_active=True,
    is_paused=False,
    usage_limit_chf=None,
    scopes=None,
    metadata=None,
    created_by="usr_0123456789ab",
    created_at="2026-06-28T10:30:00Z",
    last_used_at=None,
    expires_at=None,
)
_NEW = NewKeyView(
    id=_VIEW.id,
    key="sgk_a1b2…",
    key_prefix=_VIEW.key_prefix,
    organization_id=_VIEW.organization_id,
    key_name=_VIEW.key_name,
    is_active=True,
    usage_limit_chf=None,
    scopes=None,
    metadata=None,
    created_by=_VIEW.created_by,
    created_at=_VIEW.created_at,
    expires_at=None,
)


@post(
    _PATH,
    status=201,
    errors=(FULL, Invalid("A key expires in the future.")),
    asks={"key_name": "Laptop"},
    example=_NEW,
)
async def create_api_key(body: CreateKey, who: Caller, change: Change, now: int) -> Reply[NewKeyView]:
    """Make an API key for oneself in the organization. Its raw form is shown this once."""
    ends = None if body.expires_at is None else int(body.expires_at.timestamp())
    async with change as tx:
        key, raw = await manage.create(tx, who, body.key_name, ends, body.faults(), now=now)
        return await change.done(_new_view(key, raw, now=now), "key.create", subject_id=key.id)


@get(_PATH, cached=True, example=KeyPage([_VIEW], 1, 1, 20, [_VIEW], PaginationView(1, 20, 1, 1)))
async def list_api_keys(who: Caller, query: KeyQuery, database: Database, last_used: LastUsed, now: int) -> KeyPage:
    """List one's own keys in the organization, newest first."""
    size = query.page_size if query.take is None else query.take
    offset = (query.page - 1) * size if query.skip is None else query.skip
    await last_used.write()
    async with database.reading() as tx:
        found = await store.newest(tx, who, limit=size, offset=min(offset, OFFSET_MAX))
        total = await store.count(tx, who)
    views = [_view(key, now=now) for key in found]
    page = offset // size + 1
    return KeyPage(views, total, page, size, views, PaginationView(page, size, total, -(-total // size)))


@get(_ONE, cached=True, errors=(NO_KEY,), example=_VIEW)
async def get_api_key(key_id: str, who: Caller, database: Database, last_used: LastUsed, now: int) -> KeyView:
    """Get one of one's own keys."""
    await last_used.write()
    async with database.reading() as tx:
        return _view(await manage.find(tx, who, key_id), now=now)


@delete(
    _ONE,
    errors=(NO_KEY,),
    example=DeletedKeyView(
        success=True,
        message="API key deleted successfully",
        id=_VIEW.id,
        key=msgspec.structs.replace(_VIEW, is_active=False),
    ),
)
async def delete_api_key(key_id: str, who: Caller, change: Change, now: int) -> Reply[DeletedKeyView]:
    """End one of one's own keys, at once. Twice is once."""
    async with change as tx:
        key, live = await manage.revoke(tx, who, key_id, now=now)
        done = DeletedKeyView(success=True, message="API key deleted successfully", id=key.id, key=_view(key, now=now))
        return await change.done(done, "key.delete", outcome="done" if live else "unchanged", subject_id=key.id)


@post(
    _ONE + "/rotate",
    status=200,
    errors=(NO_KEY, FULL, Conflict("This key has expired. Make a new one.")),
    example=RotatedKeyView(
        success=True,
        message="API key rotated successfully",
        old_key_id="ak_0123456789ab",
        new_key=_NEW,
        rotated_at="2026-06-28T10:30:00Z",
    ),
)
async def rotate_api_key(key_id: str, who: Caller, change: Change, now: int) -> Reply[RotatedKeyView]:
    """Put a new key in the place of one of one's own, with the same name and end. The old one is dead at once."""
    async with change as tx:
        key, raw = await manage.rotate(tx, who, key_id, now=now)
        done = RotatedKeyView(
            success=True,
            message="API key rotated successfully",
            old_key_id=key_id,
            new_key=_new_view(key, raw, now=now),
            rotated_at=utc_text(now),
        )
        return await change.done(done, "key.rotate", subject_id=key.id)


def _is_active(key: Key, *, now: int) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def _view(key: Key, *, now: int) -> KeyView:
    return KeyView(
        id=key.id,
        organization_id=key.organization_id,
        key_name=key.name,
        key_prefix=key.hint,
        is_active=_is_active(key, now=now),
        is_paused=False,
        usage_limit_chf=None,
        scopes=None,
        metadata=None,
        created_by=key.user_id,
        created_at=utc_text(key.created_at),
        last_used_at=utc_text_or_none(key.last_used_at),
        expires_at=utc_text_or_none(key.expires_at),
    )


def _new_view(key: Key, raw: ApiKey, *, now: int) -> NewKeyView:
    return NewKeyView(
        id=key.id,
        key=raw.raw,
        key_prefix=key.hint,
        organization_id=key.organization_id,
        key_name=key.name,
        is_active=_is_active(key, now=now),
        usage_limit_chf=None,
        scopes=None,
        metadata=None,
        created_by=key.user_id,
        created_at=utc_text(key.created_at),
        expires_at=utc_text_or_none(key.expires_at),
    )


ENDPOINTS = (create_api_key, list_api_keys, get_api_key, delete_api_key, rotate_api_key)
