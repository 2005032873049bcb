"""Everything that can go wrong with a service of somebody else: one sentence for the user, and no secret anywhere."""

import logging
import socket
import traceback

import pytest
from factories.ace_step_elevenlabs_engines import Pauses, ace_step, brief, elevenlabs, rendered
from factories.ace_step_or_elevenlabs import body, broken_off, held, hung_up, serving, status
from factories.ace_step_server import AceStepServer
from factories.elevenlabs_server import ElevenLabsServer
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from segue.engines import EngineFailed
from segue.engines.adapters.faults import BUSY_PAUSE_S, Fault, RemoteFailed, by_status, pause_s
from segue.engines.adapters.remote import Bounds

KEY = "sk_made_up_0123456789"
BIG = b'"' + b"x" * 60_000 + b'"'
BIGGER = b"x" * 6_000_000

# At every path: the fault, and how the sentence ends that begins with the name of the service.
EVERYWHERE = [
    (status(401, {"detail": f"{KEY} is no key"}), "did not accept the key of this server."),
    (status(403), "did not accept the key of this server."),
    (status(404), "is not where this server looks for it."),
    (status(400, {"detail": "no"}), "did not take the request."),
    (status(418, "<html>teapot</html>"), "did not take the request."),
    (status(302, "", Location="http://127.0.0.1:1/elsewhere"), "is not where this server looks for it."),
    (status(307, "", Location=f"https://music.example/?key={KEY}"), "is not where this server looks for it."),
    (status(304), "is not where this server looks for it."),
]
# The same, but where asking again does no harm: there they pass by.
ONCE = [
    (status(500, f"<html>{KEY}</html>"), "has a fault of its own at the moment; try again later."),
    (status(503), "has a fault of its own at the moment; try again later."),
    (hung_up, "broke off before its end."),
]
JSON = [
    (body("text/html", b"<html>Welcome</html>"), "gave an answer that cannot be read."),
    (body("application/json", b""), "gave an answer that cannot be read."),
    (body("application/json", b'{"data": {"task_id"'), "gave an answer that cannot be read."),
    (body("application/json", b"[" * 40_000), "gave an answer that cannot be read."),
    (body("application/json", b"\xff\xfe"), "gave an answer that cannot be read."),
    (body("application/json", b"[]"), "gave an answer that cannot be read."),
    (body("application/json", BIG), "sent more than a piece of music can be."),
]
SOUND = [
    (body("text/html", b"<html>Welcome</html>"), "sent is not music."),
    (body("application/json", b"{}"), "sent is not music."),
    (body("audio/flac", b""), "sent is not music."),
    (body("audio/flac", BIGGER), "sent more than a piece of music can be."),
    (broken_off("audio/flac", b"fLaC"), "broke off before its end."),
]
CASES = [
    *((ace_step, path, *case) for path in ("/release_task", "/query_result", "/v1/audio") for case in EVERYWHERE),
    *((ace_step, path, *case) for path in ("/release_task", "/v1/audio") for case in ONCE),
    *((ace_step, path, *case) for path in ("/release_task", "/query_result") for case in JSON),
    *((ace_step, "/v1/audio", *case) for case in SOUND),
    *((elevenlabs, "/v1/music", *case) for case in (*EVERYWHERE, *ONCE, *SOUND)),
]


@pytest.fixture(autouse=True)
def library_logs(caplog):
    """What httpx and httpcore log, down to every step, is searched too."""
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text


@pytest.fixture
def doubles():
    with serving(AceStepServer(key=KEY)) as ace_step_server, serving(ElevenLabsServer(key=KEY)) as elevenlabs_server:
        yield {ace_step: ace_step_server, elevenlabs: elevenlabs_server}


def engine_of(make, server, **more):
    return make(server, **({"key": KEY} if make is ace_step else {}), **more)


def failure(engine, tmp_path):
    """The sentence. Whatever there is to be read of the failure is searched for the key."""
    with pytest.raises(EngineFailed) as failed, capture_logs() as logs:
        rendered(engine, tmp_path, brief(duration_s=10.0))
    error = failed.value
    assert error.__cause__ is None
    assert error.__context__ is None, "an error that knows the headers must not hang on to it"
    written = "".join(traceback.format_exception(error)) + str(logs) + repr(error) + repr(engine)
    assert KEY not in written
    sentence = str(error)
    assert sentence.count(".") == 1, "one sentence"
    assert not any(sign in sentence for sign in ("http", "/", "127", "400", "500", "Error", "{"))
    assert any(log["log_level"] == "warning" for log in logs), "the operator hears of it"
    return sentence


@pytest.mark.parametrize(("make", "path", "fault", "ending"), CASES)
def test_every_fault_is_one_sentence(doubles, tmp_path, make, path, fault, ending):
    server = doubles[make]
    server.faults[path] = [fault]
    sentence = failure(engine_of(make, server), tmp_path)
    assert sentence.endswith(ending)
    assert ("the ace-step server" if make is ace_step else "elevenlabs") in sentence.casefold()
    assert sentence[0].isupper()
    assert server.paths().count(path) == 1, "nothing is asked for again"
    assert server.complaints == []


