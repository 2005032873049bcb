"""Playback: signed addresses, and the route that serves the bytes behind them."""

from segue.playback.grants import STREAM, VIEW, Grant, Signer, SigningKey, verify
from segue.playback.keys import KeyRing, write_secret
from segue.playback.public import OPERATIONS
from segue.playback.send import Gate, Media, Rendition

__all__ = [
    "OPERATIONS",
    "STREAM",
    "VIEW",
    "Gate",
    "Grant",
    "KeyRing",
    "Media",
    "Rendition",
    "Signer",
    "SigningKey",
    "verify",
    "write_secret",
]
