"""ACE-Step over HTTP: what it is told, what is taken from it, and when it is let go."""

import json

import numpy as np
import pytest
from factories import sound
from factories.ace_step_elevenlabs_engines import Pauses, ace_step, brief, rendered
from factories.ace_step_or_elevenlabs import Asked, body, held, hung_up, serving, status
from factories.ace_step_server import AceStepServer, flac, read_field
from hypothesis import given
from hypothesis import strategies as st

from segue.engines import EngineFailed, EngineRefused, Stopped
from segue.engines.adapters.ace_step_request import as_form, standing_of, task_id_of, task_of
from segue.licences import LicenceClass, shown

PLAIN = {
    "prompt": "slow piano",
    "lyrics": "[Instrumental]",
    "vocal_language": "unknown",
    "audio_duration": 30.0,
    "use_random_seed": False,
    "seed": 7,
    "batch_size": 1,
    "audio_format": "flac",
    "task_type": "text2music",
    "model": "acestep-v15-turbo",
}


def test_a_piece_is_asked_for_waited_for_and_fetched(ace_step_server, tmp_path):
    seen = []
    made = rendered(ace_step(ace_step_server), tmp_path, progress=seen.append)
    assert (tmp_path / made.master).read_bytes() == flac(30.0)
    assert (made.model, made.seed, made.stems, made.terms) == ("acestep-v15-turbo", 7, {}, None)
    assert made.parameters == {
        name: value for name, value in as_form(PLAIN).items() if name not in {"prompt", "lyrics", "seed", "model"}
    }
    assert ace_step_server.paths() == ["/release_task", *["/query_result"] * 3, "/v1/audio"]
    assert ace_step_server.asked[0].body == PLAIN
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert 0.45 in seen, "the share that the server tells is passed on"


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"prompt": "  a walk\nin rain "}, {"prompt": "a walk\nin rain"}),
        ({"style_tags": ("jazz", "Piano", "jazz", " ", "low")}, {"prompt": "slow piano, jazz, low"}),
        ({"duration_s": 10.5}, {"audio_duration": 10.5}),
        ({"seed": 2**31 + 3}, {"seed": 3}),
        ({"instrumental": False, "lyrics": "[Verse]\nla"}, {"lyrics": "[Verse]\nla"}),
        ({"instrumental": False}, {"lyrics": ""}),
        ({"lyrics": "not sung"}, {"lyrics": "[Instrumental]"}),
        ({"language": "pt-BR"}, {"vocal_language": "pt"}),
        ({"language": "DE"}, {"vocal_language": "de"}),
        ({"language": "tlh"}, {"vocal_language": "unknown"}),
        ({"tempo_bpm": 92.5}, {"bpm": 92}),
        ({"tempo_bpm": 30.0}, {"bpm": 30}),
        ({"tempo_bpm": 300.0}, {"bpm": 300}),
        ({"key": "C"}, {"key_scale": "C major"}),
        ({"key": "f# minor"}, {"key_scale": "F# minor"}),
        ({"key": "B♭ Major"}, {"key_scale": "Bb major"}),
        ({"key": "Am"}, {"key_scale": "A minor"}),
        ({"key": "bb min"}, {"key_scale": "Bb minor"}),
        ({"prompt": "/etc/passwd"}, {"prompt": "/etc/passwd"}),
    ],
)
def test_every_wish_has_its_field(asked, fields):
    assert task_of(brief(**asked), "acestep-v15-turbo") == PLAIN | fields


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"tempo_bpm": 29.0}, "ACE-Step plays from 30 to 300 beats a minute."),
        ({"tempo_bpm": 301.0}, "ACE-Step plays from 30 to 300 beats a minute."),
        ({"key": "D dorian"}, "ACE-Step plays in major and minor keys only, such as C major or F# minor."),
        ({"key": "H major"}, "ACE-Step plays in major and minor keys only, such as C major or F# minor."),
        (
            {"prompt": "x" * 508, "style_tags": ("jazz",)},
            "ACE-Step takes at most 512 characters of prompt and style tags together.",
        ),
    ],
)
def test_what_it_does_not_have_is_refused_and_nothing_is_clamped(asked, reason, ace_step_server, tmp_path):
    with pytest.raises(EngineRefused, match=r"^" + reason.replace(".", r"\.")):
        rendered(ace_step(ace_step_server), tmp_path, brief(**asked))
    assert ace_step_server.asked == []


def test_the_caller_can_refuse_what_is_too_long_before_it_is_queued(ace_step_server):
    facts = ace_step(ace_step_server).facts
    assert (facts.prompt_chars_max, facts.lyrics_chars_max) == (512, 4_096)
    assert (facts.min_duration_seconds, facts.max_duration_seconds) == (10, 600)


