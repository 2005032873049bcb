"""Pure. Money is a whole number of ten-thousandths of a Swiss franc: `_chf_e4` at the end of a name says so.

Sums of such numbers are exact. A fraction is made of one only where it leaves, in an answer or a line.
"""

import re

from segue.errors import Invalid

_E4 = 10_000
_AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,4}))?", re.ASCII)


def chf(amount_chf_e4: int) -> float:
    """The amount in francs, as JSON has it. It reads back as the same amount, up to a thousand million francs."""
    return amount_chf_e4 / _E4


def chf_text(amount_chf_e4: int) -> str:
    """The amount in francs, as people write it: `10.00`, `0.125`."""
    francs, rest = divmod(amount_chf_e4, _E4)
    return f"{francs}.{f'{rest:04}'.rstrip('0'):0<2}"


def chf_e4_of(text: str) -> int:
    """An amount in francs as somebody wrote it. Raises `Invalid`."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise Invalid(f"{text!r} is not an amount such as 10 or 10.50: at most 4 decimals, and no sign.")
    return int(match[1]) * _E4 + int((match[2] or "").ljust(4, "0"))
