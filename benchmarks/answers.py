"""Fetches single answers, to look at before a run: what is measured has to be what was meant."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from processes import BrokenRunError

# What the server underneath writes into every answer by itself.
_SERVERS_OWN = {"server", "date", "content-length"}


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def fetch(url: str, headers: Mapping[str, str] | None = None) -> Answered:
    """One GET on a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answered(answer.status, [(name.lower(), value) for name, value in answer.getheaders()], answer.read())
    finally:
        connection.close()


def save(answer: Answered, path: Path) -> None:
    """For `bare.py`, which gives it again."""
    headers = [pair for pair in answer.headers if pair[0] not in _SERVERS_OWN]
    path.write_text(json.dumps({"status": answer.status, "headers": headers, "body": answer.body.decode()}))


def same(one: Answered, other: Answered) -> None:
    """Raises BrokenRunError unless both have one status, the same header names in the same order, and one body."""
    names = [[name for name, _ in answer.headers] for answer in (one, other)]
    if one.status != other.status or names[0] != names[1] or one.body != other.body:
        raise BrokenRunError(f"The ceiling answers something else: {one.status} {names[0]}, {other.status} {names[1]}.")
