"""The list of engines over HTTP. It shows what a client needs to choose one, and no more."""

import msgspec

from segue.access import Caller
from segue.engines.facts import EngineFacts
from segue.engines.registry import Registry
from segue.http import get
from segue.licences import CATALOGUE_VERSION, LicenceClass


class EngineView(msgspec.Struct):
    """An engine that may be used."""

    engine_key: str
    name: str
    description: str
    max_duration_seconds: int
    supports_vocals: bool
    supports_lyrics: bool
    supports_stems: bool
    languages: tuple[str, ...]
    licence_class: LicenceClass
    licence_version: str
    commercial_use: bool
    requires_attribution: bool


class EngineList(msgspec.Struct):
    """Every engine that may be used, by its key."""

    engines: list[EngineView]


def _view(facts: EngineFacts) -> EngineView:
    return EngineView(**{name: getattr(facts, name) for name in EngineView.__struct_fields__})


EXAMPLE = EngineList(
    [
        EngineView(
            engine_key="studio",
            name="Studio",
            description="Instrumental pieces from a description in words.",
            max_duration_seconds=300,
            supports_vocals=False,
            supports_lyrics=False,
            supports_stems=True,
            languages=("en", "de"),
            licence_class=LicenceClass.COMMERCIAL_CLEARED,
            licence_version=CATALOGUE_VERSION,
            commercial_use=True,
            requires_attribution=False,
        )
    ]
)


@get("/v1/music/{organization_id}/engines", cached=True, example=EXAMPLE)
async def list_engines(who: Caller, engines: Registry) -> EngineList:  # noqa: ARG001 - whoever may not act there sees none
    """List the engines that may be used, with what they can do and on which terms."""
    return EngineList([_view(facts) for facts in engines.facts])


ENDPOINTS = (list_engines,)
