"""The two engines of the studio as Segue sees them: facts, terms, what they need, and what loading them costs."""

import asyncio
import subprocess
import sys

import msgspec
import pytest
from factories.bands import band, steps

from segue.audio import encode_master
from segue.engines import Brief, Rendered, Setup, Stopped
from segue.engines.facts import checked
from segue.engines.studio import engine
from segue.engines.studio.engine import parameters
from segue.engines.studio.font import FONT_BYTES, missing
from segue.engines.studio.orchestra import CREDIT
from segue.engines.studio.orchestra import engine as orchestra
from segue.engines.studio.voices import RATE_HZ, VOICES
from segue.licences import LicenceClass


def test_the_studio_says_the_truth_about_itself():
    made = engine(Setup())
    facts = checked(made.facts)
    assert (facts.engine_key, facts.origin, facts.length_tolerance) == ("studio", "algorithmicMedia", 0.02)
    assert not facts.supports_vocals
    assert not facts.supports_lyrics
    assert facts.supports_stems
    assert facts.supports_tempo_and_key
    assert facts.supports_seed_audio
    assert "rules and not by a model" in facts.description
    assert made.obstacle() is None
    assert made.voices() is VOICES


def test_what_the_studio_makes_is_free_and_the_orchestra_asks_for_a_credit():
    ours, theirs = engine(Setup()).facts.terms, orchestra(Setup()).facts.terms
    assert ours.licence_class == theirs.licence_class == LicenceClass.COMMERCIAL_CLEARED
    assert not ours.requires_attribution
    assert theirs.requires_attribution
    assert theirs.credits == {CREDIT}
    assert "MIT License" in theirs.names


def test_loading_them_brings_in_neither_numpy_nor_ffmpeg():
    code = (
        "import sys; from segue.engines import installed; print(bool(installed().find('studio')), "
        "'numpy' in sys.modules, 'av' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "False", "False"]


@pytest.mark.parametrize("content", [b"", b"sfbk" * 100, None])
def test_another_font_is_never_taken(content, tmp_path):
    font = tmp_path / "default-GM.sf3"
    if content is not None:
        font.write_bytes(content)
    said = orchestra(Setup(options={"soundfont": str(font)})).obstacle()
    assert said == missing(font)
    assert said.endswith("install the Debian packages libfluidsynth3 and musescore-general-soundfont-small.")
    assert str(tmp_path) not in said


def test_a_font_of_the_right_size_is_looked_into(tmp_path):
    font = tmp_path / "font.sf3"
    with font.open("wb") as file:
        file.truncate(FONT_BYTES)
    assert missing(font) is not None


def test_parameters_are_words_that_fit():
    said = parameters(band())
    assert said["tempo_bpm"] == "120"
    assert said["key"] == "A minor"
    assert all(isinstance(each, str) and len(each) <= 256 for each in said.values())


def brief(**more):
    return Brief(**({"prompt": "a calm lo-fi beat for reading", "duration_s": 12.0, "seed": 5} | more))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendered")
    return folder, engine(Setup()).render(brief(), folder, lambda _: None, lambda: False)


def test_a_brief_becomes_music(rendered):
    folder, made = rendered
    assert msgspec.convert(msgspec.to_builtins(made), Rendered) == made, "its names are names that may be"
    assert (made.model, made.seed, made.terms) == ("studio/1", 5, None)
    assert {path.name for path in folder.iterdir()} == {made.master, *made.stems.values()}
    length_s = steps(folder / made.master).shape[1] / RATE_HZ
    assert abs(length_s - 12.0) <= engine(Setup()).facts.length_tolerance * 12.0


def test_it_goes_on_from_a_piece_that_it_is_given(rendered, tmp_path):
    folder, made = rendered
    asyncio.run(encode_master(folder / made.master, tmp_path / "seed.mp3"))
    again = engine(Setup()).render(brief(seed_audio="seed.mp3"), tmp_path, lambda _: None, lambda: False)
    assert steps(tmp_path / again.master).any()


def test_a_rendering_can_be_stopped(tmp_path):
    with pytest.raises(Stopped):
        engine(Setup()).render(brief(), tmp_path, lambda _: None, lambda: True)
