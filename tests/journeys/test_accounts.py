"""An operator and a person with a password, through the installed program and beside a running server."""

import subprocess

import httpx
from factories.program import SEGUE

PASSWORD = "correct horse battery"


def password(program, email, text):
    command = [SEGUE, "user", "password", email, "--stdin", "--data", str(program.data)]
    return subprocess.run(command, input=text + "\n", capture_output=True, text=True, timeout=60, check=False)


def test_from_a_password_to_a_session_and_out_again(program):
    said = program.init()
    program.start()
    given = password(program, "ada@example.org", PASSWORD)
    assert (given.returncode, given.stdout, given.stderr) == (0, "ada@example.org has a new password.\n", "")
    login = {"email_or_username": "ada@example.org", "password": PASSWORD}
    with httpx.Client(base_url=program.url, verify=False) as client:  # noqa: S501 - plain http
        token = client.post("/v1/auth/login", json=login).json()["token"]
        client.cookies.clear()
        bearer, key = {"Authorization": f"Bearer {token}"}, {"X-API-Key": said["api_key"]}

        def statuses():
            return [client.get("/v1/auth/me", headers=headers).status_code for headers in (bearer, key)]

        assert statuses() == [200, 200]
        assert program.done("user", "disable", "ada@example.org") == "ada@example.org is shut out."
        assert statuses() == [401, 401]
        assert client.post("/v1/auth/login", json=login).status_code == 401
        assert program.done("user", "enable", "Ada@Example.org") == "Ada@Example.org may come in again."
        assert statuses() == [200, 200]
        assert password(program, "ada@example.org", "another password").returncode == 0
        assert statuses() == [401, 200], "a new password ends the sessions"
    assert program.stop() == 0
    events = [entry["event"] for entry in program.audit() if entry["event"].startswith("user.")]
    assert events == ["user.password", "user.disable", "user.enable", "user.password"]
    assert PASSWORD.encode() not in program.log.read_bytes()


def test_what_cannot_be_is_one_sentence(program):
    program.init()
    short = password(program, "ada@example.org", "short")
    assert (short.returncode, short.stderr) == (1, "A password has 10 to 1024 characters, none of them NUL.\n")
    for command in ("disable", "enable"):
        unknown = program.run("user", command, "nobody@example.org")
        assert (unknown.returncode, unknown.stderr) == (1, "There is no user nobody@example.org.\n")
    unknown = password(program, "nobody@example.org", PASSWORD)
    assert (unknown.returncode, unknown.stderr) == (1, "There is no user nobody@example.org.\n")
