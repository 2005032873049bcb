"""With a copy of everything that the program leaves behind, nobody can open a link or act for anybody."""

import re

import httpx
from factories import sound

HTML = {"Accept": "text/html"}


def test_no_secret_rests_readable_anywhere(program, tmp_path):
    said = program.init()
    key = said["api_key"]
    song = sound.write(tmp_path / "song.mp3", sound.sine(0.2), "mp3")
    program.settings["log_format"] = "json"
    program.start()
    link = program.done("share", str(song), "--max-opens", "9").splitlines()[-1]

    seen = set()
    with httpx.Client(base_url=f"{program.url}/v1/music/{said['organization_id']}/", verify=False) as client:  # noqa: S501 - plain http
        headers = {"X-API-Key": key}
        (share,) = client.get("shares", headers=headers).json()["items"]
        made = client.post(f"tracks/{share['target_id']}/share", headers=headers).json()
        for url in (link, made["url"], link + "0", f"{program.url}/v1/music/shared/{key}"):
            for more in ({}, HTML, {"User-Agent": link, "Referer": made["url"]}, headers, {"Authorization": key}):
                text = client.get(url, headers=more).text.replace("&amp;", "&")
                seen |= set(re.findall(r"signature=(\w{64})", text))
                for address in re.findall(rf"{program.url}/media/[^\"]+", text):
                    client.get(address, headers={"Referer": link})
        assert seen
        # Things that go wrong, with a secret in the middle of them: refusals, and a failure that is logged.
        client.post("tracks", headers=headers, content=key.encode())
        client.post("collections", headers=headers, content=b'{"name":"' + key.encode())
        client.get(f"{program.url}/v1/music/{key}/shares", headers=headers)
        client.delete(f"share/{made['token']}", headers=headers)
        for path in program.data.glob("blobs/tracks/**/*.mp3"):
            path.unlink()
        playback_url = client.get(made["url"]).json()["track"]["playback_url"]
        assert client.get(playback_url, headers=headers | {"Referer": link}).status_code == 503
    assert program.stop() == 0

    tokens = [link.rpartition("/")[2], made["token"]]
    secrets = [each[4:] for each in (*tokens, key)] + list(seen)
    signing = [path.read_text().strip() for path in (program.data / "keys").iterdir()]
    left = {path: path.read_bytes() for path in program.data.rglob("*") if path.is_file()}
    left[program.log] = program.log.read_bytes()
    assert b"unavailable" in left[program.log]
    assert {path.name for path in left} >= {"segue.db", "segue-audit.db", "data.log"}
    assert not [
        (path, secret[:6]) for path, content in left.items() for secret in secrets if secret.encode() in content
    ]
    outside_keys = {path: content for path, content in left.items() if path.parent.name != "keys"}
    assert not [path for path, content in outside_keys.items() for each in signing if each.encode() in content]
    assert not [path for path, content in outside_keys.items() for each in signing if bytes.fromhex(each) in content]
