"""Tracks: taken in, kept in renditions, changed and removed by whoever made them."""

from segue.tracks.change import Edit, change, prepare_artwork
from segue.tracks.declaration import Declaration, licence_columns
from segue.tracks.master import make_master
from segue.tracks.peaks import Peaks, peaks_of
from segue.tracks.remove import ERASE_JOB, erase, remove
from segue.tracks.store import RenditionRow, Track, find, find_own, find_rendition
from segue.tracks.tables import renditions, tracks
from segue.tracks.take_in import MASTER_JOB, Intake, Prepared, Wish, keep
from segue.tracks.view import LicenceClass, Mode, TermsView, TrackView, terms_view, track_view

__all__ = [
    "ERASE_JOB",
    "MASTER_JOB",
    "Declaration",
    "Edit",
    "Intake",
    "LicenceClass",
    "Mode",
    "Peaks",
    "Prepared",
    "RenditionRow",
    "TermsView",
    "Track",
    "TrackView",
    "Wish",
    "change",
    "erase",
    "find",
    "find_own",
    "find_rendition",
    "keep",
    "licence_columns",
    "make_master",
    "peaks_of",
    "prepare_artwork",
    "remove",
    "renditions",
    "terms_view",
    "track_view",
    "tracks",
]
