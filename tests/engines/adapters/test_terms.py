"""The terms of every checkpoint, with and without what an operator has declared, and what is shown of them."""

import pytest

from segue.engines import Setup
from segue.engines.adapters import ace_step, ace_step_local, elevenlabs, musicgen, stable_audio_open, terms
from segue.licences import CATALOGUE_VERSION, LicenceClass, Statement, condition_lines, headline, shown

CLEARED, ENTERPRISE = LicenceClass.COMMERCIAL_CLEARED, LicenceClass.COMMERCIAL_ENTERPRISE
PERSONAL, UNCLEAR = LicenceClass.PERSONAL_ONLY, LicenceClass.UNCLEAR

URL = {"url": "http://127.0.0.1:8001"}
KEY = {"api_key": "sk_made_up"}
FOLDER = {"model": "/models/somewhere"}
HUB = {"hub": "yes"}
STATED = {"licence": "apache-2.0", "licence_source": "https://models.example/licence"}
BY_NC = STATED | {"licence": "CC-BY-NC-4.0"}
ON_DAY = {"licence": "2026-11-20"}

ACE_STEP = Statement(
    "engine", None, "ACE-Step 1.5 (model under the MIT License)", "https://huggingface.co/ACE-Step/Ace-Step1.5"
)
MUSICGEN = Statement(
    "engine", None, "MusicGen (model under CC BY-NC 4.0)", "https://creativecommons.org/licenses/by-nc/4.0/"
)
STABILITY = Statement("engine", None, "Stability AI Community License, 5 July 2024", "https://stability.ai/license")
ELEVEN = Statement(
    "engine",
    None,
    "Eleven Music model-specific terms, 26 May 2026",
    "https://elevenlabs.io/eleven-music-model-specific-terms",
)
SILENT = Statement("engine")


def met(statement, day):
    return Statement("operator", None, f"{statement.name}, met as declared on {day}", statement.url)


def said(name, model, day="2026-11-20"):
    return Statement("operator", None, f"{name}, for {model}, declared on {day}", "https://models.example/licence")


APACHE = "Apache License 2.0"

# Engine, options, declarations; class, attribution, statements.
TABLE = [
    *((ace_step, URL | {"model": name}, {}, CLEARED, False, {ACE_STEP}) for name in terms.ACE_STEP_CHECKPOINTS),
    (ace_step, URL, {}, CLEARED, False, {ACE_STEP}),
    (ace_step, URL | {"model": "acestep-v15-turbo-mine"}, {}, UNCLEAR, True, {SILENT}),
    (ace_step, URL | {"model": "mine"} | STATED, ON_DAY, CLEARED, True, {said(APACHE, "the model mine")}),
    (ace_step, URL | {"model": "mine"} | BY_NC, ON_DAY, PERSONAL, True, {said("CC BY-NC 4.0", "the model mine")}),
    (ace_step, URL | {"model": "mine"} | STATED, {}, UNCLEAR, True, {SILENT}),
    (ace_step, URL | {"model": "mine", "licence": "MIT"}, ON_DAY, UNCLEAR, True, {SILENT}),
    (ace_step, URL | {"model": "mine"}, ON_DAY, UNCLEAR, True, {SILENT}),
    (ace_step, URL | {"lora": "choir"}, {}, UNCLEAR, True, {ACE_STEP, SILENT}),
    (
        ace_step,
        URL | {"lora": "choir"} | BY_NC,
        ON_DAY,
        PERSONAL,
        True,
        {ACE_STEP, said("CC BY-NC 4.0", "the model acestep-v15-turbo with choir")},
    ),
    (ace_step_local, FOLDER, {}, UNCLEAR, True, {SILENT}),
    (ace_step_local, {"model": "/models/acestep-v15-turbo"}, {}, UNCLEAR, True, {SILENT}),
    (ace_step_local, FOLDER | {"checkpoint": "acestep-v15-xl-turbo"}, {}, CLEARED, False, {ACE_STEP}),
    (ace_step_local, HUB | {"model": "ACE-Step/acestep-v15-xl-turbo-diffusers"}, {}, CLEARED, False, {ACE_STEP}),
    (ace_step_local, HUB | {"model": "somebody/acestep-v15-turbo"}, {}, UNCLEAR, True, {SILENT}),
    (ace_step_local, {"model": "ACE-Step/acestep-v15-turbo"}, {}, UNCLEAR, True, {SILENT}),
    (ace_step_local, FOLDER | STATED, ON_DAY, CLEARED, True, {said(APACHE, "the model")}),
    *(
        (musicgen, FOLDER | {"checkpoint": name}, {}, PERSONAL, True, {MUSICGEN})
        for name in ("musicgen-small", "musicgen-medium", "musicgen-large", "musicgen-stereo-large")
    ),
    (musicgen, HUB | {"model": "facebook/musicgen-small"}, {}, PERSONAL, True, {MUSICGEN}),
    (musicgen, HUB | {"model": "facebook/musicgen-small"} | STATED, ON_DAY, PERSONAL, True, {MUSICGEN}),
    (musicgen, HUB | {"model": "somebody/musicgen-small"}, {}, UNCLEAR, True, {SILENT}),
    (musicgen, FOLDER, {}, UNCLEAR, True, {SILENT}),
    (musicgen, FOLDER | {"checkpoint": "mine"} | STATED, ON_DAY, CLEARED, True, {said(APACHE, "the model mine")}),
    (stable_audio_open, FOLDER | {"checkpoint": "stable-audio-open-1.0"}, {}, PERSONAL, True, {STABILITY}),
    (stable_audio_open, HUB | {"model": "stabilityai/stable-audio-open-1.0"}, {}, PERSONAL, True, {STABILITY}),
    (
        stable_audio_open,
        FOLDER | {"checkpoint": "stable-audio-open-1.0"},
        {"registered_below_limit": "2026-11-02"},
        ENTERPRISE,
        True,
        {STABILITY, met(STABILITY, "2026-11-02")},
    ),
    (
        stable_audio_open,
        FOLDER | {"checkpoint": "stable-audio-open-1.0"},
        {"enterprise_licence": "2026-11-03", "registered_below_limit": "2026-11-02"},
        ENTERPRISE,
        True,
        {STABILITY, met(STABILITY, "2026-11-03")},
    ),
    (stable_audio_open, FOLDER, {"registered_below_limit": "2026-11-02"}, UNCLEAR, True, {SILENT}),
    (stable_audio_open, HUB | {"model": "stabilityai/stable-audio-open-small"}, {}, UNCLEAR, True, {SILENT}),
    (elevenlabs, KEY, {}, PERSONAL, True, {ELEVEN}),
    (elevenlabs, KEY | {"model": "music_v2_5"}, {}, PERSONAL, True, {ELEVEN}),
    (elevenlabs, KEY, {"paid_plan": "2026-11-01"}, ENTERPRISE, True, {ELEVEN, met(ELEVEN, "2026-11-01")}),
    (elevenlabs, KEY, {"paid_plan": "lately"}, PERSONAL, True, {ELEVEN}),
]


