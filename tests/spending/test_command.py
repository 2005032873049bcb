"""`segue cap`: the operator sets what an organization may spend."""

import json

import pytest
from factories.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return Program(tmp_path_factory.mktemp("cap") / "data")


@pytest.fixture(scope="module")
def organization_id(program):
    return program.init()["organization_id"]


def limits(program, *arguments):
    return json.loads(program.done("cap", *arguments, "--json"))


def test_caps_are_set_left_and_taken_away(program, organization_id):
    none = {"day": None, "week": None, "month": None}
    assert limits(program, organization_id) == {"organization_id": organization_id, "limits_chf": none}
    found = limits(program, "Acme", "--day", "10", "--week", "50.125", "--month", "none")
    assert found["limits_chf"] == none | {"day": 10.0, "week": 50.125}
    assert program.done("cap", "Acme", "--month", "0.5") == (
        f"{organization_id}  day 10.00 CHF  week 50.125 CHF  month 0.50 CHF"
    )
    assert program.done("cap", organization_id, "--day", "none", "--week", "0") == (
        f"{organization_id}  day none  week 0.00 CHF  month 0.50 CHF"
    )
    audited = [json.loads(line) for line in program.done("audit", "--event", "cap.change", "--json").splitlines()]
    assert [(row["subject_id"], row["outcome"]) for row in audited] == [(organization_id, "done")] * 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("org_000000000000", "--day", "1"), "There is no organization org_000000000000."),
        (("Nobody",), "There is no organization Nobody."),
        (("Acme", "--day", "-1"), "'-1' is not an amount such as 10 or 10.50: at most 4 decimals, and no sign."),
        (
            ("Acme", "--month", "1.00001"),
            "'1.00001' is not an amount such as 10 or 10.50: at most 4 decimals, and no sign.",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(program, organization_id, arguments, sentence):
    refused = program.run("cap", *arguments)
    assert (refused.returncode, refused.stderr.strip()) == (1, sentence)
