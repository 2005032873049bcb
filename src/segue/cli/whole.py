"""The command. Results go to standard output, everything else to standard error; a failure is one sentence."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import structlog
import typer
import uvloop
from rich.console import Console

from segue import accounts, app, shares
from segue.audit import Filter, entries
from segue.clock import now_s, utc_text_us
from segue.database import open_database
from segue.errors import Failure, Invalid
from segue.operations import (
    Installation,
    Layout,
    Local,
    OrganizationCaps,
    cap,
    disable,
    initialise,
    local,
    open_installation,
    set_password,
)
from segue.operations import demo as make_demo
from segue.settings import Settings, load
from segue.shares import Wish as ShareWish
from segue.spending import Window, chf, chf_e4_of, chf_text
from segue.tracks import Track, Wish

T = TypeVar("T")

NO_CAP = "none"

command = typer.Typer(
    help="Segue: a self-hosted Music Studio. Share music by a link that tells the truth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
user = typer.Typer(help="Users.", no_args_is_help=True)
command.add_typer(user, name="user")

Data = Annotated[str | None, typer.Option("--data", help="The data folder.", show_default="$SEGUE_DATA_DIR")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
For = Annotated[str | None, typer.Option("--as", help="Act for the user with this e-mail.")]
Label = Annotated[str | None, typer.Option(help="Whom the link is for; only you see it.")]
Days = Annotated[int | None, typer.Option("--expires-in-days", help="After so many days the link ends.")]
Opens = Annotated[int | None, typer.Option("--max-opens", help="So often the link can be opened.")]
Licence = Annotated[str | None, typer.Option(help="An SPDX identifier such as CC-BY-4.0, or own. Nothing: unclear.")]
Cap = Annotated[str | None, typer.Option(metavar="CHF|none", help="An amount such as 10.50, or none for no cap.")]
Title = Annotated[str | None, typer.Option(help="The title. Nothing: the file's own.")]


def main() -> None:
    """Run the command line. Usage errors end with 2, failures with 1 and one sentence."""
    try:
        command()
    except Failure as failure:
        faults = [error["message"] for error in failure.details.get("errors", [])]
        print(" ".join(faults) or failure.message, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it was, a person gets a sentence
        print(f"Something went wrong that Segue did not expect: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)


@command.command()
def init(
    organization: Annotated[str, typer.Option(help="The name of the organization.")],
    email: Annotated[str, typer.Option("--user", help="The e-mail of its first user.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Set up a data folder, and print the first user's API key once."""
    layout = Layout(_settings(data))
    member = _run(initialise(layout, organization, email, now=now_s()))
    _show_member(member, as_json=as_json, data_dir=str(layout.settings.data_dir))


@command.command()
def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8600,
) -> None:
    """Serve until told to stop."""
    settings = _settings(data)
    _run(app.serve(settings, host, port, lambda url: print(f"Segue is ready on {url}", flush=True)))


@command.command()
def worker(data: Data = None) -> None:
    """Do the jobs of the server, beside it or on another machine, until told to stop."""
    _run(app.work(_settings(data), lambda: print("Segue is at work", flush=True)))


@command.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Sound files: wav, flac, mp3, ogg, opus, m4a, aac, aiff.")],
    title: Title = None,
    licence: Licence = None,
    collection: Annotated[str | None, typer.Option(help="Put the tracks into the collection of this name.")] = None,
    data: Data = None,
    as_: For = None,
    as_json: Json = False,
) -> None:
    """Take sound files in as tracks."""
    if title is not None and len(files) > 1:
        raise Invalid("A title belongs to one file: give one file, or no title.")

    async def work(here: Local) -> None:
        for number, path in enumerate(files, start=1):
            with _progress(f"{path.name} ({number} of {len(files)})"):
                wish = Wish(title=title, licence=licence, filename=path.name)
                track = await here.bring(path, wish, collection, now=now_s())
            _show_track(track, as_json=as_json)

    _here(data, as_, work)


