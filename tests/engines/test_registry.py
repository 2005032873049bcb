"""Which engines there are: found by entry points, refused by key, disabled by the operator."""

import pytest
from factories.engines import facts, install, offer, terms
from structlog.testing import capture_logs

from segue.engines import Registry, installed
from segue.engines.facts import checked
from segue.errors import Conflict, Invalid
from segue.licences import LicenceClass
from segue.settings import Settings, load


def keys(registry):
    return [each.engine_key for each in registry.facts]


# It is usable only where its SoundFont is installed; these tests are the same everywhere.
OURS_THAT_MAY_BE_MISSING = ("studio_orchestra",)
OF_OTHERS = ("ace_step", "ace_step_local", "elevenlabs", "musicgen", "stable_audio_open")


def test_segues_own_engines_ship_and_their_music_is_free_to_use():
    ships = {offer.facts.engine_key: offer.facts for offer in installed().installed}
    assert sorted(ships) == sorted(("studio", *OURS_THAT_MAY_BE_MISSING, *OF_OTHERS))
    ours = [ships[key] for key in ("studio", "studio_orchestra")]
    assert all(each.origin == "algorithmicMedia" and each.commercial_use for each in ours)
    assert [each.requires_attribution for each in ours] == [False, True]
    assert "studio" in keys(installed())


def test_no_engine_of_others_can_be_used_before_it_is_set_up():
    told = {offer.facts.engine_key: offer.obstacle for offer in installed().installed}
    assert all(told[engine_key] for engine_key in OF_OTHERS)
    assert not set(OF_OTHERS) & set(keys(installed()))


def test_an_installed_package_is_found_by_its_entry_point(packages):
    install(packages, "segue_choir")
    registry = installed(disabled=OURS_THAT_MAY_BE_MISSING)
    found, _ = registry.facts
    assert (found.engine_key, found.version, found.languages) == ("choir", "0.3", ("la",))
    assert registry.find("choir").facts == found
    assert registry.find("organ") is None


@pytest.mark.parametrize(
    ("module", "error"),
    [
        ("raise RuntimeError('no such card')", "RuntimeError: no such card"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("import a_package_that_is_not_there", "ModuleNotFoundError: No module named 'a_package_that_is_not_there'"),
        ("def nothing( :", "SyntaxError: "),
        ("other = 1", "AttributeError: module 'segue_broken' has no attribute 'engine'"),
        ("engine = object()", "TypeError: 'object' object is not callable"),
        ("engine = lambda setup: object()", "AttributeError: 'object' object has no attribute 'facts'"),
        (
            "class engine:\n    facts = 7\n    def __init__(self, setup): pass",
            "Invalid: an engine has `facts`, which are `EngineFacts`, and not int",
        ),
    ],
)
def test_a_broken_package_is_told_and_left_out(packages, module, error):
    install(packages, "segue_broken", "broken", module)
    install(packages, "segue_choir")
    with capture_logs() as logs:
        assert keys(installed(disabled=OURS_THAT_MAY_BE_MISSING)) == ["choir", "studio"]
    (told,) = logs
    assert (told["log_level"], told["engine"], told["package"]) == ("warning", "broken", "segue_broken")
    assert told["error"].startswith(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_duration_seconds", 0),
        ("max_duration_seconds", 1.5),
        ("supports_vocals", 1),
        ("name", ""),
        ("name", None),
        ("description", "x" * 4_097),
        ("languages", ("",)),
        ("languages", "en"),
        ("terms", None),
        ("origin", "human"),
        ("version", ""),
    ],
)
def test_facts_that_are_none_are_refused(name, value):
    with pytest.raises(Invalid, match=name):
        checked(facts(**{name: value}))


def test_what_is_shown_follows_from_the_terms():
    for licence_class in LicenceClass:
        found = checked(facts(terms=terms(licence_class)))
        assert found.licence_class is licence_class
        assert found.commercial_use == licence_class.commercial_use


@pytest.mark.parametrize("engine_key", ["", "Studio", "my-engine", "x" * 33, "a b", "é", "studio\n", "٣"])
def test_a_malformed_key_stops_the_start(engine_key):
    with pytest.raises(Invalid, match="cannot be the key of an engine"):
        Registry([offer(facts(engine_key))])


def test_nothing_may_pass_for_an_upload(packages):
    install(packages, "segue_upload", "upload")
    with pytest.raises(Invalid, match="No engine may be called 'upload'"):
        installed()


def test_two_of_one_name_stop_the_start(packages):
    install(packages, "segue_choir")
    install(packages, "another_choir")
    with pytest.raises(Conflict, match="Two engines are called 'choir'"):
        installed()


def test_engines_come_by_key_and_without_those_that_are_disabled():
    engines = [offer(facts(engine_key)) for engine_key in ("studio", "choir", "x" * 32, "_0")]
    assert keys(Registry(engines)) == ["_0", "choir", "studio", "x" * 32]
    with capture_logs() as logs:
        registry = Registry(engines, ("studio", "_0", "stduio"))
    assert keys(registry) == ["choir", "x" * 32]
    assert registry.find("studio") is None
    assert [(told["log_level"], told["engine"]) for told in logs] == [("warning", "stduio")]


def test_the_operator_names_those_that_are_disabled(tmp_path):
    def disabled(text):
        return load({"SEGUE_DISABLED_ENGINES": text}, data_dir=str(tmp_path)).disabled_engines

    assert Settings().disabled_engines == ()
    assert disabled("studio, choir,") == ("studio", "choir")
    assert disabled("") == ()
    with pytest.raises(Invalid, match="SEGUE_DISABLED_ENGINES must be keys of engines"):
        disabled("Studio")
