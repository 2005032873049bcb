"""The library: what each user has, and how a file comes into it."""

from segue.library.bring import bring
from segue.library.endpoints import upload_track
from segue.library.store import has
from segue.library.stream import user_gate
from segue.library.tables import library

__all__ = ["bring", "has", "library", "upload_track", "user_gate"]
