"""Finds the engines that are installed, and knows which of them may be used.

An engine is a Python package with an entry point in the group `segue.engines`. One that cannot be loaded is told in the
log and left out; one whose key is not free stops the start, since tracks and bills would name the wrong engine.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

import structlog

from segue.engines.facts import EngineFacts, Setup, check_key, checked
from segue.errors import Conflict

if TYPE_CHECKING:
    from segue.engines.engine import Make

_log = structlog.get_logger()

GROUP = "segue.engines"


@dataclass(frozen=True, slots=True)
class Offer:
    """An engine as this installation has it. `reference` is `module:attribute`: where a process of its own finds it
    again; `obstacle` says why it cannot be used here.
    """

    reference: str
    setup: Setup
    facts: EngineFacts
    obstacle: str | None = None


class Registry:
    """Offers by the keys of their engines. `disabled` are the keys of those that the operator does not want used.

    Raises `Invalid` for a key that none may have, and `Conflict` for one that two have.
    """

    def __init__(self, offers: Iterable[Offer] = (), disabled: Collection[str] = ()) -> None:
        found: dict[str, Offer] = {}
        for offer in offers:
            engine_key = offer.facts.engine_key
            check_key(engine_key)
            if engine_key in found:
                raise Conflict(f"Two engines are called {engine_key!r}. Remove one of them.")
            found[engine_key] = offer
        for engine_key in sorted(set(disabled) - found.keys()):
            _log.warning("a disabled engine is not installed", engine=engine_key)
        self.installed = tuple(found[engine_key] for engine_key in sorted(found))
        self._usable = {
            offer.facts.engine_key: offer
            for offer in self.installed
            if offer.obstacle is None and offer.facts.engine_key not in disabled
        }

    @property
    def facts(self) -> tuple[EngineFacts, ...]:
        """Of every engine that may be used, by key."""
        return tuple(offer.facts for offer in self._usable.values())

    def find(self, engine_key: str) -> Offer | None:
        """The engine, unless it is unknown, disabled, or cannot be used here."""
        return self._usable.get(engine_key)


def installed(setups: Mapping[str, Setup] | None = None, disabled: Collection[str] = ()) -> Registry:
    """The registry of all engines that are installed beside Segue, Segue's own among them. Loading them runs their
    code. `setups` are the operator's, by the names of the entry points, which are the engines' keys.
    """
    found = (
        _offer(each, (setups or {}).get(each.name, Setup())) for each in sorted(entry_points(group=GROUP), key=_name)
    )
    return Registry((offer for offer in found if offer is not None), disabled)


def _offer(entry_point: EntryPoint, setup: Setup) -> Offer | None:
    try:
        make: Make = entry_point.load()
        engine = make(setup)
        return Offer(entry_point.value, setup, checked(engine.facts), engine.obstacle())
    # Whatever it is that somebody else's package does when it is loaded, the server goes on without it.
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the edge to code that is not ours
        told = f"{type(error).__name__}: {error}"
        _log.warning("an engine cannot be used", engine=entry_point.name, package=_name(entry_point)[0], error=told)
        return None


def _name(entry_point: EntryPoint) -> tuple[str, str]:
    return entry_point.dist.name if entry_point.dist else "", entry_point.name
