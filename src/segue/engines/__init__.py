"""Engines: what makes music here, what each of them can do, and on which terms.

An engine imports this package too, in a process that is started for every piece and pays for every module in it; so
the half that runs engines comes through the door only when somebody asks for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segue.engines.brief import Brief, Rendered, Segment
from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.engine import Cancelled, Engine, Progress
from segue.engines.facts import EngineFacts, Setup, setups_of

if TYPE_CHECKING:
    from segue.engines.conformance import examine
    from segue.engines.endpoints import ENDPOINTS
    from segue.engines.registry import GROUP, Offer, Registry, installed
    from segue.engines.run import RUBBISH, RenderLimits, made_file, render

__all__ = [
    "ENDPOINTS",
    "GROUP",
    "RUBBISH",
    "Brief",
    "Cancelled",
    "Engine",
    "EngineFacts",
    "EngineFailed",
    "EngineRefused",
    "Offer",
    "Progress",
    "Registry",
    "RenderLimits",
    "Rendered",
    "Segment",
    "Setup",
    "Stopped",
    "examine",
    "installed",
    "made_file",
    "render",
    "setups_of",
]

_RUNNING = {
    "conformance": {"examine"},
    "endpoints": {"ENDPOINTS"},
    "registry": {"GROUP", "Offer", "Registry", "installed"},
    "run": {"RUBBISH", "RenderLimits", "made_file", "render"},
}


def __getattr__(name: str) -> Any:
    """What runs engines, on first use (PEP 562)."""
    for module, names in _RUNNING.items():
        if name in names:
            return getattr(import_module(f"segue.engines.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
