import json
import re
from pathlib import Path

import msgspec
import pytest
from license_expression import get_license_index

from segue.licences import CATALOGUE_VERSION, LicenceClass
from segue.licences.catalogue import ROWS

GOLDEN = Path(__file__).parents[1] / "golden"


def as_golden() -> dict[str, object]:
    return json.loads(msgspec.json.encode(ROWS, order="deterministic"))


def test_the_present_version_is_frozen():
    golden = GOLDEN / f"licences-{CATALOGUE_VERSION}.json"
    assert golden.exists(), f"Catalogue {CATALOGUE_VERSION} is new: write its rows to {golden.name}, and keep the old."
    now, frozen = as_golden(), json.loads(golden.read_text())
    changed = {identifier for identifier in now.keys() | frozen.keys() if now.get(identifier) != frozen.get(identifier)}
    assert not changed, (
        f"Catalogue {CATALOGUE_VERSION} is frozen and differs at {sorted(changed)}: "
        "add a new version with a golden file of its own instead of editing this one."
    )


def test_every_identifier_is_on_the_spdx_list():
    listed = {entry.get("spdx_license_key") for entry in get_license_index()}
    assert set(ROWS) <= listed


def test_every_creative_commons_licence_of_the_spdx_list_has_a_row():
    listed = {entry.get("spdx_license_key") or "" for entry in get_license_index()}
    wanted = {identifier for identifier in listed if re.match(r"CC0-|CC-BY-|CC-PD", identifier)}
    assert wanted <= set(ROWS)


@pytest.mark.parametrize(("identifier", "row"), ROWS.items())
def test_a_row_keeps_the_promises_of_its_terms(identifier, row):
    if "-NC" in identifier:
        assert (row.licence_class, row.non_commercial) == (LicenceClass.PERSONAL_ONLY, True)
    assert row.no_derivatives == identifier.startswith("CC-") & ("-ND" in identifier)
    assert bool(row.share_alike) == identifier.startswith("CC-") & ("-SA" in identifier)
    if "GPL" in identifier or "GFDL" in identifier or "PD" in identifier:
        assert row.licence_class == LicenceClass.UNCLEAR
    assert row.url.startswith("https://")
    assert row.name


def test_names_and_addresses_are_told_apart():
    assert len({row.name for row in ROWS.values()}) == len(ROWS)
    assert len({row.url for row in ROWS.values()}) == len(ROWS)


@pytest.mark.parametrize(
    ("identifier", "name", "url"),
    [
        ("CC-BY-NC-4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("CC-BY-SA-2.1-JP", "CC BY-SA 2.1 JP", "https://creativecommons.org/licenses/by-sa/2.1/jp/"),
        ("CC-BY-NC-ND-1.0", "CC BY-NC-ND 1.0", "https://creativecommons.org/licenses/by-nd-nc/1.0/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("MIT", "MIT License", "https://spdx.org/licenses/MIT.html"),
    ],
)
def test_people_read_a_name_and_follow_an_address(identifier, name, url):
    assert (ROWS[identifier].name, ROWS[identifier].url) == (name, url)
