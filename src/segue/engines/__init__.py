"""Engines: what makes music here, what each of them can do, and on which terms."""

from segue.engines.brief import Brief, Rendered, Segment
from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.endpoints import ENDPOINTS
from segue.engines.facts import EngineFacts, Setup
from segue.engines.registry import GROUP, Cancelled, Engine, Offer, Progress, Registry, installed

__all__ = [
    "ENDPOINTS",
    "GROUP",
    "Brief",
    "Cancelled",
    "Engine",
    "EngineFacts",
    "EngineFailed",
    "EngineRefused",
    "Offer",
    "Progress",
    "Registry",
    "Rendered",
    "Segment",
    "Setup",
    "Stopped",
    "installed",
]
