"""Settings: where a value comes from, what is refused and with which sentence, and what is never printed."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from segue.errors import Invalid
from segue.settings import Rate, Settings, load, masked, variable


def loaded(tmp_path, **variables):
    return load({variable(name): value for name, value in variables.items()}, data_dir=str(tmp_path))


def refusal(tmp_path, **variables) -> str:
    with pytest.raises(Invalid) as caught:
        loaded(tmp_path, **variables)
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("public_url", "https://music.example/", "https://music.example"),
        ("public_url", "", None),
        ("database_url", "postgresql://segue:pw@db/segue", "postgresql://segue:pw@db/segue"),
        ("storage_url", "file:///srv/music", "file:///srv/music"),
        ("rate_limit_url", "memory://", "memory://"),
        ("trusted_proxies", "", ()),
        ("trusted_proxies", "127.0.0.1, ::1", (ip_network("127.0.0.1"), ip_network("::1"))),
        ("trusted_proxies", "10.1.2.3/8,", (ip_network("10.0.0.0/8"),)),
        ("playback_ttl_s", "30", 30),
        ("playback_ttl_s", "3600", 3600),
        ("share_rate", "1/second", Rate(1, 1)),
        ("share_rate", "5000/day", Rate(5_000, 86_400)),
        ("unknown_token_rate", "7/hour", Rate(7, 3_600)),
        ("audit_addresses", "hashed", "hashed"),
        ("share_days_default", "", None),
        ("share_days_default", "7", 7),
        ("share_never_allowed", "No", False),
        ("share_never_allowed", "true", True),
        ("log_format", "json", "json"),
    ],
)
def test_a_variable_is_read_into_a_value(tmp_path, name, text, value):
    assert getattr(loaded(tmp_path, **{name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("public_url", "music.example", "an address such as https://music.example"),
        ("public_url", "ftp://music.example", "an address such as"),
        ("public_url", "https://", "an address such as"),
        ("public_url", "https://[music", "an address such as"),
        ("public_url", "https://music.example/?a=b", "an address such as"),
        ("database_url", "mysql://db/segue", "a URL that starts with sqlite:// or postgresql://"),
        ("trusted_proxies", "proxy.local", "addresses or networks"),
        ("trusted_proxies", "10.0.0.0/33", "addresses or networks"),
        ("playback_ttl_s", "29", "a whole number from 30 to 3600"),
        ("playback_ttl_s", "3601", "a whole number from 30 to 3600"),
        ("playback_ttl_s", "300s", "a whole number"),
        ("playback_ttl_s", "-300", "a whole number"),
        ("playback_ttl_s", " 300", "a whole number"),
        ("playback_ttl_s", "٣٠٠", "a whole number"),
        ("upload_bytes_max", "9" * 5_000, "a whole number"),
        ("share_rate", "0/minute", "a rate such as 120/minute"),
        ("share_rate", "120", "a rate such as 120/minute"),
        ("share_rate", "120/fortnight", "a rate such as 120/minute"),
        ("audit_addresses", "none", "one of whole, truncated, hashed"),
        ("share_days_max", "91", "a whole number from 1 to 90"),
        ("share_never_allowed", "maybe", "yes or no"),
        ("log_format", "xml", "one of text, json"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_variable_and_what_it_must_be(tmp_path, name, text, wanted):
    sentence = refusal(tmp_path, **{name: text})
    assert sentence.startswith(f"{variable(name)} must be {wanted}")
    assert sentence.endswith(".")
    assert len(sentence) < 200


def test_an_unknown_variable_stops_the_start(tmp_path):
    assert "SEGUE_PLAYBACK_TTL is not a setting" in refusal(tmp_path, playback_ttl="300")


def test_variables_of_others_and_of_the_tests_are_not_looked_at(tmp_path):
    load({"SEGUE_TEST_STRICT": "1", "SEGUES": "x", "PATH": "/bin"}, data_dir=str(tmp_path))


def test_the_file_in_the_data_folder_is_read_in_toml_types(tmp_path):
    (tmp_path / "segue.toml").write_text(
        'playback_ttl_s = 60\nshare_never_allowed = false\ntrusted_proxies = ["::1", "10.0.0.0/8"]\n'
    )
    settings = loaded(tmp_path)
    assert settings.playback_ttl_s == 60
    assert settings.share_never_allowed is False
    assert settings.trusted_proxies == (ip_network("::1"), ip_network("10.0.0.0/8"))


def test_a_variable_overrules_the_file(tmp_path):
    (tmp_path / "segue.toml").write_text('playback_ttl_s = 60\nlog_format = "json"\n')
    settings = loaded(tmp_path, playback_ttl_s="90")
    assert (settings.playback_ttl_s, settings.log_format) == (90, "json")


def test_the_argument_overrules_the_variable_of_the_data_folder(tmp_path):
    settings = loaded(tmp_path, data_dir="/elsewhere")
    assert settings.data_dir == tmp_path


def test_a_data_folder_is_absolute_and_may_begin_with_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert load({}, data_dir="~/segue").data_dir == Path("/home/ada/segue")
    assert load({}, data_dir="music").data_dir == Path.cwd() / "music"


@pytest.mark.parametrize("content", [b"playback_ttl_s = ", b"\xff\xfe", b"playback_ttl_s = 60\nplayback_ttl_s = 61"])
def test_a_file_that_is_no_toml_is_named_in_the_refusal(tmp_path, content):
    (tmp_path / "segue.toml").write_bytes(content)
    assert f"{tmp_path / 'segue.toml'} cannot be read" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("colour = 1", "colour in"),
        ('data_dir = "/elsewhere"', "data_dir in"),
        ("playback_ttl_s = 1", "must be a whole number from 30 to 3600"),
        ("playback_ttl_s = 60.5", "must be a whole number"),
        ("[share_rate]\nrequests = 1", "must be a rate"),
    ],
)
def test_a_wrong_line_of_the_file_is_refused_with_its_name(tmp_path, content, words):
    (tmp_path / "segue.toml").write_text(content)
    sentence = refusal(tmp_path)
    assert words in sentence
    assert "segue.toml" in sentence


def test_passwords_are_masked_and_the_rest_is_shown(tmp_path):
    settings = loaded(tmp_path, database_url="postgresql://segue:s3cret@db:5432/segue", playback_ttl_s="60")
    shown = masked(settings)
    assert shown["database_url"] == "postgresql://segue:***@db:5432/segue"
    assert shown["playback_ttl_s"] == "60"
    assert shown["share_rate"] == "120/minute"
    assert "s3cret" not in str(shown)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://segue@db/segue?password=s3cret",
        "postgresql://segue:s3%40cret@db/segue",
        "postgresql://segue:s3cret@s3cret/segue",
    ],
)
def test_a_password_is_masked_wherever_the_url_carries_it(tmp_path, url):
    shown = masked(loaded(tmp_path, database_url=url))["database_url"]
    assert "cret@" not in shown
    assert "=s3cret" not in shown


def test_settings_without_anything_are_a_laptop():
    settings = Settings(data_dir=Path("/x"))
    assert settings.public_url is None
    assert settings.trusted_proxies == ()
    assert settings.playback_ttl_s == 300
    assert settings.share_rate == Rate(120, 60)
