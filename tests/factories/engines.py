"""Engines for tests: their facts, and packages with entry points as an installer leaves them."""

from pathlib import Path

from segue.engines import EngineFacts, Offer, Setup
from segue.licences import CATALOGUE_VERSION, LicenceClass, LicenceFacts, Statement


def terms(licence_class: LicenceClass = LicenceClass.COMMERCIAL_CLEARED, *, attribution: bool = False) -> LicenceFacts:
    """Terms that an engine states for what it makes."""
    named = Statement("engine", name="The engine's own terms", url="https://engine.example/terms")
    return LicenceFacts(licence_class, attribution, CATALOGUE_VERSION, frozenset({named}))


def facts(engine_key: str = "studio", **more) -> EngineFacts:
    """The engine of the API's examples."""
    plain = {
        "engine_key": engine_key,
        "version": "1.0",
        "name": "Studio",
        "description": "Instrumental pieces.",
        "max_duration_seconds": 300,
        "supports_vocals": False,
        "supports_lyrics": False,
        "supports_stems": True,
        "languages": ("en", "pt-BR"),
        "terms": terms(),
    }
    return EngineFacts(**(plain | more))


def offer(found: EngineFacts, reference: str = "nowhere:engine", obstacle: str | None = None) -> Offer:
    """An engine of which nothing is known but its facts."""
    return Offer(reference, Setup(), found, obstacle)


_MODULE = """\
from segue.engines import EngineFacts
from segue.licences import CATALOGUE_VERSION, LicenceClass, LicenceFacts, Statement

OWN = Statement("engine", name="Own")
TERMS = LicenceFacts(LicenceClass.PERSONAL_ONLY, True, CATALOGUE_VERSION, frozenset({{OWN}}))

class Engine:
    def __init__(self, setup):
        self.facts = EngineFacts(
            engine_key={engine_key!r},
            version="0.3",
            name="Choir",
            description=setup.options.get("described", "Four voices."),
            max_duration_seconds=120,
            supports_vocals=True,
            supports_lyrics=True,
            supports_stems=False,
            languages=("la",),
            terms=TERMS,
        )

    def obstacle(self):
        return None

engine = Engine
"""


def install(folder: Path, package: str, engine_key: str = "choir", module: str = _MODULE) -> None:
    """A package that offers an engine, in a folder that is on the path."""
    (folder / f"{package}.py").write_text(module.format(engine_key=engine_key))
    about = folder / f"{package}-0.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.3\n")
    (about / "entry_points.txt").write_text(f"[segue.engines]\n{engine_key} = {package}:engine\n")
