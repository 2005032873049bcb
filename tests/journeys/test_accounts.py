"""An operator and a person with a password, through the installed program and beside a running server."""

import os
import pty
import select
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


def read_until(terminal, text):
    """What the program says on its terminal, up to this."""
    said = b""
    while text not in said:
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, said
        said += os.read(terminal, 1_024)
    return said


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(program):
    program.init()
    ours, its = pty.openpty()
    command = [SEGUE, "user", "password", "ada@example.org", "--data", str(program.data)]
    its_own = {"stdin": its, "stderr": its, "start_new_session": True}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **its_own)
    os.close(its)
    told = b""
    for question in (b"The new password: ", b"Repeat for confirmation: "):
        told += read_until(ours, question)
        os.write(ours, PASSWORD.encode() + b"\n")
    out, _ = running.communicate(timeout=60)
    assert (running.returncode, out) == (0, "ada@example.org has a new password.\n")
    os.close(ours)
    assert PASSWORD.encode() not in told
    program.start()
    with httpx.Client(base_url=program.url, verify=False) as client:  # noqa: S501 - plain http
        login = {"email_or_username": "ada@example.org", "password": PASSWORD}
        assert client.post("/v1/auth/login", json=login).status_code == 200
    assert program.stop() == 0


def test_a_line_of_another_system_or_of_no_text(program):
    program.init()
    program.start()
    command = [SEGUE, "user", "password", "ada@example.org", "--stdin", "--data", str(program.data)]
    for line, status in ((PASSWORD.encode() + b"\r\n", 0), (b"\xff" * 12 + b"\n", 1), (b"", 1)):
        given = subprocess.run(command, input=line, capture_output=True, timeout=60, check=False)
        assert given.returncode == status, given.stderr
        assert given.stderr.count(b"\n") == (status != 0), "one sentence"
        assert b"did not expect" not in given.stderr
    with httpx.Client(base_url=program.url, verify=False) as client:  # noqa: S501 - plain http
        login = {"email_or_username": "ada@example.org", "password": PASSWORD}
        assert client.post("/v1/auth/login", json=login).status_code == 200
    assert program.stop() == 0
