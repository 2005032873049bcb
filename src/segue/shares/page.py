"""The share page for browsers, and the calm pages for links that do not play. It asks nothing: it is told."""

from collections.abc import Callable

from segue import licences
from segue.http import Answer, Headers
from segue.playback import STREAM, VIEW
from segue.shares import sleeve
from segue.shares.store import Opened, SharedTrack, Sleeve
from segue.shares.view import GONE, is_available
from segue.web import Templates

# Mints an address for a rendition of a track: (track id, rendition, action).
Url = Callable[[str, str, str], str]

_UNTITLED = "Untitled"


class SharePage:
    """Renders pages for links. `media_origin` is where playback addresses lead; pages may load from nowhere else."""

    def __init__(self, templates: Templates, media_origin: str) -> None:
        self._templates = templates
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            f"img-src 'self' {media_origin}; media-src 'self' {media_origin}; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        self._headers: Headers = [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("vary", "accept"),
            ("content-security-policy", policy),
        ]

    def live(self, opened: Opened, back: Sleeve, url: Url, *, plays: bool) -> Answer:
        """The page of an open link. With `plays` it carries players that work without a script."""
        # What went away between the read for the link and the one for its sleeve is not shown either.
        tracks, collection = [track for track in opened.tracks if track.id in back.licences], opened.collection
        if not is_available(opened) or not (tracks or opened.is_collection):
            return self._calm(200, "No longer here", GONE)
        facts = [licences.from_json(back.licences[track.id]) for track in tracks]
        lines = [self._line(track, told, url, plays=plays) for track, told in zip(tracks, facts, strict=True)]
        cover = next((track for track in tracks if track.id in back.covers), None)
        page = self._templates.render(
            "share.html",
            title=collection.name if collection else tracks[0].title or _UNTITLED,
            description=collection.description if collection else None,
            sharer=back.sharer,
            duration_s=sum(track.duration_s for track in tracks),
            artwork=cover and url(cover.id, "artwork", VIEW),
            is_collection=opened.is_collection,
            tracks=lines,
            plays=plays and bool(tracks),
            back=sleeve.of_collection(facts) if opened.is_collection else sleeve.of_track(facts[0]),
        )
        return Answer(200, self._headers, page)

    def dead(self) -> Answer:
        """The page for every link that is not open, whatever the reason: it has status 404."""
        return self._calm(
            404, "This link is no longer available", "Nothing is wrong on your side. Ask the person who sent it."
        )

    def limited(self, wait_s: int) -> Answer:
        seconds = "a second" if wait_s == 1 else f"{wait_s} seconds"
        answer = self._calm(
            429, "A moment, please", f"Too many requests came from your network. Try again in {seconds}."
        )
        answer.headers = [*answer.headers, ("retry-after", str(wait_s))]
        return answer

    def _line(self, track: SharedTrack, facts: licences.LicenceFacts, url: Url, *, plays: bool) -> dict[str, object]:
        return {
            "id": track.id,
            "title": track.title or _UNTITLED,
            "duration_s": track.duration_s,
            "url": url(track.id, track.playback, STREAM) if plays else None,
            "note": licences.headline(facts),
        }

    def _calm(self, status: int, heading: str, sentence: str) -> Answer:
        return Answer(status, self._headers, self._templates.render("calm.html", heading=heading, sentence=sentence))
