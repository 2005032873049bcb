"""The ceiling of the resolve: the same server, started in the same way, answering the same bytes without any work.

Run as `bare.py PORT ANSWER`, where ANSWER is a JSON file with a status, headers and a body.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server


async def main(port: int, given: dict) -> None:
    status, body = given["status"], given["body"].encode()
    headers = [(name, value) for name, value in given["headers"]]

    async def application(_scope, protocol) -> None:
        protocol.response_bytes(status, headers, body)

    # The same options as in src/segue/app.py.
    server = Server(
        application,
        "127.0.0.1",
        port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_enabled=False,
        backlog=2048,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    await server.serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())))
