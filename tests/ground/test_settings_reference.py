"""The page about settings says what the program says, and every setting has a sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from segue.settings import Settings, load, masked, reference, variable

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
AGAIN = f"python -c 'from segue.settings import reference; print(reference(), end=\"\")' > {PAGE.name}"


def test_the_page_is_what_the_settings_say(monkeypatch):
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert PAGE.read_text() == reference(), f"write it again: {AGAIN}"


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_a_setting_has_a_sentence_and_its_unit(setting):
    says = setting.metadata["says"]
    assert says[0].isupper() or says[0] == "`"
    assert says.endswith(".")
    for ending, unit in {"_s": "seconds", "bytes_max": "bytes", "seconds_max": "seconds", "days_max": "days"}.items():
        if setting.name.endswith(ending):
            assert unit in says
    assert f"## `{variable(setting.name)}`" in PAGE.read_text()


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_a_default_is_written_the_way_it_is_read(setting, tmp_path):
    defaults = Settings(data_dir=tmp_path)
    text = masked(defaults)[setting.name]
    assert getattr(load({variable(setting.name): text}), setting.name) == getattr(defaults, setting.name)
