"""`/media/{track_id}/{rendition}`: bytes for whoever holds a good signature and still has the right."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from segue.blobs import BlobKey, LocalBlobs
from segue.clock import now_s
from segue.errors import Unavailable
from segue.http import Answer, FileAnswer, Headers, Request, Unsatisfiable, satisfy
from segue.limits import RANGE_BYTES_MAX
from segue.playback.grants import Grant, SigningKey, verify

# What revocation must reach may rest in no cache. The policy keeps a browser from doing anything but play it.
_HEADERS: Headers = [
    ("accept-ranges", "bytes"),
    ("cache-control", "private, no-store"),
    ("content-security-policy", "default-src 'none'; sandbox"),
    ("cross-origin-resource-policy", "cross-origin"),
]


# A piece that is in memory already is sent from there: half the cost of having the server read it from its file.
_PIECE_BYTES_MAX = 256 * 1_024


class Rendition(msgspec.Struct, frozen=True):
    """The bytes of one rendition. They never change: a new version has a new digest."""

    blob_key: BlobKey
    mime_type: str
    size_bytes: int
    sha256: str


# Looks at the share or the user behind a grant, now. Raises `NotFound` when the right is gone.
Gate = Callable[[Grant, int], Awaitable[Rendition]]


class Media:
    """The media route. `gates` is keyed by the prefix of the grantee's id: `mslink` for shares, `usr` for users."""

    def __init__(self, blobs: LocalBlobs, keys: dict[str, SigningKey], gates: Mapping[str, Gate]) -> None:
        self._blobs = blobs
        self._keys = keys
        self._gates = gates

    async def __call__(self, request: Request) -> Answer | FileAnswer:
        now = now_s()
        _, _, track_id, name = request.path.split("/")
        grant = verify(self._keys, track_id, name, request.query, now=now)
        rendition = await self._gates[grant.grantee.partition("_")[0]](grant, now)
        return self._answer(request, rendition)

    def _answer(self, request: Request, rendition: Rendition) -> Answer | FileAnswer:
        size = rendition.size_bytes
        etag = f'"{rendition.sha256[:32]}"'
        headers = [*_HEADERS, ("content-type", rendition.mime_type), ("etag", etag)]
        known = request.header("if-none-match") or ""
        if etag in known or known.strip() == "*":
            return Answer(304, headers)
        try:
            part = satisfy(_range(request, etag), size, open_ended_max=RANGE_BYTES_MAX)
        except Unsatisfiable:
            return Answer(416, [*headers, ("content-range", f"bytes */{size}")])
        first, end = part or (0, size)
        if part is not None:
            headers.append(("content-range", f"bytes {first}-{end - 1}/{size}"))
        headers.append(("content-length", str(end - first)))
        if request.method == "HEAD":
            return Answer(200 if part is None else 206, headers)
        status = 200 if part is None else 206
        piece = self._blobs.in_memory(rendition.blob_key, first, end) if end - first <= _PIECE_BYTES_MAX else None
        if piece is not None:
            return Answer(status, headers, piece)
        path = self._blobs.path(rendition.blob_key)
        if not path.exists():
            raise Unavailable("This track cannot be played at the moment.", system_message="The bytes are missing")
        return FileAnswer(status, headers, str(path), first, end)


def _range(request: Request, etag: str) -> str | None:
    """The Range header of a GET, unless an If-Range says that the client's piece is of another file."""
    if request.method != "GET":
        return None
    condition = request.header("if-range")
    return request.header("range") if condition is None or condition == etag else None
