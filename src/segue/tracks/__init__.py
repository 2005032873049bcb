"""Tracks: taken in from files, measured, kept in renditions."""

from segue.tracks.master import make_master
from segue.tracks.store import RenditionRow, Track, find, find_rendition
from segue.tracks.tables import renditions, tracks
from segue.tracks.take_in import MASTER_JOB, Intake, Prepared, Wish, keep
from segue.tracks.view import TrackView, track_view

__all__ = [
    "MASTER_JOB",
    "Intake",
    "Prepared",
    "RenditionRow",
    "Track",
    "TrackView",
    "Wish",
    "find",
    "find_rendition",
    "keep",
    "make_master",
    "renditions",
    "track_view",
    "tracks",
]
