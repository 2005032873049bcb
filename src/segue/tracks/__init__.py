"""Tracks: taken in, kept in renditions, changed and removed by whoever made them."""

from segue.tracks.change import Edit, change, prepare_artwork
from segue.tracks.declaration import Declaration, licence_columns
from segue.tracks.master import make_master
from segue.tracks.peaks import Peaks, peaks_of
from segue.tracks.remove import ERASE_JOB, erase, remove
from segue.tracks.store import Making, RenditionRow, Track, blob_keys, find, find_making, find_own, find_rendition
from segue.tracks.tables import makings, renditions, tracks
from segue.tracks.take_in import MASTER_JOB, Intake, Prepared, Wish, keep
from segue.tracks.take_over import STEM_PREFIX, Made, take_over
from segue.tracks.titles import from_words as title_from_words
from segue.tracks.titles import wished as wished_title
from segue.tracks.view import LicenceClass, Mode, TermsView, TrackView, terms_view, track_view

__all__ = [
    "ERASE_JOB",
    "MASTER_JOB",
    "STEM_PREFIX",
    "Declaration",
    "Edit",
    "Intake",
    "LicenceClass",
    "Made",
    "Making",
    "Mode",
    "Peaks",
    "Prepared",
    "RenditionRow",
    "TermsView",
    "Track",
    "TrackView",
    "Wish",
    "blob_keys",
    "change",
    "erase",
    "find",
    "find_making",
    "find_own",
    "find_rendition",
    "keep",
    "licence_columns",
    "make_master",
    "makings",
    "peaks_of",
    "prepare_artwork",
    "remove",
    "renditions",
    "take_over",
    "terms_view",
    "title_from_words",
    "track_view",
    "tracks",
    "wished_title",
]
