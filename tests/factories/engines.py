"""Engines for tests: their facts, and packages with entry points as an installer leaves them."""

from dataclasses import dataclass
from pathlib import Path

from segue.engines import EngineFacts
from segue.licences import LicenceClass


@dataclass(frozen=True)
class Described:
    """An engine of which nothing is known but its facts."""

    facts: EngineFacts


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
        "licence_class": LicenceClass.COMMERCIAL_CLEARED,
        "licence_version": "2026-11",
        "requires_attribution": False,
    }
    return EngineFacts(**(plain | more))


_MODULE = """\
from segue.engines import EngineFacts
from segue.licences import LicenceClass

class Engine:
    facts = EngineFacts(
        engine_key={engine_key!r},
        version="0.3",
        name="Choir",
        description="Four voices.",
        max_duration_seconds=120,
        supports_vocals=True,
        supports_lyrics=True,
        supports_stems=False,
        languages=("la",),
        licence_class=LicenceClass.PERSONAL_ONLY,
        licence_version="2026-11",
        requires_attribution=True,
    )

engine = Engine()
"""


def install(folder: Path, package: str, engine_key: str = "choir", module: str = _MODULE) -> None:
    """A package that offers an engine, in a folder that is on the path."""
    (folder / f"{package}.py").write_text(module.format(engine_key=engine_key))
    about = folder / f"{package}-0.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.3\n")
    (about / "entry_points.txt").write_text(f"[segue.engines]\n{engine_key} = {package}:engine\n")
