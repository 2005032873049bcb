"""Commands that take music in and share it: import, share, revoke, shares."""

import json
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from segue import shares
from segue.cli.root import As, Data, Days, Json, Label, Licence, Opens, Title, command
from segue.cli.running import as_person, progress
from segue.clock import now_s
from segue.errors import Invalid
from segue.operations import Local
from segue.shares import Wish as ShareWish
from segue.tracks import Track, Wish


@command.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Sound files: wav, flac, mp3, ogg, opus, m4a, aac, aiff.")],
    title: Title = None,
    licence: Licence = None,
    collection: Annotated[str | None, typer.Option(help="Put the tracks into the collection of this name.")] = None,
    data: Data = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Take sound files in as tracks."""
    if title is not None and len(files) > 1:
        raise Invalid("A title belongs to one file: give one file, or no title.")

    async def work(here: Local) -> None:
        for number, path in enumerate(files, start=1):
            with progress(f"{path.name} ({number} of {len(files)})"):
                wish = Wish(title=title, licence=licence, filename=path.name)
                track = await here.bring(path, wish, collection, now=now_s())
            show_track(track, as_json=as_json)

    as_person(data, as_, work)


@command.command()
def share(
    target: Annotated[str, typer.Argument(metavar="FILE|TRACK_ID|COLLECTION_ID", help="What to share.")],
    label: Label = None,
    expires_in_days: Days = None,
    max_opens: Opens = None,
    licence: Licence = None,
    title: Title = None,
    data: Data = None,
    as_: As = None,
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
            with progress(path.name):
                wish = Wish(title=title, licence=licence, filename=path.name)
                subject = (await here.bring(path, wish, None, now=now_s())).id
        return await here.share(subject, wanted, now=now_s())

    made = as_person(data, as_, work)
    print(msgspec.json.encode(made).decode() if as_json else made.url)


@command.command()
def revoke(
    link: Annotated[str, typer.Argument(metavar="SHARE_ID|LINK", help="The link, or the share's id.")],
    data: Data = None,
    as_: As = None,
) -> None:
    """End a link now and for good."""

    async def work(here: Local) -> tuple[str, bool]:
        return await here.revoke(link, now=now_s())

    share_id, ended = as_person(data, as_, work)
    print(f"{share_id} {'is revoked' if ended else 'was revoked before'}.")


@command.command("shares")
def list_shares(data: Data = None, as_: As = None, as_json: Json = False) -> None:
    """List your links, newest first. The secret part of a link cannot be shown again."""

    async def work(here: Local) -> list[Any]:
        async with here.parts.database.reading() as tx:
            found = await shares.newest(tx, here.who, limit=10_000, offset=0)
        return [shares.listed(share, now=now_s()) for share in found]

    for view in as_person(data, as_, work):
        if as_json:
            print(msgspec.json.encode(view).decode())
        else:
            ends = f"until {view.expires_at}" if view.expires_at else "no end"
            opens = f"{view.opens} of {view.max_opens} opens" if view.max_opens else ""
            print("  ".join(part for part in (view.id, view.state, view.target_id, ends, opens, view.label) if part))


def show_track(track: Track, *, as_json: bool) -> None:
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
