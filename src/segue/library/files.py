"""A track's files over HTTP: upload, change with a new picture, artwork, waveform."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from segue import tracks
from segue.access import Caller
from segue.blobs import LocalBlobs
from segue.changes import Change
from segue.database import Database
from segue.errors import Conflict, Invalid, Malformed, NotFound, TooLarge, Unavailable
from segue.http import Answer, Call, FileAnswer, Headers, Reply, get, json_answer, knows, patch, post, read_json
from segue.ids import TrackId
from segue.library import examples, store
from segue.library.bring import bring
from segue.library.endpoints import NO_TRACK
from segue.library.forms import Expected, Form, read_form
from segue.limits import SOURCE_CHARS_MAX
from segue.playback import Rendition, Signer
from segue.settings import Settings
from segue.tracks import Declaration, Edit, Intake, TrackView, Wish, peaks_of, track_view

ARTWORK_BYTES_MAX = 20_000_000
_TEXTS = frozenset({"title", "licence", "credits", "source"})
_CHANGED = Expected(_TEXTS, {"artwork": ARTWORK_BYTES_MAX})
NO_FORM = Malformed("A multipart form is expected here, with a boundary.")


# What a field may hold that no JSON Schema can say has a format of its own; the rules are those of `tracks`.
_Title = Annotated[
    str, Meta(description="Nothing said: the title in the file.", extra_json_schema={"format": "one-line"})
]
_Licence = Annotated[
    str, Meta(description="An SPDX identifier or own. Nothing: unclear.", extra_json_schema={"format": "spdx"})
]
_Credits = Annotated[str, Meta(description="Whom to credit.", extra_json_schema={"format": "one-line"})]
_Source = Annotated[
    str,
    Meta(
        description="Where the music can be found: an http address.",
        extra_json_schema={"pattern": "^(https?://[!-~]*)?$", "maxLength": SOURCE_CHARS_MAX},
    ),
]
_Picture = Annotated[bytes, Meta(description="A picture.", extra_json_schema={"contentMediaType": "image/*"})]


class UploadForm(msgspec.Struct, forbid_unknown_fields=True):
    """The parts of an upload. Without a picture it is the one in the file."""

    file: Annotated[
        bytes,
        Meta(
            description="The sound: wav, flac, mp3, ogg, opus, m4a, aac or aiff.",
            extra_json_schema={"contentMediaType": "audio/*"},
        ),
    ]
    title: _Title | UnsetType = UNSET
    instrumental: bool | UnsetType = UNSET
    licence: _Licence | UnsetType = UNSET
    credits: _Credits | UnsetType = UNSET
    source: _Source | UnsetType = UNSET
    artwork: _Picture | UnsetType = UNSET


class ChangeTrack(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change. What is left out stays; null takes it away. A new picture comes in a form."""

    title: _Title | UnsetType | None = UNSET
    licence: _Licence | UnsetType | None = UNSET
    credits: _Credits | UnsetType | None = UNSET
    source: _Source | UnsetType | None = UNSET
    artwork: UnsetType | None = UNSET