@pytest.mark.parametrize(("module", "options", "declared", "licence_class", "attribution", "statements"), TABLE)
def test_terms(module, options, declared, licence_class, attribution, statements):
    facts = module.engine(Setup(options, declared)).facts
    assert facts.terms.licence_class is licence_class
    assert facts.terms.requires_attribution is attribution
    assert facts.terms.statements == statements
    assert facts.terms.licence_version == CATALOGUE_VERSION
    assert facts.terms.expression is None, "the licence of the model is not that of the piece"
    view = shown(facts.terms)
    assert (view.licence_class, view.requires_attribution) == (licence_class, attribution)
    assert view.commercial_use == (licence_class in {CLEARED, ENTERPRISE})
    assert view.shareable
    assert facts.terms.non_commercial == (licence_class is PERSONAL)
    of_operator = any(statement.asserted_by == "operator" for statement in statements)
    assert bool(facts.terms.conditions) == of_operator, "what he states or declares comes with conditions"


@pytest.mark.parametrize(
    ("module", "options", "declared", "credit"),
    [
        (musicgen, FOLDER | {"checkpoint": "musicgen-small"}, {}, "MusicGen by Meta AI"),
        (stable_audio_open, FOLDER | {"checkpoint": "stable-audio-open-1.0"}, {}, "Stable Audio Open by Stability AI"),
        (elevenlabs, KEY, {"paid_plan": "2026-11-01"}, "Eleven Music by ElevenLabs"),
    ],
)
def test_whoever_has_to_be_credited_is_named(module, options, declared, credit):
    assert module.engine(Setup(options, declared)).facts.terms.credits == {credit}


def test_the_conditions_are_sentences_for_whoever_reads_the_track():
    declared = {
        elevenlabs: (KEY, "paid_plan"),
        stable_audio_open: (FOLDER | {"checkpoint": "stable-audio-open-1.0"}, "registered_below_limit"),
    }
    for module, (options, word) in declared.items():
        facts = module.engine(Setup(options, {word: "2026-11-01"})).facts.terms
        assert headline(facts) == "You may use it commercially only if you meet the stated conditions."
        (line,) = condition_lines(facts)
        assert line.startswith("Commercial use only ")
        assert line.endswith(".")


def test_no_word_promises_more_than_is_known():
    for module, options, declared, *_ in TABLE:
        facts = module.engine(Setup(options, declared)).facts.terms
        words = " ".join((*facts.conditions, *facts.names, *facts.credits)).casefold()
        assert not any(word in words for word in ("royalty", "copyright-free", "safe"))
