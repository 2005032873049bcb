"""What the settings say about making music, in the shapes that the rooms ask for."""

from segue import engines
from segue.audit import Trail
from segue.engines import Registry, RenderLimits, setups_of
from segue.generations import LANE_PREFIX, Policy, Workshop, prices_of
from segue.ids import new_request_id
from segue.operations.installation import Installation
from segue.settings import Settings


def engines_of(settings: Settings) -> Registry:
    """Every engine that is installed, as the operator has set it up."""
    setups = setups_of(settings.engine_options, settings.engine_declarations)
    return engines.installed(setups, settings.disabled_engines)


def policy_of(settings: Settings) -> Policy:
    return Policy(prices_of(settings.engine_prices), settings.refused_words)


def workshop(parts: Installation, registry: Registry) -> Workshop:
    """What makes the pieces that wait in the queue."""
    settings = parts.settings
    return Workshop(
        parts.database,
        parts.intake,
        registry,
        RenderLimits(settings.render_seconds_max, settings.upload_bytes_max),
        lambda: Trail(parts.log, "worker", "worker", new_request_id()),
    )


def lanes_of(settings: Settings, registry: Registry) -> dict[str, int]:
    """How many pieces at once each engine's lane may make in this process."""
    pairs = (each.partition("=") for each in settings.engine_concurrency)
    chosen = {engine_key: int(number) for engine_key, _, number in pairs}
    keys = (facts.engine_key for facts in registry.facts)
    return {LANE_PREFIX + engine_key: chosen.get(engine_key, 1) for engine_key in keys}
