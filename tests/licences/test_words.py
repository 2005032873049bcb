import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import segue.licences
from segue.licences import (
    Barrier,
    LicenceClass,
    LicenceFacts,
    Statement,
    attribution_line,
    barrier_line,
    commercial_line,
    condition_lines,
    credit_line,
    derived_from,
    facts_of,
    headline,
    shown,
    stated_lines,
    summary,
    summary_lines,
)
from segue.licences.catalogue import ROWS
from segue.licences.vocabulary import Vocabulary
from segue.licences.words import LANGUAGES

FORBIDDEN = re.compile(r"royalty[ -]?free|copyright[ -]?free|\bsafe(ly|r|st)?\b|!", re.IGNORECASE)
ASK = "Ask the person who shared it before you use it."
CONDITIONED = LicenceFacts(
    LicenceClass.COMMERCIAL_ENTERPRISE, True, "2026-11", frozenset({Statement("operator", name="X")})
)


def a(statement, *credits, by="uploader"):  # noqa: A002 - as in the room
    return facts_of(statement, asserted_by=by, credits=credits)


def texts(value):
    """Every text inside a vocabulary."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, tuple):
        return [text for each in value for text in texts(each)]
    return [text for name in value.__struct_fields__ for text in texts(getattr(value, name))]


@pytest.mark.parametrize("vocabulary", LANGUAGES.values(), ids=LANGUAGES)
def test_no_language_promises_too_much(vocabulary):
    assert [text for text in texts(vocabulary) if FORBIDDEN.search(text)] == []


def test_no_row_and_no_file_of_the_room_says_the_forbidden_words():
    assert [row.name for row in ROWS.values() if FORBIDDEN.search(row.name)] == []
    room = Path(segue.licences.__file__).parent
    words = re.compile(r"royalty[ -]?free|copyright[ -]?free|\bsafe\b", re.IGNORECASE)
    assert [file.name for file in room.glob("*.py") if words.search(file.read_text())] == []


@pytest.mark.parametrize("vocabulary", LANGUAGES.values(), ids=LANGUAGES)
def test_a_language_has_a_word_for_everything(vocabulary):
    assert isinstance(vocabulary, Vocabulary)
    assert all(text.strip() for text in texts(vocabulary))
    assert set(vocabulary.commercial) == set(LicenceClass)
    assert set(vocabulary.barrier) == set(Barrier)
    assert set(vocabulary.witness) == {"engine", "operator", "uploader", "file"}
    assert set(vocabulary.condition) == {condition for row in ROWS.values() for condition in row.conditions}
    assert len(vocabulary.months) == 12


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (a("CC0-1.0"), "You may use it commercially."),
        (a("CC-BY-4.0"), "You may use it commercially if you credit it."),
        (a("CC-BY-ND-4.0"), "You may use it commercially if you credit it and leave it unchanged."),
        (CONDITIONED, "You may use it commercially only if you meet the stated conditions."),
        (a("CC-BY-NC-4.0"), "You may listen and keep it for yourself."),
        (a("own"), "You may listen and keep it for yourself."),
        (derived_from([a("CC-BY-ND-4.0")]), "You may listen and keep it for yourself."),
        (a(None), f"The licence is not stated. {ASK}"),
        (a(None, by="file"), f"The licence is not stated. {ASK}"),
        (derived_from([]), f"The licence is not stated. {ASK}"),
        (derived_from([a(None), a("MIT")]), f"The licence of a part of it is not stated. {ASK}"),
        (a("CC0-1.0", by="file"), f"The file names a licence that nobody has confirmed. {ASK}"),
        (a("GPL-3.0-only"), f"It is not clear what the named licence allows for music. {ASK}"),
    ],
)
def test_one_sentence_says_what_a_listener_may_do(facts, sentence):
    assert headline(facts) == sentence


@pytest.mark.parametrize(
    ("facts", "commercial", "attribution"),
    [
        (a("CC0-1.0"), "Commercial use: yes.", "Attribution: not needed."),
        (a("MIT"), "Commercial use: yes.", "Attribution: needed."),
        (CONDITIONED, "Commercial use: only under the stated conditions.", "Attribution: needed."),
        (a("own"), "Commercial use: no.", "Attribution: needed."),
        (a(None), "Commercial use: not known.", "Attribution: needed."),
        (a("CC-PDM-1.0"), "Commercial use: not known.", "Attribution: not known."),
    ],
)
def test_two_short_lines_answer_the_two_questions(facts, commercial, attribution):
    assert (commercial_line(shown(facts)), attribution_line(shown(facts))) == (commercial, attribution)


def test_a_licence_is_named_with_who_stated_it_when_and_where_it_reads():
    (line,) = stated_lines(a("CC-BY-NC-4.0"), on=date(2026, 11, 3))
    assert line.text == "Licence: CC BY-NC 4.0, as stated by the person who shared it on 3 November 2026."
    assert line.url == "https://creativecommons.org/licenses/by-nc/4.0/"


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (a(None), ["Licence: not stated."]),
        (a("own"), ["Licence: the maker's own work, other rights kept, as stated by the person who shared it."]),
        (a("MIT", by="file"), ["Licence: MIT License, as stated by the file itself, confirmed by nobody."]),
        (
            derived_from([a("MIT", by="engine"), a("CC-BY-3.0", by="operator")]),
            [
                "Licence: CC BY 3.0, as stated by the operator of this server.",
                "Licence: MIT License, as stated by the publisher of the engine.",
            ],
        ),
    ],
)
def test_each_statement_is_a_line(facts, lines):
    assert [line.text for line in stated_lines(facts)] == lines


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (a("CC0-1.0"), ()),
        (a("CC-BY-ND-4.0"), ("You may not share changed versions of it.",)),
        (a("MIT"), ("Keep the copyright and licence notice with copies.",)),
        (
            a("CC-BY-NC-SA-4.0"),
            (
                "If you share a changed version, share it under CC-BY-NC-SA as well.",
                "Not for commercial purposes.",
                "If you share a changed version, say that you changed it.",
            ),
        ),
        (msgspec.structs.replace(a("CC0-1.0"), conditions=frozenset({"No films."})), ("No films.",)),
    ],
)
def test_conditions_are_sentences(facts, lines):
    assert condition_lines(facts) == lines


def test_credits_are_one_line_or_none():
    assert credit_line(a("MIT", "Bo", "Ada")) == "Credit: Ada; Bo"
    assert credit_line(a("MIT")) is None


@pytest.mark.parametrize(
    ("members", "lines"),
    [
        ([], ("There are no tracks here, so there are no terms to state.",)),
        ([a("CC0-1.0")], ("It may be used commercially.", "Attribution: not needed.")),
        ([CONDITIONED], ("It may be used commercially only under the stated conditions.", "Attribution: needed.")),
        ([a("own")], ("It is not cleared for commercial use.", "Attribution: needed.")),
        (
            [a(None)],
            (
                "It is not cleared for commercial use.",
                f"It is not clear what you may do. {ASK}",
                "Attribution: needed.",
            ),
        ),
        ([a("MIT")] * 2, ("All 2 may be used commercially.", "Attribution: needed.")),
        ([a("own")] * 4, ("None of the 4 is cleared for commercial use.", "Attribution: needed.")),
        (
            [a("CC0-1.0")] * 9 + [a("CC-BY-NC-4.0")] * 3,
            (
                "The terms differ from track to track.",
                "9 of 12 may be used commercially.",
                "Attribution: needed for 3 of 12.",
            ),
        ),
        (
            [a("MIT"), CONDITIONED, a(None)],
            (
                "The terms differ from track to track.",
                "2 of 3 may be used commercially, 1 of them only under the stated conditions.",
                f"For 1 of 3 it is not clear what you may do. {ASK}",
                "Attribution: needed.",
            ),
        ),
    ],
)
def test_several_tracks_are_counted(members, lines):
    assert summary_lines(summary(members)) == lines


@pytest.mark.parametrize("reason", list(Barrier))
def test_a_barrier_says_what_to_do(reason):
    assert barrier_line(reason).count(".") == 2


known = st.sampled_from([*ROWS, None, "own"])


@given(st.lists(st.builds(a, known, by=st.sampled_from(["engine", "uploader", "file"])), min_size=1, max_size=4))
def test_words_never_say_more_than_the_facts(ingredients):
    for facts in (*ingredients, derived_from(ingredients)):
        view = shown(facts)
        assert headline(facts).startswith("You may use it commercially") == view.commercial_use
        assert (commercial_line(view) == "Commercial use: yes.") == (
            view.licence_class == LicenceClass.COMMERCIAL_CLEARED
        )
        said = [headline(facts), *condition_lines(facts), *(line.text for line in stated_lines(facts))]
        assert not any(FORBIDDEN.search(sentence) for sentence in said)
