"""ElevenLabs Music: what it is asked for, by words or by a plan, and what becomes of its answer."""

import json

import pytest
from factories.ace_step_elevenlabs_engines import brief, elevenlabs, rendered
from factories.ace_step_or_elevenlabs import Asked, body, held, status
from factories.elevenlabs_server import STEMS, ElevenLabsServer, archive, mp3
from hypothesis import assume, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from segue.engines import EngineFailed, EngineRefused, Stopped
from segue.engines.adapters.eleven_song import SECTION_MS_MAX, SECTION_MS_MIN, sections_of, song_of, spread

LYRICS = "[Verse 1]\nRain on the road\nall night\n\n[Chorus]\nWe go on\n\nStill here"


def test_a_piece_is_one_request_and_its_answer(elevenlabs_server, tmp_path):
    seen = []
    made = rendered(elevenlabs(elevenlabs_server), tmp_path, progress=seen.append)
    (asked,) = elevenlabs_server.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/music", {"output_format": "auto"})
    assert asked.body == {
        "prompt": "slow piano",
        "music_length_ms": 30_000,
        "model_id": "music_v2",
        "force_instrumental": True,
    }
    assert (tmp_path / made.master).read_bytes() == mp3()
    assert (made.master, made.model, made.stems) == ("master.mp3", "ElevenLabs music_v2", {})
    assert made.seed is None, "beside a prompt it takes none"
    assert made.parameters == {
        "music_length_ms": "30000",
        "force_instrumental": "true",
        "output_format": "auto",
        "plan": "false",
    }
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert len(seen) > 2


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"duration_s": 3.0}, {"music_length_ms": 3_000}),
        ({"duration_s": 10.0004}, {"music_length_ms": 10_000}),
        ({"style_tags": ("jazz", "late")}, {"prompt": "slow piano, jazz, late"}),
        ({"instrumental": False}, {"force_instrumental": False}),
        ({"instrumental": False, "lyrics": " \n"}, {"force_instrumental": False}),
        (
            {"instrumental": False, "language": "de-AT"},
            {"prompt": "slow piano, sung in German", "force_instrumental": False},
        ),
        ({"language": "de"}, {}),
        ({"lyrics": LYRICS}, {}),
    ],
)
def test_words_without_lyrics_are_a_prompt(asked, fields):
    plain = {"prompt": "slow piano", "music_length_ms": 30_000, "model_id": "music_v1", "force_instrumental": True}
    assert song_of(brief(**asked), "music_v1") == plain | fields


def test_lyrics_are_a_plan_of_sections_for_the_first_model():
    sung = brief(instrumental=False, lyrics=LYRICS, duration_s=20.0, style_tags=("jazz",), language="en")
    assert song_of(sung, "music_v1") == {
        "composition_plan": {
            "positive_global_styles": ["slow piano", "jazz", "sung in English"],
            "negative_global_styles": [],
            "sections": [
                {
                    "section_name": name,
                    "positive_local_styles": [],
                    "negative_local_styles": [],
                    "duration_ms": length_ms,
                    "lines": lines,
                }
                for name, length_ms, lines in (
                    ("Verse 1", 7_715, ["Rain on the road", "all night"]),
                    ("Chorus", 6_143, ["We go on"]),
                    ("Verse", 6_142, ["Still here"]),
                )
            ],
        },
        "model_id": "music_v1",
        "seed": 7,
        "respect_sections_durations": True,
    }


@pytest.mark.parametrize("model", ["music_v2", "music_v2_5"])
def test_lyrics_are_a_plan_of_chunks_for_the_later_models(model):
    song = song_of(brief(instrumental=False, lyrics="[Verse 1]\nRain", duration_s=130.0, seed=-1), model)
    assert song == {
        "composition_plan": {
            "chunks": [
                {
                    "text": "[Verse 1]\nRain",
                    "duration_ms": 85_667,
                    "positive_styles": ["slow piano"],
                    "negative_styles": [],
                },
                {
                    "text": "[Instrumental]",
                    "duration_ms": 44_333,
                    "positive_styles": ["slow piano", "instrumental"],
                    "negative_styles": ["vocals"],
                },
            ]
        },
        "model_id": model,
        "seed": 2**31 - 1,
    }


