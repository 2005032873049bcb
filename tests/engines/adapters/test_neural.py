"""Models that run here, with tiny random weights and the loading code of production."""

import shutil

import numpy as np
import pytest
import torch
from factories import sound, tiny_weights
from factories.ace_step_elevenlabs_engines import brief
from structlog.testing import capture_logs
from transformers import MusicgenForConditionalGeneration

from segue.engines import EngineFailed, EngineRefused, Setup, Stopped
from segue.engines.adapters import ace_step_local, musicgen, stable_audio_open
from segue.licences import LicenceClass

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own

# Engine, its weights, options beside the folder, seconds that are asked for, and the rate of the model.
MODELS = {
    "musicgen": (musicgen, tiny_weights.musicgen, {}, 2.0, 16_000),
    "stable_audio_open": (stable_audio_open, tiny_weights.stable_audio_open, {"steps": "6"}, 1.5, 8_000),
    "ace_step_local": (ace_step_local, tiny_weights.ace_step, {"steps": "4"}, 10.0, 48_000),
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    made = {}

    def folder(name):
        if name not in made:
            made[name] = MODELS[name][1](tmp_path_factory.mktemp(name))
        return made[name]

    return folder


def engine(name, folder, **more):
    module, _, options, _, _ = MODELS[name]
    return module.engine(Setup(options | {"model": str(folder), "device": "cpu"} | more, {}))


def render(made, workdir, asked, progress=lambda _: None, cancelled=lambda: False):
    return made.render(asked, workdir, progress, cancelled)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_loaded_from_its_folder_and_plays_as_long_as_asked(weights, tmp_path, name):
    _, _, _, duration_s, rate_hz = MODELS[name]
    seen = []
    made = engine(name, weights(name), checkpoint="mine")
    assert made.obstacle() is None
    rendered = render(made, tmp_path, brief(duration_s=duration_s, style_tags=("warm",)), seen.append)
    samples, found_hz = sound.read(tmp_path / rendered.master)
    assert found_hz == rate_hz
    assert len(samples) == pytest.approx(duration_s * rate_hz, abs=2_000)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() > 0
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert len(set(seen)) > 4, "every step is told"
    assert rendered.model.startswith("mine ")
    assert (rendered.seed, rendered.stems, rendered.terms) == (7, {}, None)
    assert [path.name for path in tmp_path.iterdir()] == [rendered.master]


@pytest.mark.parametrize("name", MODELS)
def test_the_same_brief_gives_the_same_piece_and_another_seed_another(weights, tmp_path, name):
    made, duration_s = engine(name, weights(name)), MODELS[name][3]
    pieces = []
    for seed in (7, 7, 8):
        rendered = render(made, tmp_path, brief(duration_s=duration_s, seed=seed))
        pieces.append((tmp_path / rendered.master).read_bytes())
    assert pieces[0] == pieces[1] != pieces[2]


@pytest.mark.parametrize("name", MODELS)
def test_a_seed_is_listened_to(weights, tmp_path, name):
    _, _, _, duration_s, rate_hz = MODELS[name]
    made = engine(name, weights(name))
    sound.write(tmp_path / "seed.wav", sound.sine(7.0), "wav")
    sound.write(tmp_path / "other.wav", sound.noise(7.0, amplitude=0.5), "wav")
    pieces = []
    for seed_audio in ("seed.wav", "other.wav"):
        rendered = render(made, tmp_path, brief(duration_s=duration_s, seed_audio=seed_audio))
        samples, _ = sound.read(tmp_path / rendered.master)
        assert len(samples) == pytest.approx(duration_s * rate_hz, abs=2_000), "what it goes on from is cut off"
        pieces.append((tmp_path / rendered.master).read_bytes())
    assert pieces[0] != pieces[1]


def test_musicgen_in_stereo(tmp_path_factory, tmp_path):
    folder = tiny_weights.musicgen(tmp_path_factory.mktemp("stereo"), channels=2)
    sound.write(tmp_path / "seed.wav", sound.sine(6.0), "wav")
    for seed_audio in (None, "seed.wav"):
        rendered = render(engine("musicgen", folder), tmp_path, brief(duration_s=2.0, seed_audio=seed_audio))
        samples, _ = sound.read(tmp_path / rendered.master)
        assert samples.shape == (32_000, 2)


def test_musicgen_plays_its_whole_length(weights, tmp_path):
    rendered = render(engine("musicgen", weights("musicgen")), tmp_path, brief(duration_s=30.0))
    assert len(sound.read(tmp_path / rendered.master)[0]) == 480_000


def test_musicgen_has_no_room_for_a_seed_beside_a_long_piece(weights, tmp_path):
    with pytest.raises(EngineRefused, match="can add 25 seconds at most"):
        render(engine("musicgen", weights("musicgen")), tmp_path, brief(duration_s=26.0, seed_audio="seed.wav"))


def test_ace_step_sings_in_a_key_and_a_tempo(weights, tmp_path):
    asked = brief(
        duration_s=10.0, instrumental=False, lyrics="[verse]\nrain", language="de", tempo_bpm=90.0, key="A minor"
    )
    rendered = render(engine("ace_step_local", weights("ace_step_local")), tmp_path, asked)
    assert rendered.parameters["task_type"] == "text2music"
    with pytest.raises(EngineRefused, match="major and minor"):
        render(engine("ace_step_local", weights("ace_step_local")), tmp_path, brief(key="D dorian"))


@pytest.mark.parametrize("name", MODELS)
def test_cancelled_it_stops_at_its_next_step(weights, tmp_path, name):
    begun = []

    def cancelled():
        return bool(begun and begun[-1] > 0.1)

    with pytest.raises(Stopped):
        render(engine(name, weights(name)), tmp_path, brief(duration_s=MODELS[name][3]), begun.append, cancelled)
    assert begun[-1] < 1.0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", MODELS)
def test_a_damaged_model_is_told_in_one_sentence(weights, tmp_path, name):
    folder = tmp_path / "model"
    folder.mkdir()
    for index in ("config.json", "model_index.json"):
        (folder / index).write_text("{}")
    with (
        pytest.raises(EngineFailed, match=r"^The model behind [\w -]+ cannot be loaded on this server\.$"),
        capture_logs() as logs,
    ):
        render(engine(name, folder), tmp_path, brief(duration_s=MODELS[name][3]))
    assert logs[-1]["event"] == "a model cannot be loaded"


def test_weights_that_could_run_code_are_not_loaded(weights, tmp_path):
    """A pickle in the place of the safetensors."""
    folder = shutil.copytree(weights("musicgen"), tmp_path / "model")
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(EngineFailed, match="cannot be loaded"):
        render(engine("musicgen", folder), tmp_path, brief(duration_s=2.0))


def test_a_machine_that_is_too_small_is_told(weights, tmp_path, monkeypatch):
    def too_much(*_, **__):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(MusicgenForConditionalGeneration, "generate", too_much)
    with pytest.raises(EngineFailed, match=r"^This server has not enough memory for this piece with MusicGen\.$"):
        render(engine("musicgen", weights("musicgen")), tmp_path, brief(duration_s=2.0))


def test_random_weights_are_nobodys_checkpoint(weights):
    for name in MODELS:
        assert engine(name, weights(name)).facts.licence_class is LicenceClass.UNCLEAR