@given(
    st.builds(
        brief,
        prompt=st.text(min_size=1, max_size=512),
        duration_s=st.floats(10, 600),
        seed=st.integers(-(2**70), 2**70),
        instrumental=st.booleans(),
        lyrics=st.none() | st.text(max_size=4_096),
        language=st.none() | st.sampled_from(["en", "de-AT", "yue", "x"]),
        tempo_bpm=st.none() | st.floats(30, 300),
        key=st.none() | st.sampled_from(["C", "Eb minor", "g♯m"]),
    )
)
def test_every_brief_within_the_facts_is_a_task_that_the_server_takes(asked):
    fields = task_of(asked, "acestep-v15-turbo")
    sent = json.loads(json.dumps(fields))
    assert AceStepServer().answer(Asked("POST", "/release_task", {}, {"accept-encoding": "identity"}, sent))[0] == 200
    assert {name: read_field(name, text) for name, text in as_form(fields).items()} == fields


def test_the_server_plans_where_the_operator_wants_that(ace_step_server, tmp_path):
    rendered(ace_step(ace_step_server, thinking="yes"), tmp_path)
    assert ace_step_server.asked[0].body == PLAIN | {"thinking": True}


def test_a_key_goes_into_the_header_and_nowhere_else(tmp_path):
    with serving(AceStepServer(key="made-up-key")) as server:
        rendered(ace_step(server, key="made-up-key"), tmp_path)
        assert server.complaints == []
        assert all("made-up-key" not in str((each.path, each.query, each.body)) for each in server.asked)


