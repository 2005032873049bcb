"""`kill -9` under load, again and again: what was answered is in the audit, and nothing needs repair by hand."""

import asyncio
import random
import sqlite3

import httpx
import pytest
from factories import sound

KILLS = 20
CLIENTS = 16


async def load(client: httpx.AsyncClient, link: str, answered: set[str], after: int, enough: asyncio.Event) -> None:
    """Open the link as fast as it answers until the server is gone; note every answer that arrived."""
    while True:
        try:
            answer = await client.get(link)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        answered.add(answer.headers["x-request-id"])
        if len(answered) >= after:
            enough.set()


async def killed_under_load(program, link: str, after: int) -> set[str]:
    """The ids of all answers up to a `kill -9` that comes once `after` of them have arrived."""
    answered: set[str] = set()
    enough = asyncio.Event()
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=CLIENTS)) as client:
        clients = [asyncio.create_task(load(client, link, answered, after, enough)) for _ in range(CLIENTS)]
        await enough.wait()
        program.process.kill()
        await asyncio.gather(*clients)
    program.process.wait()
    program.process.stdout.close()
    return answered


def audited(program) -> set[str]:
    with sqlite3.connect(program.data / "segue-audit.db") as audit:
        assert audit.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = audit.execute(
            "SELECT request_id FROM audit WHERE event = 'share.open' AND outcome = 'granted'"
        ).fetchall()
    audit.close()
    with sqlite3.connect(program.data / "segue.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
    database.close()
    found = [row[0] for row in rows]
    assert len(found) == len(set(found)), "one row for one open"
    return set(found)


async def test_no_answered_open_is_lost(program, tmp_path):
    program.settings = {"share_rate": "1000000/minute"}
    program.init()
    song = sound.write(tmp_path / "song.flac", sound.noise(2.0), "flac")
    link = program.done("share", str(song)).splitlines()[-1].replace(":8600", f":{program.port}")
    dice = random.Random(8600)
    for _ in range(KILLS):
        program.start()
        answered = await killed_under_load(program, link, after=dice.randrange(1, 300))
        assert answered <= audited(program)
    program.start()
    async with httpx.AsyncClient() as client:
        assert (await client.get(link)).status_code == 200
    assert program.stop() == 0


def test_a_file_that_was_being_taken_in_leaves_nothing(program):
    """The server dies while an upload is under way; the next start clears the rest away and knows no such track."""
    key = program.init()
    program.start()
    with pytest.raises(httpx.TransportError):
        httpx.post(
            f"{program.url}/v1/music/{key['organization_id']}/tracks",
            headers={"x-api-key": key["api_key"], "content-type": "multipart/form-data; boundary=b"},
            content=_endless(program),
        )
    quarantine = program.data / "blobs" / ".quarantine"
    assert [path for path in quarantine.iterdir() if path.is_dir()], "it was under way"
    program.start()
    assert not [path for path in quarantine.iterdir() if path.is_dir()]
    with sqlite3.connect(program.data / "segue.db") as database:
        assert database.execute("SELECT count(*) FROM tracks").fetchone() == (0,)
    database.close()


def _endless(program):
    yield b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    for _ in range(64):
        yield b"\0" * 65_536
    program.kill()
    while True:
        yield b"\0" * 65_536
