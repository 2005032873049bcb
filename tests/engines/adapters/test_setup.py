"""What an operator has set: every mistake is one sentence that says what to do, and no value stands in it."""

import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from segue.engines import Setup, installed
from segue.engines.adapters import ace_step, ace_step_local, elevenlabs, musicgen, stable_audio_open
from segue.engines.adapters.local_model import OPTIONS, LocalModel, fingerprint
from segue.engines.adapters.options import Options
from segue.engines.facts import checked

ENGINES = (ace_step, ace_step_local, elevenlabs, musicgen, stable_audio_open)
SERVER = {"url": "http://127.0.0.1:8001"}
KEY = {"api_key": "sk_made_up"}
NO_URL = "Set ace_step.url in SEGUE_ENGINE_OPTIONS to the address of an ACE-Step 1.5 server."
UNDECLARED = (
    "Add ace_step.licence=YYYY-MM-DD to SEGUE_ENGINE_DECLARATIONS, with the day, to declare the licence that is "
    "stated for the model."
)


def obstacle(module, options=None, declared=None):
    return module.engine(Setup(options or {}, declared or {})).obstacle()


@pytest.mark.parametrize(
    ("module", "options", "declared", "sentence"),
    [
        (ace_step, {}, {}, NO_URL),
        (
            ace_step,
            {"url": " "},
            {},
            NO_URL,
        ),
        (ace_step, SERVER, {}, None),
        (ace_step, {"url": "https://music.example:8001/ace/"}, {}, None),
        (ace_step, {"url": "http://[::1]:8001"}, {}, None),
        (elevenlabs, {}, {}, "Set elevenlabs.api_key in SEGUE_ENGINE_OPTIONS to a key of the ElevenLabs API."),
        (elevenlabs, KEY, {}, None),
        (elevenlabs, KEY | {"url": "http://127.0.0.1:1", "stems": "yes", "output_format": "mp3_44100_192"}, {}, None),
        (
            elevenlabs,
            KEY | {"url": "http://api.example"},
            {},
            "elevenlabs.url in SEGUE_ENGINE_OPTIONS must begin with https://, or the key could be read on its way.",
        ),
        (
            elevenlabs,
            KEY | {"model": "music_v9"},
            {},
            "elevenlabs.model in SEGUE_ENGINE_OPTIONS must be one of music_v1, music_v2, music_v2_5.",
        ),
        (
            elevenlabs,
            KEY | {"output_format": "pcm_44100"},
            {},
            "elevenlabs.output_format in SEGUE_ENGINE_OPTIONS must be auto or such as mp3_44100_192.",
        ),
        (elevenlabs, KEY | {"stems": "six"}, {}, "elevenlabs.stems in SEGUE_ENGINE_OPTIONS must be one of yes, no."),
        (
            elevenlabs,
            {"api_key": "sk_made_up\nx"},
            {},
            "elevenlabs.api_key in SEGUE_ENGINE_OPTIONS is no key: it holds characters that no key has.",
        ),
        (
            elevenlabs,
            KEY | {"ulr": "x"},
            {},
            "elevenlabs has no ulr among its options: it has api_key, url, model, output_format, stems.",
        ),
        (
            elevenlabs,
            KEY,
            {"paid": "2026-11-01"},
            "elevenlabs has no paid among its declarations: it has paid_plan.",
        ),
        (
            elevenlabs,
            KEY,
            {"paid_plan": "2026-13-01"},
            "elevenlabs.paid_plan in SEGUE_ENGINE_DECLARATIONS must be a day such as 2026-11-25.",
        ),
        (
            ace_step,
            SERVER | {"model": "mine", "licence": "MIT"},
            {},
            "Set ace_step.licence_source in SEGUE_ENGINE_OPTIONS to the address where the model's licence stands.",
        ),
        (
            ace_step,
            SERVER | {"model": "mine", "licence_source": "https://models.example"},
            {},
            "Set ace_step.licence in SEGUE_ENGINE_OPTIONS to the SPDX identifier of the model's licence.",
        ),
        (
            ace_step,
            SERVER | {"model": "mine", "licence": "MIT", "licence_source": "https://models.example"},
            {},
            UNDECLARED,
        ),
        *(
            (
                ace_step,
                SERVER | {"model": "mine", "licence": licence, "licence_source": "https://models.example"},
                {"licence": "2026-11-20"},
                "ace_step.licence in SEGUE_ENGINE_OPTIONS must be an SPDX identifier such as Apache-2.0.",
            )
            for licence in ("free for all", "own", "NOASSERTION", "LicenseRef-mine")
        ),
        (
            ace_step,
            SERVER | {"model": "../mine"},
            {},
            "ace_step.model in SEGUE_ENGINE_OPTIONS must be the name of a model, such as acestep-v15-turbo.",
        ),
    ],
)
def test_what_stands_in_the_way(module, options, declared, sentence):
    assert obstacle(module, options, declared) == sentence


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8001",
        "ftp://127.0.0.1",
        "http://",
        "http://:8001",
        "http://[",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:x",
        "http://user:pass@127.0.0.1",
        "http://sk_secret@127.0.0.1",
        "http://127.0.0.1/?key=x",
        "http://127.0.0.1/#x",
        "http://exämple",
        "http://127.0.0.1/a b",
    ],
)
def test_an_address_is_one_or_is_told(url):
    told = obstacle(ace_step, {"url": url})
    assert told.startswith("ace_step.url in SEGUE_ENGINE_OPTIONS must be an address ")
    assert url == "http://" or url not in told


