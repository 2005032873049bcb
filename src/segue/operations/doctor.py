"""Looks an installation over and says in a sentence what is wrong with it, and what to do. It repairs nothing."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Literal

from segue.engines import Offer
from segue.errors import Failure
from segue.operations.health import Health
from segue.operations.installation import Installation, open_installation
from segue.operations.layout import Layout
from segue.operations.workshop import engines_of
from segue.settings import Settings

Verdict = Literal["ok", "note", "bad"]

_FREE_BYTES_MIN = 1_000_000_000
_TRIES_S = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at. `note` is worth knowing and no fault."""

    name: str
    verdict: Verdict
    says: str


async def look_over(layout: Layout, *, now: int) -> AsyncIterator[Checked]:
    """One after the other; never raises. What cannot be opened is told, and the rest is looked at all the same."""
    settings = layout.settings
    for checked in (*_folder(layout), _address(settings)):
        yield checked
    try:
        async with asyncio.timeout(_TRIES_S), open_installation(layout) as parts:
            async for checked in _inside(parts, now):
                yield checked
    except TimeoutError:
        yield Checked("database", "bad", f"It did not answer within {_TRIES_S} seconds.")
    except Failure as failure:
        yield Checked("installation", "bad", failure.message)
    except Exception as error:  # noqa: BLE001 - a doctor tells what is wrong, whatever it is
        yield Checked("installation", "bad", f"It cannot be opened: {type(error).__name__}: {_line(error)}")
    for offer in engines_of(settings).installed:
        yield _engine(offer, settings)


def _folder(layout: Layout) -> Iterator[Checked]:
    folder = layout.settings.data_dir
    if not layout.keys.is_dir():
        yield Checked("data folder", "bad", f"{folder} is not set up. Run `segue init`.")
        return
    yield Checked("data folder", "ok", str(folder))
    open_to_others = sorted(path.name for path in layout.keys.glob("*.key") if path.stat().st_mode & 0o077)
    if open_to_others:
        yield Checked("keys", "bad", f"Others can read {', '.join(open_to_others)}. Run `chmod 600` on them.")
    else:
        yield Checked("keys", "ok", "Only their owner can read them.")
    free_bytes = shutil.disk_usage(layout.blobs if layout.blobs.exists() else folder).free
    enough = free_bytes >= _FREE_BYTES_MIN
    yield Checked("space", "ok" if enough else "bad", f"{free_bytes / 1e9:.1f} GB are free for music.")


def _address(settings: Settings) -> Checked:
    if settings.public_url is None:
        return Checked("public address", "note", "Links work on this machine only. Set SEGUE_PUBLIC_URL for others.")
    if settings.public_url.startswith("http://") and not settings.trusted_proxies:
        return Checked("public address", "note", f"{settings.public_url} is not encrypted on its way.")
    return Checked("public address", "ok", settings.public_url)


async def _inside(parts: Installation, now: int) -> AsyncIterator[Checked]:
    found = await Health(parts).ask(now=now)
    for component in found.components:
        if component.name != "limit_enforcement":
            well = component.status == "healthy"
            yield Checked(component.name, "ok" if well else "bad", component.details or "It answers.")


def _engine(offer: Offer, settings: Settings) -> Checked:
    name = f"engine {offer.facts.engine_key}"
    if offer.facts.engine_key in settings.disabled_engines:
        return Checked(name, "note", "It is disabled.")
    if offer.obstacle is not None:
        return Checked(name, "note", offer.obstacle)
    return Checked(name, "ok", f"{offer.facts.name}: {offer.facts.licence_class}.")


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")
