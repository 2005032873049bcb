"""Pure. Sorts a User-Agent header into a handful of classes: enough to read a log, too little to know a person."""

from functools import lru_cache

_PREVIEWS = (
    "slackbot", "discordbot", "whatsapp", "facebookexternalhit", "twitterbot", "telegrambot", "linkedinbot",
    "skypeuripreview", "embedly", "mastodon", "signal", "iframely",
)  # fmt: skip
_ROBOTS = ("bot", "crawler", "spider", "preview", "scanner")
_PROGRAMS = ("curl", "wget", "python", "node", "undici", "go-http", "java", "okhttp", "httpx", "aitronos")


@lru_cache(maxsize=4096)
def agent_class(user_agent: str) -> str:
    """One of `preview`, `robot`, `program`, `phone`, `browser`, `unknown`."""
    text = user_agent[:512].lower()
    if any(word in text for word in _PREVIEWS):
        return "preview"
    if any(word in text for word in _ROBOTS):
        return "robot"
    if any(word in text for word in _PROGRAMS):
        return "program"
    if "mozilla" not in text:
        return "unknown"
    return "phone" if "mobile" in text or "android" in text else "browser"