@command.command()
def share(
    target: Annotated[str, typer.Argument(metavar="FILE|TRACK_ID|COLLECTION_ID", help="What to share.")],
    label: Label = None,
    expires_in_days: Days = None,
    max_opens: Opens = None,
    licence: Licence = None,
    title: Title = None,
    data: Data = None,
    as_: For = None,
    as_json: Json = False,
) -> None:
    """Make a link that anybody can open. A file is imported first."""
    path = Path(target)
    is_id = target.startswith(("mtrack_", "mcoll_")) and not path.exists()
    wanted = ShareWish(expires_in_days=expires_in_days, label=label, max_opens=max_opens)

    async def work(here: Local) -> shares.NewShareView:
        subject = target
        # Asked before the file is brought in: a wish that cannot be granted must not leave a track behind.
        shares.check_wish(wanted)
        if not is_id:
            with _progress(path.name):
                wish = Wish(title=title, licence=licence, filename=path.name)
                subject = (await here.bring(path, wish, None, now=now_s())).id
        return await here.share(subject, wanted, now=now_s())

    made = _here(data, as_, work)
    print(msgspec.json.encode(made).decode() if as_json else made.url)


@command.command()
def revoke(
    link: Annotated[str, typer.Argument(metavar="SHARE_ID|LINK", help="The link, or the share's id.")],
    data: Data = None,
    as_: For = None,
) -> None:
    """End a link now and for good."""

    async def work(here: Local) -> tuple[str, bool]:
        return await here.revoke(link, now=now_s())

    share_id, ended = _here(data, as_, work)
    print(f"{share_id} {'is revoked' if ended else 'was revoked before'}.")


@command.command("shares")
def list_shares(data: Data = None, as_: For = None, as_json: Json = False) -> None:
    """List your links, newest first. The secret part of a link cannot be shown again."""

    async def work(here: Local) -> list[Any]:
        async with here.parts.database.reading() as tx:
            found = await shares.newest(tx, here.who, limit=10_000, offset=0)
        return [shares.listed(share, now=now_s()) for share in found]

    for view in _here(data, as_, work):
        if as_json:
            print(msgspec.json.encode(view).decode())
        else:
            ends = f"until {view.expires_at}" if view.expires_at else "no end"
            opens = f"{view.opens} of {view.max_opens} opens" if view.max_opens else ""
            print("  ".join(part for part in (view.id, view.state, view.target_id, ends, opens, view.label) if part))


@command.command()
def demo(
    data: Annotated[str, typer.Option("--data", help="The folder for it.")] = "demo-data",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8600,
) -> None:
    """Make music, a collection and links, and serve them until told to stop."""
    settings = _settings(data)
    layout = Layout(settings)
    if settings.public_url is None:
        layout.settings.data_dir.mkdir(parents=True, exist_ok=True)
        layout.address.write_text(f"http://127.0.0.1:{port}")
    links = _run(make_demo(layout, lambda line: print(line, file=sys.stderr), now=now_s()))

    def ready(url: str) -> None:
        print(f"Segue is ready on {url}. Open a link in a browser; Ctrl-C ends the demo.")
        for link in links:
            print(f"  {link.name}: {link.url}", flush=True)

    _run(app.serve(settings, "127.0.0.1", port, ready))


