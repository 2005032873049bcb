"""Commands that make music: generate, engines, engines check."""

import json
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from segue import engines
from segue.cli.root import As, Data, Json, command
from segue.cli.running import as_person, run, settings_of
from segue.cli.sharing import show_track
from segue.clock import now_s
from segue.engines import Offer, RenderLimits
from segue.errors import Conflict, NotFound
from segue.generations import Wish
from segue.limits import SEED_MAX
from segue.operations import Local, compose, compose_to, engines_of, policy_of

listing = typer.Typer(help="The engines that make music here.", invoke_without_command=True)
command.add_typer(listing, name="engines")


@command.command()
def generate(  # noqa: PLR0913, PLR0917 - Typer reads the options of a command from its parameters
    prompt: Annotated[str, typer.Argument(help="What to make: genre, mood, instruments.")],
    engine: Annotated[str, typer.Option(help="The key of the engine; `segue engines` lists them.")] = "studio",
    duration: Annotated[int, typer.Option(min=1, help="Its length in seconds.")] = 120,
    seed: Annotated[int | None, typer.Option(min=0, max=SEED_MAX, help="The same seed makes the same piece.")] = None,
    style: Annotated[list[str] | None, typer.Option(help="A style tag; may be given more than once.")] = None,
    title: Annotated[str | None, typer.Option(help="The title. Nothing: the first words of the prompt.")] = None,
    lyrics: Annotated[str | None, typer.Option(help="What is to be sung, for an engine that sings.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write this file (.flac, .wav or .mp3) and keep nothing else.")
    ] = None,
    data: Data = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Make a piece of music, into your library or into a file."""
    wish = Wish(engine, prompt, duration, style_tags=tuple(style or ()), title=title, lyrics=lyrics)
    rolled = secrets.randbelow(SEED_MAX + 1) if seed is None else seed
    settings = settings_of(data)
    if out is not None:
        limits = RenderLimits(settings.render_seconds_max, settings.upload_bytes_max)
        with _bar(f"Making {out.name}") as reached:
            registry = engines_of(settings)
            made = run(compose_to(out.absolute(), registry, wish, limits, seed=rolled, reached=reached))
        print(json.dumps({"file": str(made), "seed": rolled}) if as_json else made)
        return

    async def work(here: Local) -> None:
        with _bar(f"Making {title or 'your piece'}") as reached:
            policy = policy_of(settings)
            registry = engines_of(settings)
            track = await compose(here, registry, wish, policy, seed=rolled, reached=reached, now=now_s())
        show_track(track, as_json=as_json)

    as_person(data, as_, work)


@listing.callback()
def list_engines(context: typer.Context, data: Data = None, as_json: Json = False) -> None:
    """List the engines that are installed, what each can do, on which terms, and what keeps one from being used."""
    if context.invoked_subcommand is not None:
        return
    settings = settings_of(data)
    for offer in engines_of(settings).installed:
        disabled = offer.facts.engine_key in settings.disabled_engines
        print(msgspec.json.encode(_told(offer, disabled)).decode() if as_json else _line(offer, disabled))


@listing.command("check")
def check_engine(
    name: Annotated[str, typer.Argument(help="The key of the engine.")], data: Data = None, as_json: Json = False
) -> None:
    """Try an engine against the rules that any engine keeps. It makes three short pieces; a service may charge them."""
    offer = next((each for each in engines_of(settings_of(data)).installed if each.facts.engine_key == name), None)
    if offer is None:
        raise NotFound(f"There is no engine {name!r}. `segue engines` lists them.")
    if offer.obstacle is not None:
        raise Conflict(offer.obstacle)
    if not run(_examined(offer, as_json=as_json)):
        sys.exit(1)


async def _examined(offer: Offer, *, as_json: bool) -> bool:
    kept = True
    with tempfile.TemporaryDirectory(prefix="segue-") as folder:
        async for finding in engines.examine(offer, Path(folder)):
            kept = kept and finding.kept
            if as_json:
                print(json.dumps({"rule": finding.rule, "kept": finding.kept, "seen": finding.seen}), flush=True)
            else:
                seen = f" ({finding.seen})" if finding.seen else ""
                print(f"{'yes' if finding.kept else 'NO '}  {finding.rule}{seen}", flush=True)
    return kept


def _told(offer: Offer, disabled: bool) -> dict[str, Any]:
    facts = offer.facts
    return {
        "engine_key": facts.engine_key,
        "name": facts.name,
        "version": facts.version,
        "usable": offer.obstacle is None and not disabled,
        "obstacle": offer.obstacle,
        "max_duration_seconds": facts.max_duration_seconds,
        "supports_vocals": facts.supports_vocals,
        "supports_stems": facts.supports_stems,
        "licence_class": facts.licence_class,
        "requires_attribution": facts.requires_attribution,
    }


def _line(offer: Offer, disabled: bool) -> str:
    facts = offer.facts
    state = "disabled" if disabled else offer.obstacle or f"up to {facts.max_duration_seconds} s"
    return f"{facts.engine_key:<18}  {facts.licence_class:<21}  {state}"


@contextmanager
def _bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal, nothing in a pipe."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda share: progress.update(task, completed=share)
