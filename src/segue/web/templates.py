"""Jinja templates with everything escaped, found in the folders of the rooms that own them."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from segue.web.assets import Assets


class Templates:
    """Renders a template by its name. A name that a template misspells is an error, not an empty place."""

    def __init__(self, folders: tuple[Path, ...], assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader([Path(__file__).parent / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["asset"] = assets.address
        self._environment.filters["clock"] = clock

    def render(self, name: str, **values: Any) -> bytes:
        return self._environment.get_template(name).render(**values).encode()


def clock(seconds: float) -> str:
    """A length of time as `3:05` or `1:02:07`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
