"""Pure. Reads what the operator has set for one engine, and says in one sentence what is wrong with it.

Values never stand in these sentences: one of them may be a key.
"""

import re
from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit

from segue.engines.facts import Setup

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADER = re.compile(r"[!-~]{1,512}", re.ASCII)


class Options:
    """The options and declarations of one engine. `fault` is the first thing wrong with them, or None.

    `names` and `words` are the options and the declarations that the engine knows.
    """

    def __init__(self, engine_key: str, setup: Setup, names: Collection[str], words: Collection[str] = ()) -> None:
        self.engine_key = engine_key
        self.fault: str | None = None
        self._options = setup.options
        self._declared = setup.declared
        self._refuse_unknown("options", setup.options, names)
        self._refuse_unknown("declarations", setup.declared, words)

    def text(self, name: str, default: str | None = None) -> str | None:
        """The option as it stands; an empty one is not set."""
        return self._options.get(name, "").strip() or default

    def secret(self, name: str) -> str | None:
        """A key, which has to fit into a header."""
        found = self.text(name)
        if found is not None and not _HEADER.fullmatch(found):
            self.wrong(name, "is no key: it holds characters that no key has")
            return None
        return found

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        found = self.text(name) or default
        if found not in choices:
            self.wrong(name, f"must be one of {', '.join(choices)}")
            return default
        return found

    def yes(self, name: str) -> bool:
        return self.choice(name, ("yes", "no"), "no") == "yes"

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        found = self.text(name, str(default)) or ""
        if not (found.isascii() and found.isdigit() and least <= int(found[:9]) <= most):
            self.wrong(name, f"must be a whole number from {least} to {most}")
            return default
        return int(found)

    def matching(self, name: str, pattern: str, meaning: str, default: str | None = None) -> str | None:
        """The option when all of it matches; `meaning` completes "must be"."""
        found = self.text(name, default)
        if found is not None and not re.fullmatch(pattern, found, re.ASCII):
            self.wrong(name, f"must be {meaning}")
            return None
        return found

    def address(self, name: str, default: str | None = None, *, private: bool = False) -> str | None:
        """The address of a server without a slash at its end. `private` asks for https, but for this machine's own."""
        found = self.text(name, default)
        if found is None:
            return None
        try:
            parts = urlsplit(found)
            host, plain = parts.hostname, parts.port is None or parts.port > 0
        except ValueError:
            host, plain = None, False
        if not host or not plain or parts.scheme not in {"http", "https"} or not found.isascii():
            self.wrong(name, "must be an address that begins with http:// or https://")
            return None
        if parts.username is not None or parts.query or parts.fragment or " " in found:
            self.wrong(name, "must be an address without a name, a password, ? or #")
            return None
        if private and parts.scheme != "https" and host not in _LOOPBACK:
            self.wrong(name, "must begin with https://, or the key could be read on its way")
            return None
        return found.rstrip("/")

    def declared(self, word: str) -> str | None:
        """The day on which the operator has declared it, or None."""
        day = self._declared.get(word)
        if day is None:
            return None
        try:
            return date.fromisoformat(day).isoformat()
        except ValueError:
            self._fault(f"{self.engine_key}.{word} in SEGUE_ENGINE_DECLARATIONS must be a day such as 2026-11-25.")
            return None

    def missing(self, name: str, what: str) -> None:
        """The option has to be set, and is not."""
        self._fault(f"Set {self.engine_key}.{name} in SEGUE_ENGINE_OPTIONS to {what}.")

    def undeclared(self, word: str, what: str) -> None:
        """The declaration is needed, and is not there."""
        day = f"{self.engine_key}.{word}=YYYY-MM-DD"
        self._fault(f"Add {day} to SEGUE_ENGINE_DECLARATIONS, with the day, to declare {what}.")

    def wrong(self, name: str, why: str) -> None:
        """The option is set to what cannot be used; `why` begins with a verb."""
        self._fault(f"{self.engine_key}.{name} in SEGUE_ENGINE_OPTIONS {why}.")

    def _refuse_unknown(self, kind: str, given: Collection[str], known: Collection[str]) -> None:
        unknown = sorted(set(given) - set(known))
        if unknown:
            has = f"it has {', '.join(known)}" if known else "it has none"
            self._fault(f"{self.engine_key} has no {unknown[0]} among its {kind}: {has}.")

    def _fault(self, sentence: str) -> None:
        self.fault = self.fault or sentence