@pytest.mark.parametrize("module", ENGINES)
def test_every_engine_has_facts_that_pass_and_is_cheap_to_make(module):
    facts = checked(module.engine(Setup()).facts)
    assert facts.engine_key == module.KEY
    assert facts.description


@pytest.fixture
def as_if_installed(monkeypatch):
    monkeypatch.setattr("segue.engines.adapters.local_model.find_spec", lambda package: object())


@pytest.mark.parametrize("module", [musicgen, stable_audio_open, ace_step_local])
def test_a_model_has_to_be_there(module, tmp_path, as_if_installed):
    option = f"{module.KEY}.model in SEGUE_ENGINE_OPTIONS"
    name = "MusicGen" if module is musicgen else "Stable Audio Open" if module is stable_audio_open else "ACE-Step"
    index = "config.json" if module is musicgen else "model_index.json"
    assert obstacle(module) == f"Set {option} to the folder of a model for {name}."
    assert obstacle(module, {"model": str(tmp_path)}) == f"{option} must be a folder with a model for {name}."
    relative = {"model": "facebook/musicgen-small"}
    assert (
        obstacle(module, relative) == f"{option} must be the whole path of a folder, or {module.KEY}.hub must be yes."
    )
    assert obstacle(module, relative | {"hub": "yes"}) is None
    assert obstacle(module, {"model": "../x", "hub": "yes"}) == f"{option} must be the id of a model on the hub."
    (tmp_path / index).write_text("{}")
    assert obstacle(module, {"model": str(tmp_path)}) is None
    assert obstacle(module, {"model": str(tmp_path), "device": "cuda:1"}) is None
    assert "device" in obstacle(module, {"model": str(tmp_path), "device": "gpu"})


def test_numbers_of_steps_have_bounds(tmp_path, as_if_installed):
    (tmp_path / "model_index.json").write_text("{}")
    for steps in ("0", "501", "x", "٣", "-1", "1" * 50):
        told = obstacle(stable_audio_open, {"model": str(tmp_path), "steps": steps})
        assert told == "stable_audio_open.steps in SEGUE_ENGINE_OPTIONS must be a whole number from 1 to 500."
    assert obstacle(stable_audio_open, {"model": str(tmp_path), "steps": "50"}) is None


def test_packages_that_are_missing_come_first(monkeypatch):
    monkeypatch.setattr("segue.engines.adapters.local_model.find_spec", lambda package: None)
    told = obstacle(musicgen, {"nonsense": "x"})
    assert told == "Install segue[neural] to use MusicGen: torch, transformers cannot be found."


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"model": "/models/mine", "revision": "v1"}, {"local_files_only": True}),
        ({"model": "facebook/musicgen-small", "hub": "yes"}, {"local_files_only": False}),
        (
            {"model": "facebook/musicgen-small", "hub": "yes", "revision": "v1"},
            {"local_files_only": False, "revision": "v1"},
        ),
    ],
)
def test_only_the_hub_is_asked_and_only_when_the_operator_says_so(options, told):
    class Kind:
        @staticmethod
        def from_pretrained(name, **more):
            return name, more

    model = LocalModel(Options("musicgen", Setup(options), OPTIONS), "MusicGen", index="", packages=(), publishers=())
    assert model.load(Kind, use_safetensors=True) == (options["model"], told | {"use_safetensors": True})


def test_a_folder_is_known_by_what_it_holds(tmp_path):
    (tmp_path / "config.json").write_text('{"a": 1}')
    (tmp_path / "model.safetensors").write_bytes(b"x" * 10)
    first = fingerprint(tmp_path)
    assert len(first) == 12
    assert fingerprint(tmp_path) == first
    (tmp_path / "model.safetensors").write_bytes(b"x" * 11)
    second = fingerprint(tmp_path)
    (tmp_path / "config.json").write_text('{"a": 2}')
    assert len({first, second, fingerprint(tmp_path)}) == 3


def test_the_registry_offers_what_is_set_up_and_logs_nothing():
    setups = {"ace_step": Setup(SERVER), "elevenlabs": Setup(KEY)}
    with capture_logs() as logs:
        registry = installed(setups)
    assert {"ace_step", "elevenlabs"} <= {facts.engine_key for facts in registry.facts}
    assert logs == []
    assert "sk_made_up" not in repr(registry.facts)


def test_to_make_every_engine_imports_nothing_heavy():
    code = (
        "import sys; from segue.engines import installed; found = installed().installed; "
        "heavy = {'httpx', 'torch', 'numpy', 'av', 'transformers', 'diffusers'} & sys.modules.keys(); "
        "print(len(found) >= 5, sorted(heavy))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "True []\n"
