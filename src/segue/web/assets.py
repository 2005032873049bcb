"""Static files, held in memory. The digest in a file's name lets browsers keep it for ever."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from segue.errors import NotFound
from segue.http import Answer, Request, gzipped

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
PREFIX = "/assets/"


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    packed: bytes
    mime_type: str


class Assets:
    """`/assets/{name}`, for every file in the folders given. Folders of different rooms lie side by side."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._by_name: dict[str, _Asset] = {}
        self._addresses: dict[str, str] = {}
        for path in (path for folder in folders for path in sorted(folder.iterdir())):
            body = path.read_bytes()
            name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
            self._by_name[name] = _Asset(body, gzipped(body), _TYPES[path.suffix])
            self._addresses[path.name] = PREFIX + name

    def address(self, name: str) -> str:
        """Where a browser finds the file `name`."""
        return self._addresses[name]

    async def __call__(self, request: Request) -> Answer:
        asset = self._by_name.get(request.path.removeprefix(PREFIX))
        if asset is None:
            raise NotFound("There is nothing at this address.")
        headers = [("content-type", asset.mime_type), ("cache-control", "public, max-age=31536000, immutable")]
        return Answer(200, headers, asset.body, asset.packed)
