"""Pure. Whether a client would rather have a page than JSON (RFC 9110, section 12.5.1)."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def prefers_html(accept: str) -> bool:
    """True when `text/html` is wanted more than `application/json`. Equal wishes, or none, mean JSON."""
    wishes = dict(_wish(part) for part in accept[:1024].lower().split(","))
    return _quality(wishes, "text/html") > _quality(wishes, "application/json")


def _wish(part: str) -> tuple[str, float]:
    kind, _, parameters = part.partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return kind.strip(), min(1.0, max(0.0, float(value)))
            except ValueError:
                return kind.strip(), 0.0
    return kind.strip(), 1.0


def _quality(wishes: dict[str, float], kind: str) -> float:
    for pattern in (kind, kind.partition("/")[0] + "/*", "*/*"):
        if pattern in wishes:
            return wishes[pattern]
    return 0.0