def test_it_goes_on_from_a_seed_that_is_uploaded_and_cut_off_again(ace_step_server, tmp_path):
    sound.write(tmp_path / "seed.wav", sound.sine(8.0), "wav")
    made = rendered(ace_step(ace_step_server), tmp_path, brief(duration_s=12.0, seed_audio="seed.wav"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.flac", "seed.wav"]
    released = ace_step_server.asked[0]
    assert released.body["task_type"] == "repaint"
    assert [float(released.body[name]) for name in ("repainting_start", "repainting_end")] == [8.0, 20.0]
    name, kind, content = released.files["src_audio"]
    assert (name, kind) == ("seed.flac", "audio/flac")
    (tmp_path / "uploaded.flac").write_bytes(content)
    samples, rate_hz = sound.read(tmp_path / "uploaded.flac")
    assert (len(samples), rate_hz) == (20 * 48_000, 48_000)
    assert np.abs(samples[: 7 * rate_hz]).max() > 0.4
    assert np.abs(samples[9 * rate_hz :]).max() == 0.0, "what is to be painted over is silent"
    samples, rate_hz = sound.read(tmp_path / made.master)
    assert len(samples) == 12 * rate_hz


def test_it_covers_a_seed_where_the_operator_wants_that(ace_step_server, tmp_path):
    sound.write(tmp_path / "seed.flac", sound.sine(12.0), "flac")
    engine = ace_step(ace_step_server, seed_task="cover")
    rendered(engine, tmp_path, brief(duration_s=11.0, seed_audio="seed.flac"))
    released = ace_step_server.asked[0]
    assert (released.body["task_type"], float(released.body["audio_duration"])) == ("cover", 11.0)
    (tmp_path / "uploaded.flac").write_bytes(released.files["src_audio"][2])
    samples, rate_hz = sound.read(tmp_path / "uploaded.flac")
    assert len(samples) == 11 * rate_hz
    with pytest.raises(EngineRefused, match="ask for at most 12 seconds"):
        rendered(engine, tmp_path, brief(duration_s=30.0, seed_audio="seed.flac"))


@pytest.mark.parametrize(("seconds", "duration_s"), [(3.0, 30.0), (20.0, 596.0)])
def test_a_seed_without_room_is_refused(ace_step_server, tmp_path, seconds, duration_s):
    sound.write(tmp_path / "seed.wav", sound.sine(seconds), "wav")
    with pytest.raises(EngineRefused, match="needs 5 seconds of it, and can add 595 at most"):
        rendered(ace_step(ace_step_server), tmp_path, brief(duration_s=duration_s, seed_audio="seed.wav"))


def test_a_seed_that_is_no_sound_is_told(ace_step_server, tmp_path):
    (tmp_path / "seed.wav").write_text("no sound")
    with pytest.raises(EngineFailed, match=r"^The piece to go on from cannot be read\.$"):
        rendered(ace_step(ace_step_server), tmp_path, brief(seed_audio="seed.wav"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"fLaC no sound", "What the ACE-Step server sent is not music."),
        (flac(5.0), "ACE-Step could not make this piece."),
    ],
)
def test_what_is_made_from_a_seed_has_to_be_music_and_longer_than_it(ace_step_server, tmp_path, content, sentence):
    sound.write(tmp_path / "seed.wav", sound.sine(8.0), "wav")
    ace_step_server.faults["/v1/audio"] = [body("audio/flac", content)]
    with pytest.raises(EngineFailed) as failed:
        rendered(ace_step(ace_step_server), tmp_path, brief(duration_s=12.0, seed_audio="seed.wav"))
    assert str(failed.value) == sentence


@pytest.mark.parametrize(
    "file",
    [
        "http://music.example/v1/audio?path=%2Fx",
        "//music.example/v1/audio?path=%2Fx",
        "/v1/other?path=%2Fx",
        "/v1/audio?path=a&path=b",
        "/v1/audio",
        "/srv/made.flac",
        "file:///srv/made.flac",
        "http://[/v1/audio?path=x",
        7,
        None,
    ],
)
def test_a_sound_anywhere_but_on_the_server_is_not_fetched(ace_step_server, tmp_path, file):
    ace_step_server.made = {"file": file}
    with pytest.raises(EngineFailed, match=r"^The ACE-Step server gave an answer that cannot be read\.$"):
        rendered(ace_step(ace_step_server), tmp_path)
    assert "/v1/audio" not in ace_step_server.paths()


@pytest.mark.parametrize(
    "made",
    [
        {"seed_value": None, "dit_model": None, "metas": None, "progress": "done", "new": {"a": 1}},
        {"seed_value": "-1", "dit_model": "", "progress": True},
        {"seed_value": [7], "dit_model": 5, "progress": -1},
    ],
)
def test_fields_of_any_other_kind_are_as_good_as_none(ace_step_server, tmp_path, made):
    ace_step_server.made = made
    told = rendered(ace_step(ace_step_server), tmp_path)
    assert (told.seed, told.model) == (7, "acestep-v15-turbo")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_answer_is_too_strange_to_be_looked_at(answer):
    assert task_id_of({"data": answer}) is None or isinstance(answer, dict)
    assert standing_of({"data": answer}, "id", "http://127.0.0.1") is None
    entry = {"task_id": "id", "status": 1, "result": answer}
    assert standing_of({"data": [answer, entry]}, "id", "http://127.0.0.1").path is None


def test_another_model_than_asked_for_takes_the_terms_away(ace_step_server, tmp_path):
    engine = ace_step(ace_step_server)
    assert engine.facts.licence_class is LicenceClass.COMMERCIAL_CLEARED
    ace_step_server.made = {"dit_model": "somebodys-finetune"}
    made = rendered(engine, tmp_path)
    assert made.model == "somebodys-finetune"
    assert shown(made.terms).licence_class is LicenceClass.UNCLEAR


def test_a_task_that_fails_is_told_without_its_trace(ace_step_server, tmp_path):
    ace_step_server.fails = "Traceback: CUDA out of memory in /opt/ace-step"
    with pytest.raises(EngineFailed, match=r"^The ACE-Step server could not make this piece\.$"):
        rendered(ace_step(ace_step_server), tmp_path)


def test_a_task_that_never_ends_is_given_up(ace_step_server, tmp_path):
    ace_step_server.stages = (0.1,) * 1_000_000
    with pytest.raises(EngineFailed, match=r"^The ACE-Step server took too long over this piece\.$"):
        rendered(ace_step(ace_step_server, task_s_max=0.2), tmp_path)


def test_a_few_lost_answers_about_a_task_do_no_harm(ace_step_server, tmp_path):
    lost = [hung_up, status(500), status(503, {"detail": "busy"}), hung_up, hung_up]
    ace_step_server.faults["/query_result"] = list(lost)
    assert rendered(ace_step(ace_step_server), tmp_path).master == "master.flac"
    ace_step_server.faults["/query_result"] = [*lost, hung_up]
    with pytest.raises(EngineFailed, match="broke off"):
        rendered(ace_step(ace_step_server), tmp_path)


def test_a_task_is_never_released_twice(ace_step_server, tmp_path):
    ace_step_server.faults["/release_task"] = [status(500)]
    with pytest.raises(EngineFailed):
        rendered(ace_step(ace_step_server), tmp_path)
    assert ace_step_server.paths() == ["/release_task"]


def test_it_polls_in_its_own_time(ace_step_server, tmp_path):
    pauses = Pauses()
    rendered(ace_step(ace_step_server, sleep=pauses), tmp_path)
    assert pauses.taken == [1.0, 1.0]


@pytest.mark.parametrize("path", ["/release_task", "/query_result", "/v1/audio"])
def test_cancelled_it_lets_go_at_once_whatever_it_waits_for(ace_step_server, tmp_path, path):
    ace_step_server.faults[path] = [held]
    with pytest.raises(Stopped):
        rendered(ace_step(ace_step_server), tmp_path, cancelled=ace_step_server.held.is_set)
    assert ace_step_server.left.wait(10), "the connection is closed"


def test_a_server_behind_a_path_is_found(tmp_path):
    class Behind(AceStepServer):
        def answer(self, asked):
            asked.path = asked.path.removeprefix("/ace")
            return super().answer(asked)

    with serving(Behind()) as server:
        server.url += "/ace/"
        assert rendered(ace_step(server), tmp_path).master == "master.flac"
        assert server.complaints == []


def test_an_answer_without_a_task_is_none(ace_step_server, tmp_path):
    ace_step_server.faults["/release_task"] = [body("application/json", b'{"data": {"task_id": 5}, "code": 200}')]
    with pytest.raises(EngineFailed, match="cannot be read"):
        rendered(ace_step(ace_step_server), tmp_path)
