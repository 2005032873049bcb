"""Commands about users and organizations: user add, password, disable, enable; cap."""

import json
import sys
from typing import Annotated

import typer

from segue import accounts
from segue.cli.root import NO_CAP, Cap, Data, Json, command
from segue.cli.running import opened, run, settings_of
from segue.clock import now_s
from segue.errors import Invalid
from segue.operations import Layout, OrganizationCaps, cap, disable, open_installation, set_password
from segue.spending import Window, chf, chf_e4_of, chf_text

user = typer.Typer(help="Users.", no_args_is_help=True)
command.add_typer(user, name="user")


@user.command("add")
def add_user(
    email: str,
    organization: Annotated[str | None, typer.Option(help="Its id or its name.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a user to an organization, and print the user's API key once."""
    layout = Layout(settings_of(data))

    async def work() -> accounts.NewMember:
        async with open_installation(layout) as parts, parts.database.transaction() as tx:
            return await accounts.add_user(tx, email, organization, now=now_s())

    show_member(run(work()), as_json=as_json, data_dir=str(layout.settings.data_dir))


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
    opened(data, lambda parts: set_password(parts, email, password, now=now_s()))
    print(f"{email} has a new password.")


@user.command("disable")
def user_disable(email: str, data: Data = None) -> None:
    """Shut a user out: keys, sessions and links stop at once."""
    opened(data, lambda parts: disable(parts, email, at=now_s()))
    print(f"{email} is shut out.")


@user.command("enable")
def user_enable(email: str, data: Data = None) -> None:
    """Let a user in again."""
    opened(data, lambda parts: disable(parts, email, at=None))
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
    found: OrganizationCaps = opened(data, lambda parts: cap(parts, organization, wish))
    if as_json:
        limits = {window.value: None if limit is None else chf(limit) for window, limit in found.limits_chf_e4.items()}
        print(json.dumps({"organization_id": found.organization_id, "limits_chf": limits}))
    else:
        told = [f"{window.value} {_cap_text(limit)}" for window, limit in found.limits_chf_e4.items()]
        print("  ".join([found.organization_id, *told]))


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


def show_member(member: accounts.NewMember, *, as_json: bool, data_dir: str) -> None:
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
