"""What an operator may set: `SEGUE_*` variables over `segue.toml` in the data folder over the defaults.

Each setting has a type, a default, a unit in its name and a sentence. An unknown name stops the start.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from segue.errors import Invalid

Network = IPv4Network | IPv6Network
_PREFIX = "SEGUE_"
_TEST_PREFIX = "SEGUE_TEST_"  # read by the test-suite, never by the program


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds; the same number may come at once."""

    requests: int
    period_s: int


def _default_data_dir() -> str:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(base) / "segue")


def _setting(default: Any, says: str, read: Callable[[str], Any], *, hide: Callable[[str], str] | None = None) -> Any:
    factory = default if callable(default) else lambda: default
    return field(default_factory=factory, metadata={"says": says, "read": read, "hide": hide})


def _without_password(url: str) -> str:
    url = re.sub(r"(://[^:/?#]*):[^/?#]*@", r"\1:***@", url)
    return re.sub(r"([?&]password)=[^&#]*", r"\1=***", url)


def _without_values(pairs: str) -> str:
    return re.sub(r"=[^,]*", "=***", pairs)


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError("one of " + ", ".join(words))
        return text

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError("a URL that starts with " + " or ".join(f"{scheme}://" for scheme in schemes))
        return text if text.endswith("://") else text.rstrip("/")

    return read


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if not good:
        raise ValueError("an address such as https://music.example")
    return text.rstrip("/")


def _optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text) if text else None


_PERIODS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}


def _rate(text: str) -> Rate:
    match = re.fullmatch(r"([1-9][0-9]{0,6})/(second|minute|hour|day)", text)
    if match is None:
        raise ValueError("a rate such as 120/minute (per second, minute, hour or day)")
    return Rate(int(match[1]), _PERIODS_S[match[2]])


def _parts(text: str) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part, strict=False) for part in _parts(text))
    except ValueError:
        raise ValueError("addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8") from None


def _engine_keys(text: str) -> tuple[str, ...]:
    keys = _parts(text)
    if not all(re.fullmatch(r"[a-z0-9_]{1,32}", key) for key in keys):
        raise ValueError("keys of engines with commas between them, such as studio,other_engine")
    return keys


def _pairs(name: str, value: str, says: str) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        pairs = _parts(text)
        named = {pair.partition("=")[0] for pair in pairs}
        if len(named) < len(pairs) or not all(re.fullmatch(f"{name}={value}", pair) for pair in pairs):
            raise ValueError(f"{says}, each name once")
        return pairs

    return read


def _words(text: str) -> tuple[str, ...]:
    words = _parts(text)
    if not all(len(word) <= 200 and word.isprintable() for word in words):
        raise ValueError("words or phrases of at most 200 characters with commas between them")
    return words


