"""The library: what each user has, and how a file comes into it."""

from segue.library.bring import bring
from segue.library.endpoints import ENDPOINTS as _READING
from segue.library.files import ENDPOINTS as _FILES
from segue.library.store import Edge, add, find_readable, may_read, readable
from segue.library.stream import user_gate
from segue.library.tables import library
from segue.library.view import EdgeView, edge_view

ENDPOINTS = (*_READING, *_FILES)

__all__ = [
    "ENDPOINTS",
    "Edge",
    "EdgeView",
    "add",
    "bring",
    "edge_view",
    "find_readable",
    "library",
    "may_read",
    "readable",
    "user_gate",
]
