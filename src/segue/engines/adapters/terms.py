"""Pure. On which terms each model gives its music: what its publisher states, and what the operator has declared.

A model is known by the name of its checkpoint; under any other name, what comes of it is `unclear` until the operator
states a licence. The licences of the models are not those of the music, so no statement here is an SPDX expression.
"""

from collections.abc import Iterable

import msgspec

from segue.engines.adapters.options import Options
from segue.errors import Invalid
from segue.licences import CATALOGUE_VERSION, LicenceClass, LicenceFacts, Statement, facts_of

ACE_STEP_CHECKPOINTS = (
    *("acestep-v15-turbo", "acestep-v15-base", "acestep-v15-sft"),
    *("acestep-v15-xl-turbo", "acestep-v15-xl-base", "acestep-v15-xl-sft"),
)
MUSICGEN_CHECKPOINTS = tuple(
    f"musicgen-{variant}{size}" for variant in ("", "stereo-") for size in ("small", "medium", "large")
)
STABLE_AUDIO_OPEN_CHECKPOINTS = ("stable-audio-open-1.0",)

# The options by which an operator states the terms of a checkpoint that is not known here.
STATING = ("licence", "licence_source")
STATED = "licence"

PAID_PLAN = "paid_plan"
REGISTERED = "registered_below_limit"
ENTERPRISE = "enterprise_licence"


def _published(
    name: str,
    url: str,
    licence_class: LicenceClass,
    *,
    attribution: bool = True,
    non_commercial: bool = False,
    credited: Iterable[str] = (),
) -> LicenceFacts:
    return LicenceFacts(
        licence_class=licence_class,
        requires_attribution=attribution,
        licence_version=CATALOGUE_VERSION,
        statements=frozenset({Statement("engine", name=name, url=url)}),
        non_commercial=non_commercial,
        credits=frozenset(credited),
    )


_ACE_STEP = _published(
    "ACE-Step 1.5 (model under the MIT License)",
    "https://huggingface.co/ACE-Step/Ace-Step1.5",
    LicenceClass.COMMERCIAL_CLEARED,
    attribution=False,
)
_MUSICGEN = _published(
    "MusicGen (model under CC BY-NC 4.0)",
    "https://creativecommons.org/licenses/by-nc/4.0/",
    LicenceClass.PERSONAL_ONLY,
    non_commercial=True,
    credited=("MusicGen by Meta AI",),
)
_STABLE_AUDIO_OPEN = _published(
    "Stability AI Community License, 5 July 2024",
    "https://stability.ai/license",
    LicenceClass.PERSONAL_ONLY,
    non_commercial=True,
    credited=("Stable Audio Open by Stability AI",),
)
_ELEVENLABS = _published(
    "Eleven Music model-specific terms, 26 May 2026",
    "https://elevenlabs.io/eleven-music-model-specific-terms",
    LicenceClass.PERSONAL_ONLY,
    non_commercial=True,
    credited=("Eleven Music by ElevenLabs",),
)

_PAID_PLAN = (
    "Commercial use only within the paid ElevenLabs plan of whoever runs this server: unless that plan goes further, "
    "not in films, on television or radio, not at large public events, and not as a library of more than 100 pieces "
    "for others."
)
_REGISTERED = (
    "Commercial use only by whoever is registered with Stability AI for it and has a yearly revenue below "
    "1,000,000 US dollars."
)
_ENTERPRISE = "Commercial use only by whoever holds an enterprise licence of Stability AI, and within that licence."


def of_ace_step(checkpoint: str, lora: str | None, options: Options) -> LicenceFacts:
    """A LoRA on top of the model has terms of its own, and they are not known here."""
    if lora is None:
        return _ACE_STEP if checkpoint in ACE_STEP_CHECKPOINTS else _by_the_operator(checkpoint, options)
    stated = _by_the_operator(f"{checkpoint} with {lora}", options)
    if checkpoint not in ACE_STEP_CHECKPOINTS:
        return stated
    return msgspec.structs.replace(stated, statements=stated.statements | _ACE_STEP.statements)


def of_musicgen(checkpoint: str, options: Options) -> LicenceFacts:
    """Nothing that an operator could declare makes it commercial."""
    return _MUSICGEN if checkpoint in MUSICGEN_CHECKPOINTS else _by_the_operator(checkpoint, options)


def of_stable_audio_open(checkpoint: str, options: Options) -> LicenceFacts:
    if checkpoint not in STABLE_AUDIO_OPEN_CHECKPOINTS:
        return _by_the_operator(checkpoint, options)
    declared = {_ENTERPRISE: options.declared(ENTERPRISE), _REGISTERED: options.declared(REGISTERED)}
    return _conditional(_STABLE_AUDIO_OPEN, declared)


def of_elevenlabs(options: Options) -> LicenceFacts:
    """With a paid plan limits remain, so it never gets beyond `commercial_enterprise`."""
    return _conditional(_ELEVENLABS, {_PAID_PLAN: options.declared(PAID_PLAN)})


def _conditional(terms: LicenceFacts, declared: dict[str, str | None]) -> LicenceFacts:
    """Open to commercial use under the first condition whose day is there: the operator's word, and named as that."""
    for condition, day in declared.items():
        if day is not None:
            (publisher,) = terms.statements
            word = Statement("operator", name=f"{publisher.name}, met as declared on {day}", url=publisher.url)
            return msgspec.structs.replace(
                terms,
                licence_class=LicenceClass.COMMERCIAL_ENTERPRISE,
                non_commercial=False,
                statements=frozenset({publisher, word}),
                conditions=frozenset({condition}),
            )
    return terms


def _by_the_operator(model: str, options: Options) -> LicenceFacts:
    """What he states in the options, from the day on which he declares it; `unclear` until all of it is there."""
    licence, source = options.text("licence"), options.address("licence_source")
    day = options.declared(STATED)
    unclear = facts_of(None, asserted_by="engine")
    if licence is None and source is None and day is None:
        return unclear
    if licence is None:
        options.missing("licence", "the SPDX identifier of the model's licence")
        return unclear
    if source is None:
        options.missing("licence_source", "the address where the model's licence stands")
        return unclear
    if day is None:
        options.undeclared(STATED, "the licence that is stated for the model")
        return unclear
    try:
        stated = facts_of(licence, asserted_by="operator")
    except Invalid:
        stated = unclear
    if not stated.names:
        options.wrong("licence", "must be an SPDX identifier such as Apache-2.0")
        return unclear
    whose = f"the model {model}" if model else "the model"
    said = frozenset(
        Statement("operator", name=f"{each.name}, for {whose}, declared on {day}", url=source)
        for each in stated.statements
    )
    return msgspec.structs.replace(stated, statements=said)
