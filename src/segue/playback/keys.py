"""Signing keys in files that only their owner may read. The newest signs, all of them verify."""

import os
import re
import secrets
from pathlib import Path

from segue.errors import Unavailable
from segue.playback.grants import SigningKey

_NAME = re.compile(r"playback-([0-9]{4})\.key")


class KeyRing:
    """The keys of one data folder. Adding one rotates: links in people's hands stay good for their lifetime."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> dict[str, SigningKey]:
        """All keys by id, oldest first. Raises `Unavailable` with a sentence when there is none."""
        found = {match[1]: path for path in self._folder.glob("*.key") if (match := _NAME.fullmatch(path.name))}
        if not found:
            raise Unavailable(f"There is no signing key in {self._folder}. Run `segue init`, or restore it.")
        return {key_id: SigningKey(key_id, bytes.fromhex(found[key_id].read_text())) for key_id in sorted(found)}

    def add(self) -> None:
        """Make a new key, which signs from the next start on."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = 1 + max(
            (int(match[1]) for path in self._folder.iterdir() if (match := _NAME.fullmatch(path.name))), default=0
        )
        write_secret(self._folder / f"playback-{number:04}.key", secrets.token_bytes(32))


def write_secret(path: Path, secret: bytes) -> None:
    """A new file with mode 0600 from its first byte on; an existing one is never overwritten."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret.hex())
        file.flush()
        os.fsync(file.fileno())
