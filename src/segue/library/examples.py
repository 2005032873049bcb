"""What the reference shows of the library: the API's own examples."""

from msgspec.structs import replace

from segue import licences
from segue.library.view import EdgeView
from segue.tracks import Peaks, TrackView, terms_view

LISTED = TrackView(
    id="mtrack_7c1a9e2f4b8d",
    title="Late Night Study",
    engine="studio",
    mode="creation",
    measured_duration_seconds=120.4,
    instrumental=True,
    licence_class="commercial_cleared",
    created_at="2026-06-28T10:30:00Z",
    playback_url=None,
    stem_urls=None,
)
_MEDIA = "https://music.example/media/mtrack_7c1a9e2f4b8d"
TRACK = replace(LISTED, playback_url=f"{_MEDIA}/master?…", stem_urls={"drums": f"{_MEDIA}/stem_drums?…"})
UPLOADED = replace(LISTED, engine="upload", licence_class="unclear", playback_url=f"{_MEDIA}/original?…")
TERMS = terms_view(
    LISTED.id, licences.facts_of("CC-BY-4.0", asserted_by="uploader", credits=["Late Night Study by Ada"])
)
SAVED = EdgeView(
    id="mlib_6d2f9a4c1e83",
    track_id="mtrack_b4d9e1c6a72f",
    source="shared",
    share_link_id="mslink_3a7f2c9e8b14",
    created_at="2026-06-28T10:30:00Z",
)
PEAKS = Peaks(
    version=2, channels=1, sample_rate=44_100, samples_per_pixel=512, bits=8, length=2, data=[-64, 71, -80, 77]
)