@pytest.mark.parametrize(
    ("lyrics", "parts"),
    [
        ("a\nb", [("Verse", ["a", "b"])]),
        ("a\n\n\nb", [("Verse", ["a"]), ("Verse", ["b"])]),
        ("[Chorus]\n\na", [("Chorus", ["a"])]),
        ("[Intro]\n[Chorus]\na", [("Intro", []), ("Chorus", ["a"])]),
        ("[ ]\na", [("Verse", ["a"])]),
        ("[a] b", [("Verse", ["[a] b"])]),
        ("[Rap]\n" + "x\n" * 40, [("Rap", ["x"] * 29), ("Rap", ["x"] * 11)]),
    ],
)
def test_lyrics_fall_into_their_parts(lyrics, parts):
    assert [(part.name, list(part.lines)) for part, _ in sections_of(lyrics, 60_000)] == parts


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"lyrics": "x" * 201}, "ElevenLabs takes lines of lyrics of at most 200 characters"),
        ({"lyrics": "x\n\n" * 31, "duration_s": 600.0}, "ElevenLabs takes lyrics of at most 30 parts"),
        ({"lyrics": "x\n\n" * 4, "duration_s": 10.0}, "The lyrics have 4 parts, which take at least 12 seconds"),
        ({"lyrics": "x", "style_tags": tuple(map(str, range(50)))}, "ElevenLabs takes at most 48 style tags"),
        (
            {"prompt": "x" * 4_090, "style_tags": ("a tag of many",)},
            "ElevenLabs takes at most 4100 characters of prompt",
        ),
        ({"prompt": "x" * 4_096, "lyrics": "x", "style_tags": ("tags",)}, "ElevenLabs takes at most 4100 characters"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_paid_for(elevenlabs_server, tmp_path, asked, reason):
    with pytest.raises(EngineRefused, match="^" + reason):
        rendered(elevenlabs(elevenlabs_server), tmp_path, brief(instrumental=False, **asked))
    assert elevenlabs_server.asked == []


@given(st.integers(3_000, 600_000), st.lists(st.integers(1, 31), min_size=1, max_size=30))
def test_nothing_of_the_length_is_lost_among_the_parts(total, weights):
    assume(len(weights) * SECTION_MS_MIN <= total <= len(weights) * SECTION_MS_MAX)
    sizes = spread(total, weights, SECTION_MS_MIN, SECTION_MS_MAX)
    assert sum(sizes) == total
    assert all(SECTION_MS_MIN <= size <= SECTION_MS_MAX for size in sizes)


@given(
    st.builds(
        brief,
        prompt=st.text(min_size=1, max_size=200).filter(str.strip),
        duration_s=st.floats(3, 600),
        seed=st.integers(-(2**70), 2**70),
        instrumental=st.booleans(),
        lyrics=st.none() | st.lists(st.text("ab \n[]", max_size=60), max_size=40).map("\n".join),
        language=st.none() | st.sampled_from(["en", "ja", "fr"]),
    ),
    st.sampled_from(["music_v1", "music_v2", "music_v2_5"]),
)
def test_every_song_is_one_that_the_service_takes(asked, model):
    server = ElevenLabsServer()
    try:
        song = json.loads(json.dumps(song_of(asked, model)))
    except EngineRefused:
        assume(False)
    query, headers = {"output_format": "auto"}, {"xi-api-key": server.key}
    assert server.answer(Asked("POST", "/v1/music", query, headers, song))[0] == 200


@pytest.mark.parametrize(("model", "format_"), [("music_v1", "mp3_44100_192"), ("music_v2_5", "auto")])
def test_lyrics_are_sung_over_the_wire(elevenlabs_server, tmp_path, model, format_):
    engine = elevenlabs(elevenlabs_server, model=model, output_format=format_)
    made = rendered(engine, tmp_path, brief(instrumental=False, lyrics=LYRICS, duration_s=200.0))
    assert (made.seed, made.parameters["plan"]) == (7, "true")
    assert elevenlabs_server.asked[0].query == {"output_format": format_}


def test_stems_are_separated_where_the_operator_wants_them(elevenlabs_server, tmp_path):
    engine = elevenlabs(elevenlabs_server, stems="yes")
    assert engine.facts.supports_stems
    made = rendered(engine, tmp_path)
    assert made.stems == {name: f"stem_{name}.mp3" for name in STEMS}
    assert all((tmp_path / name).read_bytes() == mp3() for name in made.stems.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([made.master, *made.stems.values()])
    asked = elevenlabs_server.asked[1]
    assert asked.body == {"stem_variation_id": "six_stems_v1"}
    assert asked.files["file"] == ("seed.mp3", "audio/mpeg", mp3())
    assert not elevenlabs(elevenlabs_server).facts.supports_stems


@pytest.mark.parametrize(
    "fault",
    [
        status(500),
        status(402),
        status(422, {"detail": {"status": "bad_prompt"}}),
        body("application/zip", b"PK\x03\x04 no archive"),
        body("application/zip", archive({"../master.mp3": b"x"})),
        body("text/html", b"<html>"),
    ],
)
def test_a_piece_is_kept_when_its_stems_cannot_be_had(elevenlabs_server, tmp_path, fault):
    elevenlabs_server.faults["/v1/music/stem-separation"] = [fault]
    with capture_logs() as logs:
        made = rendered(elevenlabs(elevenlabs_server, stems="yes"), tmp_path)
    assert made.stems == {}
    assert [path.name for path in tmp_path.iterdir()] == [made.master]
    assert logs[-1]["event"] == "a piece is kept without its stems"


@pytest.mark.parametrize(
    ("detail", "suggested"),
    [
        ({"status": "bad_prompt", "data": {"prompt_suggestion": "a calm\n song"}}, '; it suggests: "a calm song"'),
        ({"status": "bad_prompt", "prompt_suggestion": "a calm song"}, '; it suggests: "a calm song"'),
        ({"status": "bad_composition_plan", "data": {"composition_plan_suggestion": {}}}, "."),
        ({"code": "bad_prompt", "data": 5}, "."),
        ({"status": "bad_prompt", "prompt_suggestion": "x" * 301}, "."),
        ({"status": "bad_prompt", "prompt_suggestion": "a\x1b[31m"}, "."),
        ({"status": "bad_prompt", "prompt_suggestion": "not sk_made_up_0123456789"}, "."),
    ],
)
@pytest.mark.parametrize("code", [400, 422])
def test_what_the_service_does_not_want_to_make_is_a_refusal(elevenlabs_server, tmp_path, code, detail, suggested):
    elevenlabs_server.faults["/v1/music"] = [status(code, {"detail": detail})]
    with pytest.raises(EngineRefused) as refused:
        rendered(elevenlabs(elevenlabs_server), tmp_path)
    assert str(refused.value) == (
        "ElevenLabs does not make this piece, because the prompt, the style tags or the lyrics name an artist or a "
        f"work that is protected, or ask for something that is not allowed{suggested}"
    )


@pytest.mark.parametrize(
    "fault",
    [
        status(401, {"detail": {"status": "quota_exceeded", "message": "You have 3 credits left."}}),
        status(402, {"detail": {"code": "payment_required"}}),
        status(403, {"detail": {"status": "paid_plan_required"}}),
    ],
)
def test_an_account_without_credit_is_told_as_that(elevenlabs_server, tmp_path, fault):
    elevenlabs_server.faults["/v1/music"] = [fault]
    with pytest.raises(EngineFailed, match=r"^The account of this server with ElevenLabs has no credit left"):
        rendered(elevenlabs(elevenlabs_server), tmp_path)


@pytest.mark.parametrize("path", ["/v1/music", "/v1/music/stem-separation"])
def test_cancelled_it_lets_go_at_once(elevenlabs_server, tmp_path, path):
    elevenlabs_server.faults[path] = [held]
    with pytest.raises(Stopped):
        rendered(elevenlabs(elevenlabs_server, stems="yes"), tmp_path, cancelled=elevenlabs_server.held.is_set)
    assert elevenlabs_server.left.wait(10), "the connection is closed"


def test_a_piece_that_takes_too_long_is_given_up(elevenlabs_server, tmp_path):
    elevenlabs_server.faults["/v1/music"] = [held]
    with pytest.raises(EngineFailed, match=r"^ElevenLabs took too long over this piece\.$"):
        rendered(elevenlabs(elevenlabs_server, piece_s_max=0.1), tmp_path)
