"""Commands that set up and serve: init, serve, worker, demo."""

import sys
from typing import Annotated

import typer

from segue import app
from segue.cli.people import show_member
from segue.cli.root import Data, Json, command
from segue.cli.running import run, settings_of
from segue.clock import now_s
from segue.operations import Layout, initialise
from segue.operations import demo as make_demo


@command.command()
def init(
    organization: Annotated[str, typer.Option(help="The name of the organization.")],
    email: Annotated[str, typer.Option("--user", help="The e-mail of its first user.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Set up a data folder, and print the first user's API key once."""
    layout = Layout(settings_of(data))
    member = run(initialise(layout, organization, email, now=now_s()))
    show_member(member, as_json=as_json, data_dir=str(layout.settings.data_dir))


@command.command()
def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8600,
) -> None:
    """Serve until told to stop."""
    settings = settings_of(data)
    run(app.serve(settings, host, port, lambda url: print(f"Segue is ready on {url}", flush=True)))


@command.command()
def worker(data: Data = None) -> None:
    """Do the jobs of the server, beside it or on another machine, until told to stop."""
    run(app.work(settings_of(data), lambda: print("Segue is at work", flush=True)))


@command.command()
def demo(
    data: Annotated[str, typer.Option("--data", help="The folder for it.")] = "demo-data",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8600,
) -> None:
    """Make music, a collection and links, and serve them until told to stop."""
    settings = settings_of(data)
    layout = Layout(settings)
    if settings.public_url is None:
        layout.settings.data_dir.mkdir(parents=True, exist_ok=True)
        layout.address.write_text(f"http://127.0.0.1:{port}")
    links = run(make_demo(layout, lambda line: print(line, file=sys.stderr), now=now_s()))

    def ready(url: str) -> None:
        print(f"Segue is ready on {url}. Open a link in a browser; Ctrl-C ends the demo.")
        for link in links:
            print(f"  {link.name}: {link.url}", flush=True)

    run(app.serve(settings, "127.0.0.1", port, ready))