def _yes_no(text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError("yes or no")
    return text.lower() in {"yes", "true"}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, read and checked. `Settings()` is a laptop with SQLite and files."""

    data_dir: Path = _setting(
        lambda: _folder(_default_data_dir()),
        "The folder that holds the database, the keys and the music.",
        _folder,
    )
    public_url: str | None = _setting(
        None,
        "The address under which listeners reach the server. Links are built from it, never from a request. "
        "Without it: the address that `segue serve` listens on.",
        _optional(_web_address),
    )
    database_url: str | None = _setting(
        None,
        "`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`. Without it: segue.db in the data folder.",
        _optional(_url("sqlite", "postgresql")),
        hide=_without_password,
    )
    storage_url: str | None = _setting(
        None,
        "Where the bytes of the music lie: `file:///PATH`. Without it: blobs in the data folder.",
        _optional(_url("file")),
        hide=_without_password,
    )
    rate_limit_url: str = _setting(
        "memory://", "Where rate limits are counted: `memory://`, in the server process.", _url("memory")
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        (),
        "Addresses or networks of reverse proxies whose X-Forwarded-For is believed, with commas between them. "
        "Empty: nobody's.",
        _networks,
    )
    playback_ttl_s: int = _setting(300, "How long a playback address stays good, in seconds.", _whole(30, 3_600))
    share_rate: Rate = _setting(
        lambda: Rate(120, 60), "How often one client address (IPv4, or IPv6 /64) may open links.", _rate
    )
    unknown_token_rate: Rate = _setting(
        lambda: Rate(30, 60), "How often one client address may try links that never existed.", _rate
    )
    api_rate: Rate = _setting(
        lambda: Rate(100, 60), "How often one API key or session may call the API, in the long run.", _rate
    )
    api_burst: int = _setting(120, "How many calls of one API key or session may come at once.", _whole(1, 1_000_000))
    sign_in_rate: Rate = _setting(
        lambda: Rate(20, 60), "How often one client address (IPv4, or IPv6 /64) may try to sign in.", _rate
    )
    sign_in_failures_rate: Rate = _setting(
        lambda: Rate(10, 3_600),
        "How often somebody at one client address may fail to sign in to one account; ten times that from everywhere.",
        _rate,
    )
    session_days: int = _setting(30, "How long somebody stays signed in, in days.", _whole(1, 365))
    upload_bytes_max: int = _setting(
        500_000_000, "The largest file that is taken in, in bytes.", _whole(1_000, 100_000_000_000)
    )
    track_seconds_max: int = _setting(
        7_200, "The longest track that is taken in, in seconds of sound.", _whole(1, 86_400)
    )
    removed_bytes_days: int = _setting(
        7, "How long the bytes of a deleted track are kept, in days. 0: they go at once.", _whole(0, 3_650)
    )
    disabled_engines: tuple[str, ...] = _setting(
        (),
        "Keys of engines that are installed and must not be used, with commas between them. Empty: all are used.",
        _engine_keys,
    )
    work_in_server: bool = _setting(
        True,
        "Whether the server also does the jobs, such as making streaming masters. If not, `segue worker` has to.",
        _yes_no,
    )
    job_lease_s: int = _setting(
        20, "How long a worker may be silent before others take its jobs over, in seconds.", _whole(2, 3_600)
    )
    engine_options: tuple[str, ...] = _setting(
        (),
        "What single engines need to know, as `ENGINE.NAME=VALUE` with commas between them, such as "
        "`ace_step.url=http://127.0.0.1:8001`. `segue engines` says which names there are.",
        _pairs(r"[a-z0-9_]{1,32}\.[a-z0-9_]{1,64}", r"[^,]{1,1000}", "`ENGINE.NAME=VALUE` with commas between them"),
        hide=_without_values,
    )
    engine_declarations: tuple[str, ...] = _setting(
        (),
        "What the operator declares about the terms on which an engine is used, with the day, as "
        "`ENGINE.WORD=YYYY-MM-DD` with commas between them, such as `elevenlabs.paid_plan=2026-11-25`. "
        "Tracks that are made afterwards repeat it.",
        _pairs(r"[a-z0-9_]{1,32}\.[a-z0-9_]{1,64}", r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", "`ENGINE.WORD=YYYY-MM-DD`"),
    )
    engine_prices: tuple[str, ...] = _setting(
        (),
        "What a minute of music costs, in CHF, by engine: `elevenlabs=0.40` with commas between them. "
        "An engine that is not named costs nothing.",
        _pairs(r"[a-z0-9_]{1,32}", r"[0-9]{1,6}(\.[0-9]{1,4})?", "`ENGINE=CHF`, such as `elevenlabs=0.40`"),
    )
    engine_concurrency: tuple[str, ...] = _setting(
        (),
        "How many pieces an engine makes at once in one process, by engine: `elevenlabs=4` with commas between them. "
        "An engine that is not named makes one at a time.",
        _pairs(r"[a-z0-9_]{1,32}", r"[1-9][0-9]?", "`ENGINE=NUMBER`, such as `elevenlabs=4`"),
    )
    render_seconds_max: int = _setting(
        3_600, "How long an engine may work on one piece, in seconds; then it is ended.", _whole(10, 86_400)
    )
    refused_words: tuple[str, ...] = _setting(
        (),
        "Words and phrases, with commas between them, that nobody may ask for in a prompt, in lyrics, in a title or in "
        "a style tag. Case does not count, and only whole words do.",
        _words,
    )
    audit_addresses: str = _setting(
        "whole",
        "How the audit keeps client addresses: `whole`, `truncated` (to /24 or /48) or `hashed` with a key.",
        _one_of("whole", "truncated", "hashed"),
    )
    share_days_default: int | None = _setting(
        None,
        "The lifetime of a link that asks for none, in days. Without it: such a link never expires.",
        _optional(_whole(1, 90)),
    )
    share_days_max: int = _setting(90, "The longest lifetime of a link, in days; longer wishes are cut.", _whole(1, 90))
    share_never_allowed: bool = _setting(
        True,
        "Whether a link may live for ever. If not, one that asks for no end gets the longest lifetime.",
        _yes_no,
    )
    log_format: str = _setting("text", "How the log is written: `text` or `json`.", _one_of("text", "json"))


def variable(name: str) -> str:
    """The environment variable of a setting: `playback_ttl_s` is `SEGUE_PLAYBACK_TTL_S`."""
    return _PREFIX + name.upper()


def load(environ: Mapping[str, str], *, data_dir: str | None = None) -> Settings:
    """Settings from the environment and from `segue.toml` in the data folder; `data_dir` overrules both.

    Raises `Invalid` with one sentence for an unknown name or a value that cannot be read.
    """
    from_environ = {
        key: value for key, value in environ.items() if key.startswith(_PREFIX) and not key.startswith(_TEST_PREFIX)
    }
    known = {variable(each.name): each for each in fields(Settings)}
    for key in from_environ:
        if key not in known:
            raise Invalid(f"{key} is not a setting of Segue. See docs/reference/settings.md for the list.")
    values = {known[key].name: _read(known[key], key, text) for key, text in from_environ.items()}
    if data_dir is not None:
        values["data_dir"] = _folder(data_dir)
    settings = Settings(**values)
    return replace(settings, **(_from_file(settings.data_dir / "segue.toml") | values))


def _read(setting: "Field[Any]", shown: str, text: str) -> Any:
    try:
        return setting.metadata["read"](text)
    except ValueError as error:
        raise Invalid(f"{shown} must be {error}.") from None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    known = {each.name: each for each in fields(Settings) if each.name != "data_dir"}  # the file lies in it
    for key in raw:
        if key not in known:
            raise Invalid(f"{key} in {path} is not a setting of Segue.")
    return {key: _read(known[key], f"{key} in {path}", _as_text(value)) for key, value in raw.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)


def masked(settings: Settings) -> dict[str, str]:
    """Every setting by name, written as an operator would write it, with stars for what is secret in it."""
    shown = {each.name: _written(getattr(settings, each.name)) for each in fields(Settings)}
    hidden = {each.name: each.metadata["hide"] for each in fields(Settings) if each.metadata["hide"]}
    return shown | {name: hide(shown[name]) for name, hide in hidden.items()}


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Rate):
        period = next(word for word, period_s in _PERIODS_S.items() if period_s == value.period_s)
        return f"{value.requests}/{period}"
    return _as_text(list(value) if isinstance(value, tuple) else value)


_REFERENCE = """\
# Settings

A setting is an environment variable, or a line of `segue.toml` in the data folder under the same name in lower case and
without `SEGUE_`:

```toml
public_url = "https://music.example"
trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]
playback_ttl_s = 120
share_never_allowed = false
```

A variable overrules the file, and the file overrules the default. `--data` on the command line overrules
`SEGUE_DATA_DIR`; the data folder itself cannot be set in the file that lies in it. An unknown name, or a value that
cannot be read, stops the start with a sentence that names it.
"""


def reference() -> str:
    """The page docs/reference/settings.md: every setting with its default, what it accepts and its sentence."""
    return _REFERENCE + "".join(
        f"\n## `{variable(each.name)}`\n\n{each.metadata['says']}\n\n"
        f"- Default: {_default(each)}\n- Accepts: {_accepted(each)}\n"
        for each in fields(Settings)
    )


def _default(setting: "Field[Any]") -> str:
    factory: Any = setting.default_factory
    text = _written(factory()).replace(str(Path.home()), "~")
    return f"`{text}`" if text else "nothing"


def _accepted(setting: "Field[Any]") -> str:
    """What a reader asks for when it is given nonsense."""
    try:
        setting.metadata["read"]("\0")
    except ValueError as error:
        return str(error)
    return "the path of a folder"
