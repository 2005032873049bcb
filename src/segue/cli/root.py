"""The command itself, to which the other files add theirs, and what many of them take."""

from typing import Annotated

import typer

NO_CAP = "none"

command = typer.Typer(
    help="Segue: a self-hosted Music Studio. Make music, and share it by a link that tells the truth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[str | None, typer.Option("--data", help="The data folder.", show_default="$SEGUE_DATA_DIR")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
As = Annotated[str | None, typer.Option("--as", help="Act for the user with this e-mail.")]
Label = Annotated[str | None, typer.Option(help="Whom the link is for; only you see it.")]
Days = Annotated[int | None, typer.Option("--expires-in-days", help="After so many days the link ends.")]
Opens = Annotated[int | None, typer.Option("--max-opens", help="So often the link can be opened.")]
Licence = Annotated[str | None, typer.Option(help="An SPDX identifier such as CC-BY-4.0, or own. Nothing: unclear.")]
Cap = Annotated[str | None, typer.Option(metavar="CHF|none", help="An amount such as 10.50, or none for no cap.")]
Title = Annotated[str | None, typer.Option(help="The title. Nothing: the file's own.")]
