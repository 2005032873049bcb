"""What somebody at the machine does by command, beside a running server or without one: import, share, revoke."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from segue import accounts, collections, library, shares
from segue.access import Caller
from segue.audit import Trail
from segue.database import Tx
from segue.errors import Invalid, NotFound, TooLarge, Unavailable
from segue.operations.installation import Installation
from segue.shares import Wish as ShareWish
from segue.tracks import Track, Wish


@dataclass(frozen=True, slots=True)
class Local:
    """A person at the machine. Everything done is audited as coming from `local`."""

    parts: Installation
    who: Caller
    trail: Trail

    async def bring(self, path: Path, wish: Wish, collection: str | None, *, now: int) -> Track:
        """Take one file in; into the collection of that name too, which is made when there is none."""
        with self.parts.intake.quarantine.folder() as folder:
            source = self._copy(path, folder)

            prepared = await self.parts.intake.prepare(source, folder, self.who, wish, now=now)
            with self.parts.intake.until_kept(*prepared.renditions):
                async with self.parts.database.transaction() as tx:
                    await library.bring(tx, self.who, prepared, now=now)
                    if collection is not None:
                        await self.collect(tx, prepared.track, collection, now=now)
        track = prepared.track
        await self.trail.record("track.create", "done", subject_id=track.id, actor_id=self.who.user_id)
        return track

    def _copy(self, path: Path, folder: Path) -> Path:
        try:
            if not path.exists():
                raise NotFound(f"There is no file {path}.")
            if not path.is_file():
                raise Invalid(f"{path} is not a file.")
            if path.stat().st_size > self.parts.settings.upload_bytes_max:
                raise TooLarge(
                    f"{path.name} is larger than {self.parts.settings.upload_bytes_max} bytes. Nothing was stored."
                )
            return Path(shutil.copyfile(path, folder / "upload"))
        except OSError as error:
            raise Unavailable(f"{path} cannot be read: {error.strerror}. Nothing was stored.") from None

    async def collect(self, tx: Tx, track: Track, name: str, *, now: int) -> None:
        """Put a track into the collection of that name, which is made when there is none."""
        found = await collections.named(tx, self.who, name) or await collections.create(tx, self.who, name, now=now)
        await collections.add_track(tx, self.who, found.id, track.id, now=now)

    async def share(self, target: str, wish: ShareWish, *, now: int) -> shares.NewShareView:
        """A new link to a track or a collection by its id."""
        kind = shares.share_collection if target.startswith("mcoll_") else shares.share_track
        async with self.parts.database.transaction() as tx:
            share, token = await kind(tx, self.who, target, wish, self.parts.settings, now=now)
        await self.trail.record("share.create", "done", share_id=share.id, subject_id=target, actor_id=self.who.user_id)
        return shares.new_share_view(share, token, self.parts.public_url)

    async def revoke(self, link_or_id: str, *, now: int) -> tuple[str, bool]:
        """End a link, given as the link or as the share's id. Says its id, and whether it was live until now."""
        token = shares.token_in(link_or_id)
        async with self.parts.database.transaction() as tx:
            share_id = link_or_id if token is None else await shares.id_by_digest(tx, token.digest())
            ended = await shares.revoke(tx, self.who, share_id or "", now=now)
        outcome = "done" if ended else "unchanged"
        await self.trail.record("share.revoke", outcome, share_id=share_id, actor_id=self.who.user_id)
        return str(share_id), ended


async def local(parts: Installation, email: str | None) -> Local:
    """Whoever sits at the machine, acting for the member with this e-mail or for the only one there is."""
    async with parts.database.reading() as tx:
        who = await accounts.acting_member(tx, email)
    return Local(parts, who, parts.trail())
