"""The built-in engine: music composed by rules and played by our own synthesis."""

from segue.engines.studio.engine import engine

__all__ = ["engine"]
