"""What any engine must do, tried on the engine itself: by `segue engines check`, and by the tests of Segue's own.

It asks for two short pieces and stops a third. It judges no taste.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from segue import audio
from segue.audio import SoundFacts
from segue.engines.brief import Brief, Rendered
from segue.engines.endings import EngineFailed, EngineRefused, Stopped
from segue.engines.registry import Offer
from segue.engines.run import RenderLimits, made_file, render
from segue.errors import Invalid

PROMPT = "A calm piece for piano and strings, slowly rising, without vocals"
_SECONDS = 8
_STEMS_APART_S = 0.05

_LIMITS = RenderLimits(seconds_max=900, grace_s=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, whether it is kept, and what was seen."""

    rule: str
    kept: bool
    seen: str = ""


@dataclass(slots=True)
class _Try:
    """One piece as it was made."""

    rendered: Rendered
    master: SoundFacts
    stems: dict[str, SoundFacts]
    digest: str
    shares: list[float] = field(default_factory=list)


async def examine(offer: Offer, folder: Path, limits: RenderLimits = _LIMITS) -> AsyncIterator[Finding]:
    """One finding after the other, for an engine that can be used here. `folder` is an empty working folder."""
    brief = _brief(offer)
    try:
        first = await _tried(offer, brief, folder / "first", limits)
    except (EngineFailed, EngineRefused, Invalid) as failure:
        yield Finding("makes a piece that is music", kept=False, seen=str(failure))
        return
    yield Finding(
        "makes a piece that is music", kept=True, seen=f"{first.master.duration_s:.2f} s by {first.rendered.model}"
    )
    for finding in _of_one(offer, brief, first):
        yield finding
    again = await _tried(offer, brief, folder / "again", limits)
    other = await _tried(offer, msgspec.structs.replace(brief, seed=brief.seed + 1), folder / "other", limits)
    if first.rendered.seed is not None:
        same = again.digest == first.digest
        yield Finding("the same seed is the same piece", same, "it says that it keeps to a seed")
    yield Finding("another seed is another piece", other.digest != first.digest)
    yield await _stops(offer, brief, folder / "stopped", limits)


def _brief(offer: Offer) -> Brief:
    facts = offer.facts
    length_s = min(max(_SECONDS, facts.min_duration_seconds), facts.max_duration_seconds)
    return Brief(prompt=PROMPT, duration_s=length_s, seed=1, instrumental=facts.supports_instrumental)


def _of_one(offer: Offer, brief: Brief, made: _Try) -> list[Finding]:
    facts, master = offer.facts, made.master
    missed_s = abs(master.duration_s - brief.duration_s)
    allowed_s = facts.length_tolerance * brief.duration_s
    peak, loudness = master.true_peak_dbtp, master.loudness_lufs
    lengths = [abs(stem.duration_s - master.duration_s) for stem in made.stems.values()]
    return [
        Finding("keeps to the length", missed_s <= max(0.1, allowed_s), f"missed by {missed_s:.2f} s"),
        Finding("is not silent", loudness is not None and loudness > -60, f"{loudness} LUFS"),
        Finding("does not clip", peak is not None and peak <= 0, f"{peak} dBTP"),
        Finding(
            "tells how far it is",
            bool(made.shares) and made.shares == sorted(made.shares) and made.shares[0] >= 0,
            f"{len(made.shares)} times",
        ),
        Finding("has stems if it says so", bool(made.stems) == facts.supports_stems, ", ".join(sorted(made.stems))),
        Finding("its stems are as long as the piece", all(apart_s <= _STEMS_APART_S for apart_s in lengths)),
        Finding("names its model", bool(made.rendered.model), made.rendered.model),
    ]


async def _tried(offer: Offer, brief: Brief, folder: Path, limits: RenderLimits) -> _Try:
    """Raises `EngineFailed`, `EngineRefused`, and `Invalid` for what is not sound."""
    workdir = _made(folder / "work")
    shares: list[float] = []
    rendered = await render(offer, brief, workdir, limits, reached=shares.append, unwanted=asyncio.Event())
    master = made_file(workdir, rendered.master)
    heard = await audio.inspect(master, _made(folder / "master"))
    stems = {
        name: await audio.inspect(made_file(workdir, file), _made(folder / name))
        for name, file in rendered.stems.items()
    }
    digest = await asyncio.to_thread(lambda: hashlib.sha256(master.read_bytes()).hexdigest())
    return _Try(rendered, heard, stems, digest, shares)


async def _stops(offer: Offer, brief: Brief, folder: Path, limits: RenderLimits) -> Finding:
    """Told to stop as soon as it has begun, it does so by itself."""
    rule = "stops when it is told to"
    unwanted = asyncio.Event()
    long = msgspec.structs.replace(brief, duration_s=min(60, offer.facts.max_duration_seconds))
    try:
        await render(offer, long, _made(folder), limits, reached=lambda _: unwanted.set(), unwanted=unwanted)
    except Stopped as stopped:
        return Finding(rule, not stopped.by_force, "it had to be ended by force" if stopped.by_force else "")
    except (EngineFailed, EngineRefused) as failure:
        return Finding(rule, kept=False, seen=str(failure))
    return Finding(rule, kept=False, seen="it went on to the end")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
