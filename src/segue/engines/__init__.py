"""Engines: what makes music here, what each of them can do, and on which terms."""

from segue.engines.brief import Brief, Rendered, Segment
from segue.engines.conformance import examine
from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.endpoints import ENDPOINTS
from segue.engines.facts import EngineFacts, Setup, setups_of
from segue.engines.registry import GROUP, Cancelled, Engine, Offer, Progress, Registry, installed
from segue.engines.render import RUBBISH, RenderLimits, made_file, render

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
