"""The library over HTTP: uploading a track."""

from segue.access import Caller
from segue.audit import Trail
from segue.database import Database
from segue.errors import Invalid
from segue.http import FrameworkRequest, Given, post
from segue.library.bring import bring
from segue.library.uploads import Upload, read_upload
from segue.playback import Signer
from segue.settings import Settings
from segue.tracks import Intake, TrackView, Wish, track_view


# The body is read as it comes and cut off by our own limits, so the framework's limit is not asked.
@post("/v1/music/{organization_id:str}/tracks", status_code=201, request_max_body_size=None)
async def upload_track(
    request: FrameworkRequest,
    who: Given[Caller],
    database: Given[Database],
    intake: Given[Intake],
    signer: Given[Signer],
    trail: Given[Trail],
    settings: Given[Settings],
    now: Given[int],
) -> TrackView:
    """Take a sound file in as a new track of the caller's library."""
    with intake.quarantine.folder() as folder:
        content_type = request.headers.get("content-type", "")
        upload = await read_upload(request.stream(), content_type, folder, upload_bytes_max=settings.upload_bytes_max)
        track = await bring(database, intake, upload.files["file"], folder, who, _wish(upload), now=now)
    await trail.record("track.create", "done", subject_id=track.id, actor_id=who.user_id)
    return track_view(track, playback_url=signer.url(who.user_id, track.id, track.playback, now=now))


def _wish(upload: Upload) -> Wish:
    fields = upload.fields
    spoken = fields.get("instrumental", "false").lower()
    if spoken not in {"true", "false"}:
        raise Invalid("Some values cannot be accepted.", faults={"instrumental": "Expected true or false."})
    return Wish(
        title=fields.get("title"),
        instrumental=spoken == "true",
        licence=fields.get("licence"),
        credits=fields.get("credits"),
        filename=upload.filename,
        artwork=upload.files.get("artwork"),
    )