class ChangeForm(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change, with a new picture."""

    title: _Title | UnsetType = UNSET
    licence: _Licence | UnsetType = UNSET
    credits: _Credits | UnsetType = UNSET
    source: _Source | UnsetType = UNSET
    artwork: _Picture | UnsetType = UNSET


# The body is read as it comes and cut off by limits of its own.
@post(
    "/v1/music/{organization_id}/tracks",
    status=201,
    takes=("multipart/form-data",),
    asks=UploadForm,
    errors=(NO_FORM, TooLarge("The field file is too large. Nothing was stored."), Invalid("The file is empty.")),
    example=examples.UPLOADED,
)
async def upload_track(
    call: Call, who: Caller, change: Change, intake: Intake, signer: Signer, settings: Settings, now: int
) -> Reply[TrackView]:
    """Take a sound file in as a new track of the caller's library."""
    expected = Expected(
        _TEXTS | {"instrumental"},
        {"file": settings.upload_bytes_max, "artwork": ARTWORK_BYTES_MAX},
        frozenset({"file"}),
    )
    with intake.quarantine.folder() as folder:
        form = await read_form(call.chunks(), call.header("content-type") or "", folder, expected)
        await change.once(form.content)
        prepared = await intake.prepare(form.files["file"], folder, who, _wish(form), now=now)
        track = prepared.track
        with intake.until_kept(*prepared.renditions):
            async with change as tx:
                await bring(tx, who, prepared, now=now)
                url = signer.url(who.user_id, track.id, track.playback, now=now)
                return await change.done(track_view(track, playback_url=url), "track.create", subject_id=track.id)


@patch(
    "/v1/music/{organization_id}/tracks/{track_id}",
    takes=("application/json", "multipart/form-data"),
    asks=ChangeTrack,
    form=ChangeForm,
    errors=(
        NO_TRACK,
        Conflict("The terms of this track are those of the engine that made it."),
        Invalid("The picture cannot be read."),
        TooLarge("The field artwork is too large. Nothing was stored."),
    ),
    example=examples.TRACK,
)
async def change_track(
    track_id: str, call: Call, who: Caller, change: Change, database: Database, intake: Intake, signer: Signer, now: int
) -> Reply[TrackView]:
    """Change the title, the declared terms or the picture of a track that the caller made."""
    with intake.quarantine.folder() as folder:
        edit, picture = await _edit(call, change, folder)
        # Asked before the picture is looked at; decided when it is written.
        if picture is not None and await store.find(database.reader, who, track_id) is None:
            raise NotFound(NO_TRACK.message)
        made = () if picture is None else (await tracks.prepare_artwork(intake, picture, TrackId(track_id), folder),)
        if made:
            edit = Edit(edit.title, edit.declaration, made[0])
        with intake.until_kept(*made):
            async with change as tx:
                track, replaced = await tracks.change(tx, who, track_id, edit, now=now)
                url = signer.url(who.user_id, track.id, track.playback, now=now)
                done = await change.done(track_view(track, playback_url=url), "track.change", subject_id=track.id)
    intake.discard(replaced)
    return done


async def _edit(call: Call, change: Change, folder: Path) -> tuple[Edit, Path | None]:
    """What is to change, and the new picture if there is one."""
    kind = call.header("content-type") or ""
    if not kind.startswith("multipart/"):
        body = read_json(await call.body(), ChangeTrack)
        return Edit(body.title, Declaration(body.licence, body.credits, body.source), body.artwork), None
    form = await read_form(call.chunks(), kind, folder, _CHANGED)
    await change.once(form.content)
    texts = {name: form.fields.get(name, UNSET) for name in _TEXTS}
    said = Declaration(texts["licence"], texts["credits"], texts["source"])
    return Edit(texts["title"], said), form.files.get("artwork")


def _wish(form: Form) -> Wish:
    fields = form.fields
    spoken = fields.get("instrumental", "false").lower()
    if spoken not in {"true", "false"}:
        raise Invalid("Some values cannot be accepted.", faults={"instrumental": "Expected true or false."})
    return Wish(
        title=fields.get("title"),
        instrumental=spoken == "true",
        licence=fields.get("licence"),
        credits=fields.get("credits"),
        source=fields.get("source"),
        filename=form.filename,
        artwork=form.files.get("artwork"),
    )


@get(
    "/v1/music/{organization_id}/tracks/{track_id}/artwork",
    also=(304,),
    media_types=("image/jpeg",),
    errors=(NotFound("This track has no picture."),),
)
async def get_artwork(
    track_id: str, call: Call, who: Caller, database: Database, blobs: LocalBlobs
) -> Answer | FileAnswer:
    """Get the picture of a track that the caller made or saved."""
    found = await store.stored(database.reader, who, track_id, "artwork")
    if found is None:
        raise NotFound("This track has no picture.")
    return _sent(call, blobs, found, found.mime_type)


@get(
    "/v1/music/{organization_id}/tracks/{track_id}/waveform",
    also=(304,),
    media_types=("application/json", "application/octet-stream"),
    errors=(NotFound("This track has no waveform."),),
    example=examples.PEAKS,
)
async def get_waveform(
    track_id: str, call: Call, who: Caller, database: Database, blobs: LocalBlobs
) -> Answer | FileAnswer:
    """Get the waveform of a track as JSON, or in audiowaveform's binary form for `Accept: application/octet-stream`."""
    found = await store.stored(database.reader, who, track_id, "waveform")
    if found is None:
        raise NotFound("This track has no waveform.")
    if "application/octet-stream" in (call.header("accept") or ""):
        return _sent(call, blobs, found, "application/octet-stream")
    headers = _headers(found, "json")
    if knows(call.header("if-none-match"), _tag(found, "json")):
        return Answer(304, headers)
    return json_answer(peaks_of(_path(blobs, found).read_bytes()), 200, headers)


def _sent(call: Call, blobs: LocalBlobs, found: Rendition, mime_type: str) -> Answer | FileAnswer:
    """The bytes, which a browser may keep and ask after; it may do nothing with them but show them."""
    headers = [*_headers(found, ""), ("content-security-policy", "default-src 'none'; sandbox")]
    if knows(call.header("if-none-match"), _tag(found, "")):
        return Answer(304, headers)
    headers += [("content-type", mime_type), ("content-length", str(found.size_bytes))]
    if call.method == "HEAD":
        return Answer(200, headers)
    return FileAnswer(200, headers, str(_path(blobs, found)), 0, found.size_bytes)


def _headers(found: Rendition, form: str) -> Headers:
    return [("etag", f'"{_tag(found, form)}"'), ("cache-control", "private, no-cache"), ("vary", "accept")]


def _tag(found: Rendition, form: str) -> str:
    return found.sha256[:32] + form


def _path(blobs: LocalBlobs, found: Rendition) -> Path:
    path = blobs.path(found.blob_key)
    if not path.exists():
        raise Unavailable("This file cannot be read at the moment.", system_message="The bytes are missing")
    return path


ENDPOINTS = (upload_track, change_track, get_artwork, get_waveform)
