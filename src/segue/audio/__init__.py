"""Opens files nobody trusts in a limited child process, measures them, and encodes: nothing of a file is read here.

The child imports this package too, and pays for every module in it; so the half that starts it, which needs
asyncio, comes through the door only when somebody asks for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segue.audio.model import ARTWORK_NAME, WAVEFORM_NAME, AudioLimits, MasterFacts, SoundFacts

if TYPE_CHECKING:
    from segue.audio.run import encode_artwork, encode_master, inspect

__all__ = [
    "ARTWORK_NAME",
    "WAVEFORM_NAME",
    "AudioLimits",
    "MasterFacts",
    "SoundFacts",
    "encode_artwork",
    "encode_master",
    "inspect",
]


def __getattr__(name: str) -> Any:
    """The functions of the parent's half, on first use (PEP 562)."""
    if name in {"encode_artwork", "encode_master", "inspect"}:
        return getattr(import_module("segue.audio.run"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
