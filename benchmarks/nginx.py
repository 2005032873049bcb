"""nginx with `secure_link` and sendfile, one worker, on loopback and out of a temporary folder."""

import base64
import getpass
import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import HOST, free_port, running, until_accepts

_KEY = "a key for measuring"
_GOOD_FOR_S = 3_600

_CONFIGURATION = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  types {{ audio/mpeg mp3; }}
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen {host}:{port} backlog=2048;
    root {root};
    location / {{
      secure_link $arg_signature,$arg_expires;
      secure_link_md5 "$secure_link_expires$uri {key}";
      if ($secure_link = "") {{ return 403; }}
      if ($secure_link = "0") {{ return 410; }}
    }}
  }}
}}
"""


def find() -> str | None:
    """The program; Debian keeps it where only root's PATH leads."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def version() -> str | None:
    program = find()
    if program is None:
        return None
    told = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stderr
    return told.strip().rpartition(" ")[2]


@contextmanager
def serving(root: Path, folder: Path) -> Iterator[tuple[int, str]]:
    """Serves the files under `root` to whoever has a signature. Yields the master's process id and the base URL."""
    port = free_port()
    # Started by root it would work as nobody, who may not read the temporary folder.
    user = f"user {getpass.getuser()};" if getpass.getuser() == "root" else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, root=root, host=HOST, port=port, key=_KEY, user=user), "utf-8"
    )
    command = [str(find()), "-p", str(folder), "-e", f"{folder}/nginx.log", "-c", str(configuration)]
    with running(command, folder / "nginx.log") as process:
        until_accepts(process, port)
        yield process.pid, f"http://{HOST}:{port}"


def signed(path: str, listener: int) -> str:
    """The path with a signature that outlasts the run; each listener has one of its own."""
    expires = int(time.time()) + _GOOD_FOR_S + listener
    digest = hashlib.md5(f"{expires}{path} {_KEY}".encode(), usedforsecurity=False).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return f"{path}?signature={signature}&expires={expires}"
