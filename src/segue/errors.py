"""The kinds of failure that a caller can cause or meet, without status numbers.

Every edge (JSON, page, command line, worker) has one table that turns these kinds into its own answers.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Failure(Exception):  # noqa: N818 - the subclasses are named for what happened, not "...Error"
    """A failure with one sentence for a person, and where it helps a second one for a developer.

    `code` is the machine-readable word of the API (`RESOURCE_NOT_FOUND`); an edge fills in the kind's own
    code when it is None. `details` is context that a program may read and must never hold a secret.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        system_message: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.system_message = system_message or message
        self.details = dict(details or {})


class NotFound(Failure):
    """The thing is not there, or the caller may not know that it is."""


class Forbidden(Failure):
    """The caller is known and may see the thing, but may not do this with it."""


class Unauthenticated(Failure):
    """The caller is not known, or its credential is no longer good."""


class Malformed(Failure):
    """The request cannot be read at all, before any rule is asked."""


class Invalid(Failure):
    """The request can be read, and a value in it breaks a rule. `faults` names every one of them."""

    def __init__(self, message: str, *, faults: Mapping[str, str] | None = None, **more: Any) -> None:
        self.faults = dict(faults or {})
        errors = [{"field": field, "message": text} for field, text in self.faults.items()]
        super().__init__(message, details={"errors": errors} if errors else None, **more)


def together(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """What both checks return. Raises one `Invalid` with the faults of both."""
    try:
        found = first()
    except Invalid as error:
        try:
            second()
        except Invalid as other:
            raise Invalid(error.message, faults=error.faults | other.faults) from None
        raise
    return found, second()


class Conflict(Failure):
    """The request is right in itself and clashes with the present state."""


class TooMany(Failure):
    """The caller has used up a budget; `retry_after_s` whole seconds later it may try again."""

    def __init__(self, message: str, *, retry_after_s: int, **more: Any) -> None:
        super().__init__(message, **more)
        self.retry_after_s = retry_after_s


class TooLarge(Failure):
    """The body is larger than its limit."""


class Unavailable(Failure):
    """Segue itself cannot do it at the moment (disk full, database gone); nothing was lost."""
