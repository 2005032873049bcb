"""Finds the engines that are installed, and knows which of them may be used.

An engine is a Python package with an entry point in the group `segue.engines`. One that cannot be loaded is told in the
log and left out; one whose key is not free stops the start, since tracks and bills would name the wrong engine.
"""

from collections.abc import Collection, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

import structlog

from segue.engines.facts import EngineFacts, check_key, checked
from segue.errors import Conflict

_log = structlog.get_logger()

GROUP = "segue.engines"


class Engine(Protocol):
    """What an entry point leads to."""

    @property
    def facts(self) -> EngineFacts: ...


class Registry:
    """Engines by their keys. `disabled` are the keys of those that the operator does not want used.

    Raises `Invalid` for a key that none may have, and `Conflict` for one that two have.
    """

    def __init__(self, engines: Iterable[Engine] = (), disabled: Collection[str] = ()) -> None:
        found: dict[str, tuple[Engine, EngineFacts]] = {}
        for engine in engines:
            facts = checked(engine.facts)
            check_key(facts.engine_key)
            if facts.engine_key in found:
                raise Conflict(f"Two engines are called {facts.engine_key!r}. Remove one of them.")
            found[facts.engine_key] = (engine, facts)
        for engine_key in sorted(set(disabled) - found.keys()):
            _log.warning("a disabled engine is not installed", engine=engine_key)
        self._usable = {engine_key: found[engine_key] for engine_key in sorted(found) if engine_key not in disabled}

    @property
    def facts(self) -> tuple[EngineFacts, ...]:
        """Of every engine that may be used, by key."""
        return tuple(facts for _, facts in self._usable.values())

    def find(self, engine_key: str) -> Engine | None:
        """The engine, unless it is unknown or disabled."""
        engine, _ = self._usable.get(engine_key, (None, None))
        return engine


def installed(disabled: Collection[str] = ()) -> Registry:
    """The registry of all engines that are installed beside Segue. Loading them runs their code."""
    found = (_loaded(entry_point) for entry_point in sorted(entry_points(group=GROUP), key=_name))
    return Registry((engine for engine in found if engine is not None), disabled)


def _loaded(entry_point: EntryPoint) -> Engine | None:
    try:
        engine: Engine = entry_point.load()
        checked(engine.facts)
    # Whatever it is that somebody else's package does when it is loaded, the server goes on without it.
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the edge to code that is not ours
        told = f"{type(error).__name__}: {error}"
        _log.warning("an engine cannot be used", engine=entry_point.name, package=_name(entry_point)[0], error=told)
        return None
    return engine


def _name(entry_point: EntryPoint) -> tuple[str, str]:
    return entry_point.dist.name if entry_point.dist else "", entry_point.name
