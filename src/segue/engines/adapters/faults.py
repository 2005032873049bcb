"""Pure. What goes wrong between this server and somebody else's, as a user is told it: one sentence, no codes."""

from enum import StrEnum

from segue.engines.endings import EngineFailed

# How long one waits before asking a busy server again that does not say when.
BUSY_PAUSE_S = 5.0


class Fault(StrEnum):
    """The sentence with the name of the other side left open."""

    AWAY = "{name} cannot be reached at the moment."
    SILENT = "{name} did not answer in time."
    BROKEN_OFF = "The answer of {name} broke off before its end."
    KEY = "{name} did not accept the key of this server."
    CREDIT = "The account of this server with {name} has no credit left for this piece."
    BUSY = "{name} is too busy at the moment; try again in a few minutes."
    ILL = "{name} has a fault of its own at the moment; try again later."
    UNREADABLE = "{name} gave an answer that cannot be read."
    TOO_LARGE = "{name} sent more than a piece of music can be."
    ELSEWHERE = "{name} is not where this server looks for it."
    NOT_TAKEN = "{name} did not take the request."
    ENDLESS = "{name} took too long over this piece."
    NOT_MADE = "{name} could not make this piece."
    NO_SOUND = "What {name} sent is not music."

    def told_of(self, name: str) -> str:
        """The sentence about this one."""
        sentence = self.format(name=name)
        return sentence[0].upper() + sentence[1:]


# Another try may find these gone.
PASSING = frozenset({Fault.AWAY, Fault.SILENT, Fault.BROKEN_OFF, Fault.ILL})


class RemoteFailed(EngineFailed):
    """One of the faults, with the other side named."""

    def __init__(self, fault: Fault, name: str) -> None:
        super().__init__(fault.told_of(name))
        self.fault = fault

    def __reduce__(self) -> tuple[type[EngineFailed], tuple[str]]:
        """To whoever is in another process it is a failure like any other."""
        return EngineFailed, (str(self),)


def by_status(status: int) -> Fault | None:
    """The fault that a status of HTTP stands for; None when the answer is good. 429 has to be waited out first."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Fault.ELSEWHERE
    if status >= 500:
        return Fault.ILL
    by_number = {401: Fault.KEY, 402: Fault.CREDIT, 403: Fault.KEY, 404: Fault.ELSEWHERE, 429: Fault.BUSY}
    return by_number.get(status, Fault.NOT_TAKEN)


def pause_s(retry_after: str | None) -> float:
    """How long a busy server asks to be left alone. A day and time is read as no number, and so is nonsense."""
    text = (retry_after or "").strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else BUSY_PAUSE_S
