"""Schemathesis against a running server, over the server's own OpenAPI document: every call, every check it has."""

from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from factories import sound
from hypothesis import strategies
from schemathesis.engine import events, from_schema

# What our formats and the files of our forms may be: without them nothing but refusals would be seen.
_LINES = strategies.text(strategies.characters(categories=("L", "N", "P")), min_size=1, max_size=60)
_TERMS = strategies.sampled_from(["own", "CC-BY-4.0", "cc0-1.0", "CC-BY-4.0 OR CC-BY-SA-4.0", "MIT", ""])
schemathesis.openapi.format("one-line", _LINES)
schemathesis.openapi.format("spdx", _TERMS)
schemathesis.openapi.media_type("audio/wav", strategies.just(sound.riff(data=bytes(range(256)) * 40)))
schemathesis.openapi.media_type("image/png", strategies.just(sound.picture(32, 32)))


# A rule that no JSON Schema can say: two fields that are the same, a moment to come, an address as mail knows it, and
# what an engine can do.
_BEYOND_SCHEMAS = {
    "include-name": [
        "PUT /v1/auth/password/update",
        "POST /v1/organizations/{organization_id}/api-keys",
        "POST /v1/organizations/{organization_id}/members",
        "POST /v1/music/{organization_id}/generations",
        "POST /v1/music/{organization_id}/focus/sessions",
    ],
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429"]}},
}


def fuzz(url: str, headers: Mapping[str, str], known: Mapping[str, Sequence[str]], *, examples: int) -> list[str]:
    """Every kind of failure, the first of each told as a person would repeat it.

    `known` are values that parameters and fields of that name get most of the time, such as ids of things that are
    there; a name with one value has it always. `examples` bounds what is tried for each call.
    """
    always = {f"path.{name}": values[0] for name, values in known.items() if len(values) == 1}
    mostly = {
        place: {"dictionary": name, "probability": 0.8}
        for name, values in known.items()
        for place in (f"path.{name}", f"query.{name}", f"body.{name}")
        if len(values) > 1
    }
    config: dict[str, Any] = {
        "base-url": url,
        "headers": dict(headers),
        "seed": 8600,
        "continue-on-failure": True,
        "request-timeout": 20,
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
        "dictionaries": {name: {"values": list(values)} for name, values in known.items()},
        "parameters": mostly | always,
        "operations": [_BEYOND_SCHEMAS],
        "phases": {"stateful": {"max-steps": 6}},
    }
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=schemathesis.Config.from_dict(config))
    found: dict[str, str] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            found.setdefault(f"{event.label}: {event.info.title}", str(event.value))
        if isinstance(event, events.ScenarioFinished):
            for title, text in _failures(event.recorder):
                found.setdefault(title, text)
    return [f"{title}\n{text}" for title, text in found.items()]


def _failures(recorder: Any) -> list[tuple[str, str]]:
    """What failed, and with what call."""
    return [
        (f"{recorder.cases[case_id].value.operation.label}: {failed.failure.title}", _told(recorder, case_id, failed))
        for case_id, nodes in recorder.checks.items()
        for failed in (node.failure_info for node in nodes)
        if failed is not None
    ]


def _told(recorder: Any, case_id: str, failed: Any) -> str:
    response = recorder.interactions[case_id].response
    answer = "no answer" if response is None else f"{response.status_code} {response.content[:600]!r}"
    return f"{failed.failure.message}\n  {failed.code_sample[:2_000]}\n  {answer}"
