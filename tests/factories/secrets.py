"""Looks at every JSON answer that a test of the suite gets: no field, and no value, that nobody may see.

An answer that shows a secret once is named here with the field that holds it; anything else is a leak.
"""

import re

import httpx

# Fields that would give something away, wherever they stand.
_NEVER = re.compile(
    r"(digest|sha256|hash|blob|blob_key|path|file|folder|address|client|ip|host|password|secret|sealed|fingerprint|"
    r"key|hint|token|access_token|owner_id|creator_id|data_dir|barred_at|user_agent)"
)
# What is shown once, to whoever made it: method, end of the path, fields.
_ONCE = (
    ("POST", r"/share", {"token"}),
    ("POST", r"/share/mslink_\w+/rotate", {"token"}),
    ("POST", r"/v1/auth/login", {"token", "access_token"}),
    ("POST", r"/v1/invitations/accept", {"token", "access_token"}),
    ("POST", r"/members", {"token"}),
    ("POST", r"/api-keys", {"key"}),
    ("POST", r"/api-keys/ak_\w+/rotate", {"key"}),
)
# An object of a key's list that a DELETE answers with holds no key, but is called so by the published client.
_OBJECTS = (("DELETE", r"/api-keys/ak_\w+", {"key"}),)
_SECRET = re.compile(
    r"shr_[0-9a-f]{32}|sg[kis]_[0-9A-Za-z]{40}|tracks/[0-9a-f]{2}/mtrack_|\b127\.1\.\d+\.\d+\b|(?<![=0-9a-f])[0-9a-f]{64}"
)
_MEDIA = re.compile(r"https?://[^\s\"]+/media/[^\s\"]+")


async def look(answer: httpx.Response) -> None:
    """Raises when an answer gives something away. Meant as a hook of a client."""
    if answer.headers.get("content-type") != "application/json" or answer.request.url.path == "/openapi.json":
        return
    await answer.aread()
    if not answer.content:
        return
    method, path = answer.request.method, answer.request.url.path
    shown = {name for verb, end, names in _ONCE if verb == method and re.search(end + "$", path) for name in names}
    objects = {name for verb, end, names in _OBJECTS if verb == method and re.search(end + "$", path) for name in names}
    for name, value in _members(answer.json()):
        if name in objects and not isinstance(value, str):
            continue
        if answer.status_code < 400 and name in shown:
            continue
        assert not _NEVER.fullmatch(name), f"{method} {path} shows {name}"
        if isinstance(value, str) and not (shown and name == "url"):
            assert not _SECRET.search(_MEDIA.sub("", value)), f"{method} {path} shows a secret in {name}"


def _members(value, name=""):
    """Every member of a JSON value with its name; items of a list have the name of the list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from _members(inner, key)
    elif isinstance(value, list):
        for inner in value:
            if not isinstance(inner, dict | list):
                yield name, inner
            yield from _members(inner, name)
