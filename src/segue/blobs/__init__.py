"""Bytes by key: put, open, size, delete. A key names a thing that we made; no client ever spells one."""

from segue.blobs.keys import BlobKey, rendition_key, track_of
from segue.blobs.local import LocalBlobs, Stored
from segue.blobs.quarantine import Quarantine

__all__ = ["BlobKey", "LocalBlobs", "Quarantine", "Stored", "rendition_key", "track_of"]
