"""What the doubles of both music services are made of: a real HTTP server on loopback, strict, with faults on demand.

A double takes down every request. One that breaks the service's rules is answered as the service would, and is named in
`complaints`, so that a test cannot pass by accident.
"""

import json
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import multipart


class Wrong(Exception):  # noqa: N818 - named for what the request is
    """The request breaks a rule of the service."""


@dataclass
class Asked:
    """One request as it arrived. `body` is JSON or a form, `files` are name, media type and bytes."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: dict = field(default_factory=dict)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)


Fault = Callable[["Double", BaseHTTPRequestHandler], None]


class Double:
    """`faults` are what happens at a path instead of the proper answer, once each and in order.

    `held` is set when a request waits for `release`; `left` once a client that was waiting has gone.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.complaints: list[str] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.held, self.release, self.left = threading.Event(), threading.Event(), threading.Event()
        self.url = ""

    def answer(self, asked: Asked) -> tuple[int, str, bytes]:
        """Status, media type and body. Raises `Wrong`."""
        raise NotImplementedError

    def refusal(self, why: str) -> tuple[int, str, bytes]:
        return 422, "application/json", json.dumps({"detail": why}).encode()

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


def send(handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # clients go away: that is what is tested
            super().handle_error(request, client_address)


@contextmanager
def serving(double: Double) -> Iterator[Double]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _handle(double, self)

        def do_POST(self) -> None:
            _handle(double, self)

        def log_message(self, *_: object) -> None:
            """Not told."""

    server = _Server(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        double.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handle(double: Double, handler: BaseHTTPRequestHandler) -> None:
    asked = _read(handler)
    double.asked.append(asked)
    if double.faults[asked.path]:
        double.faults[asked.path].pop(0)(double, handler)
        return
    try:
        status, kind, body = double.answer(asked)
    except Wrong as wrong:
        double.complaints.append(f"{asked.method} {asked.path}: {wrong}")
        status, kind, body = double.refusal(str(wrong))
    send(handler, status, kind, body)


def _read(handler: BaseHTTPRequestHandler) -> Asked:
    parts = urlsplit(handler.path)
    headers = {name.lower(): value for name, value in handler.headers.items()}
    asked = Asked(handler.command, parts.path, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query))), headers)
    raw = handler.rfile.read(int(headers.get("content-length", 0)))
    kind, options = multipart.parse_options_header(headers.get("content-type", ""))
    if kind == "application/json":
        asked.body = json.loads(raw)
    elif kind == "multipart/form-data":
        for part in multipart.MultipartParser(BytesIO(raw), options["boundary"], content_length=len(raw), strict=True):
            if part.filename is None:
                asked.body[part.name] = part.value
            else:
                asked.files[part.name] = (part.filename, part.content_type, part.raw)
            part.close()
    return asked


# Faults.


def status(code: int, body: object = None, **headers: str) -> Fault:
    """An answer with this status; the body is JSON, or text that is called HTML."""
    kind, text = ("text/html", body) if isinstance(body, str) else ("application/json", json.dumps(body))
    return lambda _, handler: send(handler, code, kind, text.encode(), **headers)


def body(kind: str, content: bytes) -> Fault:
    """A good status, and this instead of what was asked for."""
    return lambda _, handler: send(handler, 200, kind, content)


def broken_off(kind: str, content: bytes) -> Fault:
    """Less than was promised."""

    def answer(_: Double, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) + 1_000))
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = True

    return answer


def hung_up(_: Double, handler: BaseHTTPRequestHandler) -> None:
    """The connection ends without an answer."""
    handler.close_connection = True


def held(double: Double, handler: BaseHTTPRequestHandler) -> None:
    """No answer until the test releases it, or the client has gone."""
    double.held.set()
    handler.connection.settimeout(0.02)
    while not double.release.is_set():
        try:
            if handler.connection.recv(1) == b"":
                double.left.set()
                break
        except TimeoutError:
            continue
    handler.close_connection = True
