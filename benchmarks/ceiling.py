"""The ceiling of a contender: the server underneath, started in the same way, giving the same answer without work."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from answers import fetch, same, save
from checks import answered
from load import Contender, Verify
from processes import HOST, free_port, running, until_accepts

_BARE = Path(__file__).with_name("bare.py")


@contextmanager
def ceiling(name: str, real: Contender, folder: Path) -> Iterator[Contender]:
    """The same server with nothing behind it, giving the answer that the real one gives to its first request."""
    first = real.targets.read_text().partition("\n")[0]
    answer = fetch(real.url + first, real.headers)
    answer_file = folder / f"{name}.json".replace(" ", "-").replace(":", "")
    save(answer, answer_file)
    port = free_port()
    with running([sys.executable, str(_BARE), str(port), str(answer_file)], folder / "bare.log") as process:
        until_accepts(process, port)
        url = f"http://{HOST}:{port}"
        same(answer, fetch(url + first, real.headers))
        watch: Callable[[], Verify] = answered(dead=answer.status == 404)
        yield Contender(name, process.pid, url, real.targets, watch, real.headers)