@pytest.mark.parametrize("make", [ace_step, elevenlabs])
def test_a_key_that_is_not_accepted_is_told(doubles, tmp_path, make):
    server = doubles[make]
    engine = engine_of(make, server)
    server.key = "another"
    assert failure(engine, tmp_path).endswith("did not accept the key of this server.")


@pytest.mark.parametrize("make", [ace_step, elevenlabs])
def test_nobody_at_the_address(doubles, tmp_path, make):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        engine = engine_of(make, doubles[make], url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert failure(engine, tmp_path).endswith("cannot be reached at the moment.")
    engine = engine_of(make, doubles[make], url="https://" + doubles[make].url.removeprefix("http://"))
    assert failure(engine, tmp_path).endswith("cannot be reached at the moment."), "it speaks no TLS"


@pytest.mark.parametrize("make", [ace_step, elevenlabs])
def test_a_server_that_says_nothing(doubles, tmp_path, make):
    path = "/release_task" if make is ace_step else "/v1/music"
    doubles[make].faults[path] = [held]
    engine = engine_of(make, doubles[make], bounds=Bounds(silence_s=0.1))
    assert failure(engine, tmp_path).endswith("did not answer in time.")


@pytest.mark.parametrize(
    ("answers", "pauses"),
    [
        ([status(429, Retry_After="7")], [7.0]),
        ([status(429)], [BUSY_PAUSE_S]),
        ([status(429, {"detail": {"status": "system_busy"}}, Retry_After="2"), status(429)], [2.0, BUSY_PAUSE_S]),
        ([status(429, Retry_After="60")], [60.0]),
    ],
)
@pytest.mark.parametrize("make", [ace_step, elevenlabs])
def test_a_busy_server_is_waited_for(doubles, tmp_path, make, answers, pauses):
    path = "/release_task" if make is ace_step else "/v1/music"
    doubles[make].faults[path] = list(answers)
    taken = Pauses()
    rendered(engine_of(make, doubles[make], sleep=taken), tmp_path)
    assert taken.taken[: len(pauses)] == pauses
    assert doubles[make].paths().count(path) == len(answers) + 1


@pytest.mark.parametrize(
    ("answers", "pauses"),
    [
        ([status(429, Retry_After="61")], []),
        ([status(429, Retry_After="86400")], []),
        ([status(429)] * 20, [BUSY_PAUSE_S] * 12),
        ([status(429, Retry_After="40")] * 2, [40.0]),
    ],
)
@pytest.mark.parametrize("make", [ace_step, elevenlabs])
def test_and_not_for_ever(doubles, tmp_path, make, answers, pauses):
    path = "/release_task" if make is ace_step else "/v1/music"
    doubles[make].faults[path] = list(answers)
    taken = Pauses()
    sentence = failure(engine_of(make, doubles[make], sleep=taken), tmp_path)
    assert sentence.endswith("is too busy at the moment; try again in a few minutes.")
    assert taken.taken == pauses


@pytest.mark.parametrize(
    ("word", "told"), [("missing_permissions", "missing_permissions"), (KEY, None), ("made_up", None), ("No!", None)]
)
def test_the_operator_reads_the_word_of_the_service_but_never_a_part_of_the_key(doubles, tmp_path, word, told):
    doubles[elevenlabs].faults["/v1/music"] = [status(403, {"detail": {"status": word}})]
    with pytest.raises(EngineFailed), capture_logs() as logs:
        rendered(engine_of(elevenlabs, doubles[elevenlabs]), tmp_path)
    assert logs == [
        {
            "event": "a music server has failed",
            "log_level": "warning",
            "engine": "elevenlabs",
            "fault": "key",
            "status": 403,
            "said": told,
        }
    ]


def test_a_proxy_from_the_environment_never_sees_a_request(doubles, tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    assert rendered(engine_of(elevenlabs, doubles[elevenlabs]), tmp_path).master == "master.mp3"


@given(st.integers(100, 999))
def test_no_status_but_a_good_one_passes(code):
    assert (by_status(code) is None) == (200 <= code < 300)


@given(st.none() | st.text() | st.integers(0, 10**6).map(str))
def test_a_pause_is_what_the_server_says_or_our_own(text):
    said = text.strip() if text else ""
    expected = float(said[:9]) if said.isascii() and said.isdigit() else BUSY_PAUSE_S
    assert pause_s(text) == expected


def test_another_process_sees_a_plain_failure():
    kind, arguments = RemoteFailed(Fault.SILENT, "the server").__reduce__()
    assert (kind, arguments) == (EngineFailed, ("The server did not answer in time.",))
