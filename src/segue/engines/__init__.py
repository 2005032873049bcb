"""Engines: what makes music here, what each of them can do, and on which terms."""

from segue.engines.endpoints import ENDPOINTS
from segue.engines.facts import EngineFacts
from segue.engines.registry import GROUP, Engine, Registry, installed

__all__ = ["ENDPOINTS", "GROUP", "Engine", "EngineFacts", "Registry", "installed"]
