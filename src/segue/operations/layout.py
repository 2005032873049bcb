"""Where everything lies that settings do not say otherwise about."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from segue.errors import NotFound
from segue.settings import Settings


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one installation."""

    settings: Settings

    @property
    def database_url(self) -> str:
        return self.settings.database_url or f"sqlite:///{self.settings.data_dir / 'segue.db'}"

    @property
    def audit_url(self) -> str:
        """The audit's own file beside the database; on PostgreSQL it is a table of the same database."""
        if self.database_url.startswith("sqlite:"):
            return self.database_url.removesuffix(".db") + "-audit.db"
        return self.database_url

    @property
    def blobs(self) -> Path:
        if self.settings.storage_url:
            return Path(unquote(urlsplit(self.settings.storage_url).path))
        return self.settings.data_dir / "blobs"

    @property
    def quarantine(self) -> Path:
        """On the same file system as the blobs, so that taking a file over is a rename."""
        return self.blobs / ".quarantine"

    @property
    def keys(self) -> Path:
        return self.settings.data_dir / "keys"

    def require_set_up(self) -> None:
        """Raises `NotFound` where nothing was set up."""
        if not self.keys.exists():
            raise NotFound(f"There is no Segue in {self.settings.data_dir}. Run `segue init` first.")

    @property
    def server_lock(self) -> Path:
        return self.settings.data_dir / "serve.lock"

    @property
    def public_url(self) -> str:
        """What links begin with: as set, else where a server last answered, else where it would."""
        if self.settings.public_url is not None:
            return self.settings.public_url
        return self.address.read_text().strip() if self.address.exists() else "http://127.0.0.1:8600"

    @property
    def address(self) -> Path:
        """Where a server notes under which address it last answered, for the commands beside it."""
        return self.settings.data_dir / "address"