@user.command("add")
def add_user(
    email: str,
    organization: Annotated[str | None, typer.Option(help="Its id or its name.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a user to an organization, and print the user's API key once."""
    layout = Layout(_settings(data))

    async def work() -> accounts.NewMember:
        async with open_installation(layout) as parts, parts.database.transaction() as tx:
            return await accounts.add_user(tx, email, organization, now=now_s())

    _show_member(_run(work()), as_json=as_json, data_dir=str(layout.settings.data_dir))


@user.command("password")
def user_password(
    email: str,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from standard input, for scripts.")] = False,
    data: Data = None,
) -> None:
    """Give a user a password to sign in with. Every session of the user ends."""
    if stdin:
        password = _line()
    else:
        password = typer.prompt("The new password", hide_input=True, confirmation_prompt=True, err=True)
    _opened(data, lambda parts: set_password(parts, email, password, now=now_s()))
    print(f"{email} has a new password.")


@user.command("disable")
def user_disable(email: str, data: Data = None) -> None:
    """Shut a user out: keys, sessions and links stop at once."""
    _opened(data, lambda parts: disable(parts, email, at=now_s()))
    print(f"{email} is shut out.")


@user.command("enable")
def user_enable(email: str, data: Data = None) -> None:
    """Let a user in again."""
    _opened(data, lambda parts: disable(parts, email, at=None))
    print(f"{email} may come in again.")


@command.command("cap")
def set_cap(
    organization: Annotated[str, typer.Argument(help="Its id or its name.")],
    day: Cap = None,
    week: Cap = None,
    month: Cap = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Cap what an organization may spend, and print its caps. What is left out stays as it is."""
    named = {"day": day, "week": week, "month": month}
    wish = {Window(name): _amount(text) for name, text in named.items() if text is not None}
    found: OrganizationCaps = _opened(data, lambda parts: cap(parts, organization, wish))
    if as_json:
        limits = {window.value: None if limit is None else chf(limit) for window, limit in found.limits_chf_e4.items()}
        print(json.dumps({"organization_id": found.organization_id, "limits_chf": limits}))
    else:
        told = [f"{window.value} {_cap_text(limit)}" for window, limit in found.limits_chf_e4.items()]
        print("  ".join([found.organization_id, *told]))


@command.command()
def audit(
    share_id: Annotated[str | None, typer.Option("--share", help="Only this share's entries.")] = None,
    event: Annotated[str | None, typer.Option(help="Only this kind of event, such as share.open.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Print the audit, oldest first."""
    layout = Layout(_settings(data))

    async def work() -> None:
        layout.require_set_up()
        database = await open_database(layout.audit_url)
        try:
            async for entry in entries(database, Filter(share_id=share_id, event=event)):
                values = {"at": utc_text_us(entry.at_us), **entry._asdict()}
                del values["at_us"]
                print(json.dumps(values) if as_json else "  ".join(str(value or "-") for value in values.values()))
        finally:
            await database.close()

    _run(work())


def _line() -> str:
    """One line of standard input, whatever the locale says."""
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Invalid("The password on standard input is not UTF-8 text. Nothing was changed.") from None


def _amount(text: str) -> int | None:
    return None if text == NO_CAP else chf_e4_of(text)


def _cap_text(limit_chf_e4: int | None) -> str:
    return NO_CAP if limit_chf_e4 is None else f"{chf_text(limit_chf_e4)} CHF"


def _settings(data: str | None) -> Settings:
    settings = load(os.environ, data_dir=data)
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    before: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso")]
    if settings.log_format == "json":
        before.append(structlog.processors.format_exc_info)
    structlog.configure([*before, renderer], logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return settings


def _run(work: Any) -> Any:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _opened(data: str | None, work: Callable[[Installation], Awaitable[T]]) -> T:
    """Do something with the whole installation, as its operator."""

    async def inside() -> T:
        async with open_installation(Layout(_settings(data))) as parts:
            return await work(parts)

    done: T = _run(inside())
    return done


def _here(data: str | None, email: str | None, work: Callable[[Local], Awaitable[T]]) -> T:
    """Do something as a person at the machine."""

    async def inside(parts: Installation) -> T:
        return await work(await local(parts, email))

    return _opened(data, inside)


def _progress(what: str) -> Any:
    """A moving line on a terminal, nothing in a pipe."""
    return Console(stderr=True).status(f"Looking at {what}")


def _show_member(member: accounts.NewMember, *, as_json: bool, data_dir: str) -> None:
    values = {
        "organization_id": member.organization_id,
        "user_id": member.user_id,
        "api_key": member.key.raw,
        "data_dir": data_dir,
    }
    if as_json:
        print(json.dumps(values))
    else:
        for name, value in values.items():
            print(f"{name}: {value}")
        print("The API key is shown this once. Keep it.", file=sys.stderr)


def _show_track(track: Track, *, as_json: bool) -> None:
    if as_json:
        values = {
            "id": track.id,
            "title": track.title,
            "measured_duration_seconds": round(track.duration_s, 3),
            "licence_class": track.licence_class,
        }
        print(json.dumps(values))
    else:
        print(f"{track.id}  {track.title or '(untitled)'}  {track.duration_s:.1f} s  {track.licence_class}")
